"""What a word is, in any language: in phrases as they are written, typed and heard. Pure."""

import re

WORD = r"[^\W_]+(?:'[^\W_]+)*"
"""A regular expression: letters and digits of any script, and apostrophes between them."""

UNKNOWN = "[unk]"
"""What the recogniser writes for speech that fits nothing that it listens for."""

_WORD = re.compile(WORD)


def words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'"))
