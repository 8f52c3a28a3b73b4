"""Which clips of a list are recognised: right, wrong or rejected, in silence and in noise, command by command.

Also false commands an hour, on speech: what was heard and not said. All of it by the bare recogniser and
a list of phrases; what the session makes of it is not measured here.
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from assistant import ear
from assistant.acoustic.lexicon import Lexicon
from assistant.errors import ModelError, SoundError
from assistant.pack_rules import contains
from assistant.parts import Parts, voices_folder
from assistant.recogniser import certain, lacking, load, spoken_of, vosk_grammar
from assistant.session.intents import URGENT
from assistant.words import UNKNOWN
from scripts.benchmarks.clips import RATE, Clip, Noises, read

BLOCK = RATE // 10
LEVELS: dict[str, float | None] = {"clean": None, "20 dB": 20.0, "10 dB": 10.0, "5 dB": 5.0}
PHRASES = Path(__file__).parent / "phrases.txt"
Hear = Callable[[np.ndarray], Iterator[str]]
"""Float samples in, the text of each utterance out."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to measure with what."""
    parser.add_argument("--manifest", type=Path, metavar="CSV", help="columns file,text; or a folder of word/*.wav")
    parser.add_argument(
        "--speech", type=Path, metavar="CSV",
        help="ordinary speech with its text, to count false commands; it's also what people say in the babble, which "
        "without it is made of the clips themselves",
    )  # fmt: skip
    parser.add_argument("--model", type=Path, metavar="DIR", help="a Vosk model (the shipped one)")
    parser.add_argument(
        "--phrases", default=str(PHRASES), metavar="FILE",
        help="what is listened for, a line each; or: pack, for all that a session listens for, as it does",
    )  # fmt: skip
    parser.add_argument("--noise", type=Path, metavar="DIR", help="recordings of noise, instead of made ones")
    parser.add_argument(
        "--levels", type=_levels, default=",".join(LEVELS), metavar="L", help="some of: %(default)s"
    )  # fmt: skip
    parser.add_argument("--per-command", action="store_true", help="a line for every command")
    parser.add_argument("--engine", choices=["vosk", "pocketsphinx"], default="vosk")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single result")


def _levels(text: str) -> list[str]:
    levels = [level.strip() for level in text.split(",")]
    if unknown := [level for level in levels if level not in LEVELS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of: {', '.join(LEVELS)}")
    return levels


def run(options: argparse.Namespace) -> int:
    """Prints the tables. Raises SoundError and ModelError."""
    if not (options.manifest or options.speech):
        raise SoundError("nothing to measure: name clips with --manifest, talk with --speech, or both")
    model = options.model or voices_folder() / "en/model"
    grammar = listened_for(options.phrases, model)
    phrases = [phrase for phrase in dict.fromkeys(grammar) if phrase != UNKNOWN]
    clips = read(options.manifest) if options.manifest else []
    speech = read(options.speech) if options.speech else []
    # In a list of phrases all are commands; in a session most ways to tell where it hurts are not, and stay whole.
    whole = (None, *URGENT) if options.phrases == "pack" else URGENT
    hear = _pocketsphinx(phrases) if options.engine == "pocketsphinx" else _vosk(model, grammar, whole)
    name = options.engine if options.engine == "pocketsphinx" else str(model)
    print(f"{name}, {len(phrases)} phrases")
    if strange := sorted({clip.text for clip in clips} - set(phrases)):
        print(f"not listened for, so never right: {', '.join(strange)}")
    if clips:
        _commands(options, hear, clips, Noises(speech or clips, options.noise))
    if speech:
        _false_commands(speech, hear, set(phrases))
    return 0


def listened_for(phrases: str, model: Path) -> list[str]:
    """The grammar: the phrases of a file and, as likely as one of them, none of these words; or that of a session.

    Raises ModelError.
    """
    if phrases == "pack":
        pack = Parts.load().pack
        return vosk_grammar(model, ear.grammar(pack), ear.reports(pack))
    try:
        text = Path(phrases).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{phrases}: cannot be read ({error}); the phrases are a plain text file, a line each"
        ) from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if missing := lacking(model, lines):
        raise ModelError(f"{model}: does not know {', '.join(missing)}; leave these out of {phrases}")
    return [*lines, UNKNOWN]


# ---------------------------------------------------------------- recognisers


def _vosk(model: Path, grammar: list[str], whole: tuple[str | None, ...]) -> Hear:
    """`whole`: intents of which no word is doubted."""
    import vosk

    loaded, phrases, intent = load(model), json.dumps(grammar), Parts.load().interpreter.intent

    def text(result: str) -> str:
        """As the ear takes it: doubtful words of commands are none."""
        found = json.loads(result)
        return found["text"] if intent(found["text"]) in whole else certain(spoken_of(found.get("result", [])))

    def hear(sound: np.ndarray) -> Iterator[str]:
        recogniser = vosk.KaldiRecognizer(loaded, RATE, phrases)
        recogniser.SetWords(True)
        data = (np.clip(sound, -1, 1) * 32767).astype("<i2")
        for start in range(0, len(data), BLOCK):
            if recogniser.AcceptWaveform(data[start : start + BLOCK].tobytes()):
                yield text(recogniser.Result())
        yield text(recogniser.FinalResult())

    return hear


