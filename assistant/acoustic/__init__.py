"""Writes speech models that libvosk loads: acoustic network, word graph, lexicon. numpy only, no Kaldi."""
