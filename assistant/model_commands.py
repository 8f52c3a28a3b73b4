"""What `assistant model` does: tells which speech model is used, fetches the official one, adds words to ours."""

import argparse
from pathlib import Path

from assistant import ear, parts, progress_line
from assistant import model as models
from assistant.errors import ModelError
from assistant.parts import Parts


def model(options: argparse.Namespace) -> int:
    """Which model is used and why, the download of the official one, or more words for the shipped one."""
    loaded = Parts.load()
    parts.tell_left_out(loaded.pack)
    if options.what != "build" and (options.words or options.to):
        raise ModelError("--words and --to belong to: assistant model build")
    if options.what == "build":
        return _build_model(loaded, options.words, options.to or models.built_model())
    if options.what == "fetch":
        path = models.fetch(models.OFFICIAL, models.models_folder(), progress_line.line("downloading"))
        print(f"{path}: ready")
    choice = loaded.training(parts.find_exercise(loaded.pack, None)).choose_model()
    for note in choice.notes:
        print(note)
    print(f"using {choice.why}")
    if choice.kind == "shipped" and not options.what:
        print(f"a bigger one ({models.OFFICIAL.size / 1e6:.0f} MB) can be had with: assistant model fetch")
    return 0


def _build_model(loaded: Parts, words_file: Path | None, target: Path) -> int:
    from assistant.acoustic import folder  # only here: no session builds a model
    from assistant.acoustic.lexicon import Lexicon

    lexicon = Lexicon.load(loaded.pack.folder)
    own = _read_text(words_file).split() if words_file else []
    wanted = dict.fromkeys((*ear.words(loaded.pack), *own))
    guessed = lexicon.guessed(wanted)
    count = folder.with_words(loaded.pack.folder / "model", target, wanted, lexicon)
    for word in guessed:
        print(f"{word}: pronounced by rule, {' '.join(lexicon.pronunciations(word)[0])}")
    print(f"{target}: ready, {count} words")
    return 0


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{file}: cannot be read ({error}); a word list is a plain text file") from None