def _pocketsphinx(phrases: Iterable[str]) -> Hear:
    try:
        from pocketsphinx import Decoder
    except ModuleNotFoundError:
        raise ModelError("PocketSphinx is not installed: pip install pocketsphinx") from None

    decoder = Decoder(samprate=RATE, loglevel="FATAL", lm=None)
    known = [phrase for phrase in phrases if all(decoder.lookup_word(word) for word in phrase.split())]
    decoder.add_jsgf_string("commands", f"#JSGF V1.0; grammar commands; public <command> = {' | '.join(known)};")
    decoder.activate_search("commands")

    def hear(sound: np.ndarray) -> Iterator[str]:
        decoder.start_utt()
        decoder.process_raw((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        yield found.hypstr if found else ""

    return hear


# ---------------------------------------------------------------- tables


def _commands(options: argparse.Namespace, hear: Hear, clips: list[Clip], noises: Noises) -> None:
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    same, intent = Counter[str](), Parts.load().interpreter.intent
    every, length, cpu = [], 0.0, 0.0
    for level in options.levels:
        snr = LEVELS[level]
        for kind in [""] if snr is None else noises.kinds:
            for number, clip in enumerate(clips):
                sound = noises.mixed(clip, kind, snr, number)
                began = time.process_time()  # after the mixing, which no coach does
                heard = [text for text in hear(sound) if text]
                cpu += time.process_time() - began
                counts[level, kind, clip.text][verdict(heard, clip.text)] += 1
                same[level] += means_the_same(heard, clip.text, intent)
                one = {"file": clip.file, "text": clip.text, "level": level, "noise": kind}
                every.append({**one, "heard": " | ".join(heard)})
                length += len(sound) / RATE
    print(f"{len(clips)} clips of {len({clip.text for clip in clips})} commands; {cpu / length:.3f} of a core")
    _table("condition", _by(counts, lambda level, kind, _: f"{level} {kind}".strip()))
    if len(noises.kinds) > 1:
        _table("all noises", _by(counts, lambda level, _kind, _text: level))
    if options.phrases == "pack":
        of = {
            level: sum(count.total() for key, count in counts.items() if key[0] == level) for level in options.levels
        }
        print("\nthe same to a session: " + ", ".join(f"{level} {same[level]} of {of[level]}" for level in of))
    if options.per_command:
        for level in options.levels:
            of_level = {key: value for key, value in counts.items() if key[0] == level}
            _table(f"at {level}", _by(of_level, lambda _level, _kind, text: text))
    if options.json:
        options.json.write_text("".join(json.dumps(one) + "\n" for one in every), encoding="utf-8")


def verdict(heard: Iterable[str], said: str) -> str:
    """Right, wrong or rejected: the utterances that were heard of a clip in which one phrase is said. Right is one
    alone that is the phrase, unknown words around it left out."""
    known = [known for text in heard if (known := _without_edges(text))]
    return "right" if known == [said] else "wrong" if known else "rejected"


def means_the_same(heard: Iterable[str], said: str, intent: Callable[[str], str | None]) -> bool:
    """Whether of all that was heard a session takes nothing but the command that was said."""
    return {found for text in heard if (found := intent(text))} == {intent(said)}


def _without_edges(text: str) -> str:
    """The utterance without the unknown words before and after what is known."""
    words = text.split()
    known = [n for n, word in enumerate(words) if word != UNKNOWN]
    return " ".join(words[known[0] : known[-1] + 1]) if known else ""


def _by(
    counts: dict[tuple[str, str, str], Counter[str]], key: Callable[[str, str, str], str]
) -> dict[str, Counter[str]]:
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for names, count in counts.items():
        total[key(*names)].update(count)
    return total


def _table(title: str, rows: dict[str, Counter[str]]) -> None:
    print(f"\n{title:20} right wrong rejected   of")
    for name, count in rows.items():
        of = count.total()
        shares = [100 * count[verdict] / of for verdict in ("right", "wrong", "rejected")]
        print(f"{name:20} {shares[0]:5.1f} {shares[1]:5.1f} {shares[2]:8.1f} {of:4}")


def made_up(heard: str, said: str) -> list[str]:
    """The known words in a row, of an utterance that was heard, that were not said in a row."""
    runs = (" ".join(run.split()) for run in heard.split(UNKNOWN))
    return [run for run in runs if run and not contains(said, run)]


def _false_commands(clips: list[Clip], hear: Hear, phrases: set[str]) -> None:
    """Counts what was heard and not said in these words: as a whole utterance, and anywhere in one."""
    hours, noises, lexicon = 0.0, Noises(clips, None), Lexicon.load(voices_folder() / "en")
    whole, whole_alike, anywhere = Counter[str](), Counter[str](), Counter[str]()
    for number, clip in enumerate(clips):
        hours += len(clip.sound) / RATE / 3600
        sounds = {sound for word in clip.text.split() if word in lexicon for sound in lexicon.pronunciations(word)}
        for text in hear(noises.mixed(clip, "", None, number)):
            if not (false := made_up(text, clip.text)):
                continue
            anywhere[" ".join(false)] += 1
            if text in phrases:
                alike = any(sounds & set(lexicon.pronunciations(word)) for word in text.split())
                (whole_alike if alike else whole)[text] += 1
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(clips)} ", end="", file=sys.stderr)
    print(f"\nfalse commands on {60 * hours:.0f} min of speech (what was said in it is none):")
    for what, count in (
        ("a phrase alone in its utterance", whole + whole_alike),
        ("of these, a homophone was said", whole_alike),
        ("any phrase or part of one", anywhere),
    ):
        often = ", ".join(f"{word} {n}" for word, n in count.most_common(8))
        print(f"  {what:32} {count.total() / hours:5.1f} an hour  {often}")
