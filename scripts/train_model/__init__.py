"""Trains the English speech model: prepare, align, train, export. See docs/MODEL.md, or --help."""
