"""A hands-free, fully offline, voice-guided workout assistant."""
