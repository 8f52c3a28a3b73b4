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
    if options.what and not loaded.pack.voice.is_english:
        raise ModelError(
            f"`assistant model {options.what}` is for English; "
            f"for {loaded.pack.voice.language} put a Vosk model into {loaded.pack.folder / 'model'}"
        )
    if options.what == "build":
        return _build_model(loaded, options.words, options.to or models.built_model())
    if options.what == "fetch":
        path = models.fetch(models.OFFICIAL, models.models_folder(), progress_line.line("downloading"))
        print(f"{path}: ready")
    choice = loaded.training(parts.find_exercise(loaded.pack, None)).choose_model()
    for note in choice.notes:
        print(note)
    print(f"using {choice.why}")
    if choice.kind == "shipped" and not options.what and loaded.pack.voice.is_english:
        print(f"a bigger one ({models.OFFICIAL.size / 1e6:.0f} MB) can be had with: assistant model fetch")
    return 0


def _build_model(loaded: Parts, words_file: Path | None, target: Path) -> int:
    from assistant.acoustic import folder  # only here: no session builds a model
    from assistant.acoustic.lexicon import Lexicon

    lexicon, shipped = Lexicon.load(loaded.pack.folder), loaded.pack.folder / "model"
    own = _read_text(words_file).split() if words_file else []
    pack_words = ear.words(loaded.pack)
    # Who adds a word today has not taken back those of last month.
    kept = sorted(set(folder.words(target)) - {*folder.words(shipped), *pack_words}) if folder.is_ours(target) else []
    guessed = lexicon.guessed(dict.fromkeys((*pack_words, *own)))
    count = folder.with_words(shipped, target, (*pack_words, *kept, *own), lexicon)
    for word in guessed:
        print(f"{word}: pronounced by rule, {' '.join(lexicon.pronunciations(word)[0])}")
    if kept:
        print(f"kept from before: {', '.join(kept)} (to be without them, remove {target} first)")
    print(f"{target}: ready, {count} words")
    return 0


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{file}: cannot be read ({error}); a word list is a plain text file") from None
