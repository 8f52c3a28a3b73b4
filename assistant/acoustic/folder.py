"""A whole model folder: written beside its place and moved there, so that whoever looks finds none or all of it."""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

from assistant.acoustic import nnet3, openfst
from assistant.acoustic.graph import Graph, build
from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.phones import PHONE_NUMBERS, hidden_phones
from assistant.errors import ModelError
from assistant.words import UNKNOWN

MFCC_CONF = """\
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=7600
--dither=0
--allow-upsample=true
--allow-downsample=true
"""


@dataclass(frozen=True)
class Decoding:
    """How libvosk searches: what goes into conf/model.conf."""

    acoustic_scale: float
    beam: float
    lattice_beam: float
    min_active: int
    max_active: int
    frames_per_chunk: int
    """Input frames that are computed at a time: 10 ms each, and half of them is the mean delay."""
    trailing_silence_s: tuple[float, float, float]
    """Silence that ends an utterance: after a likely end, a less likely one, an unlikely one."""

    def conf(self) -> str:
        """The file."""
        plain = [field.name for field in fields(self) if field.name != "trailing_silence_s"]
        lines = [f"--{name.replace('_', '-')}={getattr(self, name):g}" for name in plain]
        lines += ["--frame-subsampling-factor=3", f"--endpoint.silence-phones={PHONE_NUMBERS['SIL']}"]
        rules = enumerate(self.trailing_silence_s, 2)
        return "\n".join([*lines, *(f"--endpoint.rule{n}.min-trailing-silence={s:g}" for n, s in rules)]) + "\n"


def files(graph: Graph, acoustic_model: bytes, model_conf: str, mfcc_conf: str = MFCC_CONF) -> dict[str, bytes]:
    """Everything that libvosk reads, by path."""
    phones = hidden_phones()
    numbered = ["<eps> 0", *(f"{phone.name} {number}" for number, phone in enumerate(phones, 1))]
    boundaries = [f"{number} {phone.boundary}" for number, phone in enumerate(phones, 1)]
    return {
        "am/final.mdl": acoustic_model,
        "conf/mfcc.conf": mfcc_conf.encode(),
        "conf/model.conf": model_conf.encode(),
        "graph/HCLr.fst": graph.lexicon,
        "graph/Gr.fst": graph.grammar,
        "graph/disambig_tid.int": graph.disambiguation,
        "graph/phones.txt": "\n".join(numbered).encode() + b"\n",
        "graph/phones/word_boundary.int": "\n".join(boundaries).encode() + b"\n",
    }


def write(target: Path, contents: Mapping[str, bytes]) -> None:
    """Puts a model folder in place of an earlier one. Raises ModelError, and then nothing has changed."""
    if target.exists() and not _may_be_replaced(target):
        raise ModelError(
            f"{target}: holds something else than a speech model of this program; name a folder that is not there yet"
        )
    new, old = (target.parent / f".{target.name}.{state}" for state in ("new", "old"))
    try:
        if old.exists() and not target.exists():
            old.rename(target)  # a power cut came between the two moves below
        for scratch in (new, old):
            shutil.rmtree(scratch, ignore_errors=True)  # left over from a power cut
        for name, data in contents.items():
            place = new / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # or a power cut may keep the rename and lose the contents
        if target.exists():
            target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        with suppress(OSError):
            if not target.exists():
                old.rename(target)
        shutil.rmtree(new, ignore_errors=True)  # on a full disk it must not stay
        raise ModelError(f"{target}: cannot be written ({error.strerror or error}); choose another place") from None


def _may_be_replaced(target: Path) -> bool:
    return target.is_dir() and (not any(target.iterdir()) or is_ours(target))


def is_ours(model: Path) -> bool:
    """Whether this program made the model: only then its words can be read and others be added."""
    ours = nnet3.transition_model()
    try:
        with (model / "am/final.mdl").open("rb") as file:
            return file.read(len(ours)) == ours
    except OSError:
        return False


def words(model: Path) -> list[str]:
    """The words that a model knows, without [unk]. Raises ModelError."""
    file = model / "graph/Gr.fst"
    try:
        known = openfst.words_of(file.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"{file}: the words of the speech model cannot be read ({error})") from None
    return [word for word in known if word not in ("<eps>", UNKNOWN)]


def with_words(source: Path, target: Path, wanted: Iterable[str], lexicon: Lexicon) -> int:
    """Writes a model with the network of `source` that knows the `wanted` words as well as those of `source`.

    Returns how many words it knows. Raises ModelError when the source is another kind of model, and for a word
    that cannot be pronounced.
    """
    try:
        acoustic_model = (source / "am/final.mdl").read_bytes()
        confs = [(source / name).read_text(encoding="utf-8") for name in ("conf/model.conf", "conf/mfcc.conf")]
    except OSError as error:
        raise ModelError(f"{source}: the speech model cannot be read ({error.strerror or error})") from None
    if not is_ours(source):
        raise ModelError(f"{source}: was not made by this program, so no words can be added to it")
    every = dict.fromkeys((*words(source), *wanted))
    graph = build({word: lexicon.pronunciations(word) for word in every})
    write(target, files(graph, acoustic_model, *confs))
    return graph.words
