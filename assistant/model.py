"""The speech model: which folder to load, and how to fetch the official one, once, with a resume."""

import filecmp
import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path

from assistant.errors import ModelError

NETWORK = "am/final.mdl"
HEARING = (NETWORK, "conf/model.conf")
"""What decides how a model hears: the network, and how it is searched."""

TIMEOUT_SECONDS = 30
"""How long a silent connection is waited for; a slow one that still delivers is never cut."""

CHUNK = 1 << 16
"""Bytes a read: the step in which progress is reported, and the most that a cut connection loses."""

Kind = Literal["configured", "official", "built", "shipped"]
Lacks = Callable[[Path], list[str]]
"""`lacks(model)` tells the words of the pack that a model does not know."""
Progress = Callable[[int, int], None]
"""`progress(done_bytes, total_bytes)`, called at the start and after every chunk."""


@dataclass(frozen=True, slots=True)
class Download:
    """A model archive on the net, pinned to its last bit."""

    name: str
    """Also the name of the one folder inside."""
    url: str
    size: int
    """Bytes of the archive."""
    sha256: str
    licence: str


OFFICIAL = Download(
    name="vosk-model-small-en-us-0.15",
    url="https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
    size=41_205_931,
    sha256="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    licence="Apache-2.0",
)


BUILT = "own-words"
"""Folder of the shipped model with words of your own."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that is here and can be loaded."""

    path: Path
    kind: Kind
    reason: str
    """Why it is worth a try, as the second half of a sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The model to load."""

    path: Path
    kind: Kind
    why: str
    """Why it was chosen: one line."""
    notes: tuple[str, ...]
    """Why better models were passed over, one line each, best first; empty when the best one was taken."""


def models_folder() -> Path:
    """Where fetched models live; it need not exist yet."""
    return user_data_path("bench-voice") / "models"


def built_model() -> Path:
    """Where `assistant model build` puts the shipped model with more words; it need not exist yet."""
    return models_folder() / BUILT


def is_model(path: Path) -> str | None:
    """Why libvosk cannot load this folder, or None when it can.

    libvosk names no file when one is missing, and without HCLr.fst the whole process crashes; so we look
    first. An empty file counts as missing: that is what a power cut leaves.
    """
    if not path.is_dir():
        return "no such folder"
    wanted = ["am/final.mdl", "conf/model.conf", "graph/phones/word_boundary.int"]
    wanted.append("conf/fbank.conf" if _filled(path / "conf/fbank.conf") else "conf/mfcc.conf")
    if _filled(path / "graph/HCLG.fst"):
        wanted.append("graph/words.txt")
    else:
        wanted += ["graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"]
    if (path / "ivector").is_dir():
        wanted += [f"ivector/final.{part}" for part in ("ie", "dubm", "mat")]
        wanted += ["ivector/splice.conf", "ivector/online_cmvn.conf", "ivector/global_cmvn.stats"]
    missing = [name for name in wanted if not _filled(path / name)]
    return f"missing or empty: {', '.join(missing)}" if missing else None


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def candidates(
    language_folder: Path, setting: str | None, models: Path | None = None, *, english: bool = True
) -> list[Candidate]:
    """The models that can be loaded, best first: the configured, the fetched official, the shipped one with words
    of your own, the shipped one. For a language that is not English neither the official nor one with own words.

    A model that was built from an earlier shipped one comes last: it may know more words, but hears worse or lacks
    what the shipped one has learned since.
    `models` replaces `models_folder()`. Raises ModelError when the configured model cannot be used: who
    names a model does not want to train with another one unawares.
    """
    found = []
    if setting:
        configured = Path(setting).expanduser()
        # A fixed graph ignores our grammar and hears free text: no decoys, no rejection.
        fixed = _filled(configured / "graph/HCLG.fst") and "its graph is fixed: one with HCLr.fst is needed"
        if broken := is_model(configured) or fixed:
            raise ModelError(
                f"the speech model in your settings, {configured}, cannot be used ({broken}). "
                "Correct the setting, or remove it."
            )
        found.append(Candidate(configured, "configured", "your settings name it"))
    official = (models or models_folder()) / OFFICIAL.name
    if english and is_model(official) is None:
        found.append(Candidate(official, "official", "you fetched it"))
    shipped, built = language_folder / "model", (models or models_folder()) / BUILT
    if is_model(shipped) is None:
        found.append(Candidate(shipped, "shipped", "it came with the program"))
    if english and is_model(built) is None:
        if is_model(shipped) is None and _is_more_of(built, shipped):
            found.insert(len(found) - 1, Candidate(built, "built", "you built it, with words of your own"))
        else:
            reason = "you built it from an earlier one, with words of your own: run `assistant model build` again"
            found.append(Candidate(built, "built", reason))
    return found


def _is_more_of(built: Path, shipped: Path) -> bool:
    """Whether it hears as the shipped model does, and knows at least the same words."""
    from assistant.acoustic import folder  # only here: most have no model of their own

    if not all(filecmp.cmp(shipped / name, built / name, shallow=False) for name in HEARING):
        return False
    try:
        return set(folder.words(shipped)) <= set(folder.words(built))
    except ModelError:
        return False


def choose(
    language_folder: Path, setting: str | None, lacks: Lacks, models: Path | None = None, *, english: bool = True
) -> Choice:
    """The best model that can be loaded and knows every word.

    Raises ModelError when the configured model is broken, when there is none, or when none is complete.
    """
    passed_over = []
    for candidate in candidates(language_folder, setting, models, english=english):
        try:
            missing = lacks(candidate.path)
        except ModelError as error:
            if candidate.kind == "configured":
                raise
            passed_over.append(f"the {candidate.kind} model is broken: {error}")
            continue
        if not missing:
            why = f"the {candidate.kind} model {candidate.path}: {candidate.reason}"
            return Choice(candidate.path, candidate.kind, why, tuple(passed_over))
        passed_over.append(f"the {candidate.kind} model {candidate.path} lacks {', '.join(missing)}")
    shipped = language_folder / "model"
    if passed_over:
        remedy = "Run `assistant model build`, which adds words" if english else f"Put another one into {shipped}"
        raise ModelError(
            f"words of the pack are missing from the speech model, or it is broken: {'; '.join(passed_over)}. "
            f"{remedy}, or use other words in {language_folder}."
        )
    remedy = "Get one with `assistant model fetch`" if english else f"Put a Vosk model into {shipped}"
    raise ModelError(f"there is no speech model ({shipped} cannot be loaded: {is_model(shipped)}). {remedy}.")


def fetch(official: Download, folder: Path, progress: Progress, url: str | None = None) -> Path:
    """Downloads, checks and unpacks a model into `folder`; returns the model's own folder.

    A complete model is returned at once. What an earlier try has downloaded waits in a .part file and is not
    asked for again. `url` is a mirror, or file:///media/stick/x.zip for a Pi without a network; size and
    checksum stay binding. Raises ModelError, and then there is never half a model in `folder`.
    """
    target = folder / official.name
    if is_model(target) is None:
        return target
    part = folder / f"{official.name}.zip.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _download(url or official.url, part, official.size, progress)
        _verify(part, official)
        _unpack(part, target)
        part.unlink()
    except OSError as error:  # the disk's: those of the network never get here
        raise ModelError(f"cannot store a model in {folder} ({_reason(error)}). Make room there.") from error
    return target


def _download(url: str, part: Path, size: int, progress: Progress) -> None:
    done = part.stat().st_size if part.exists() else 0
    if done == size:
        return
    done = done if done < size else 0  # a longer one is no beginning of our archive, whatever it is
    progress(done, size)
    with part.open("ab") as sink:
        for at, chunk in _received(url, done, size):
            sink.truncate(at)  # back to nothing where the server would not resume
            sink.write(chunk)
            done = at + len(chunk)
            if done > size:
                raise _failed(url, f"wrong size: more than {size} bytes")
            progress(done, size)
    if done < size:
        raise _failed(url, f"the connection was cut after {done} of {size} bytes")


def _received(url: str, start: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Yields (position in bytes, chunk), from `start` on, or from 0 where the server cannot resume.

    Here an error of the network becomes a ModelError; what else goes wrong is the caller's disk.
    """
    import http.client  # only here: the coach itself needs no network, and starts sooner without
    import urllib.error
    import urllib.request

    headers = {"User-Agent": "bench-voice"}  # some servers turn urllib's own name away
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            at = start if response.status == http.HTTPStatus.PARTIAL_CONTENT else 0
            if at and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                raise _failed(url, "the server sent another part than the one asked for")
            length = response.headers.get("Content-Length", "")
            # Known before the first byte: a hotel's log-in page must not cost us what we have.
            if length.isdigit() and at + int(length) != size:
                raise _failed(url, f"wrong size: {at + int(length)} bytes instead of {size}")
            while chunk := response.read(CHUNK):
                yield at, chunk
                at += len(chunk)
    except urllib.error.HTTPError as error:
        error.close()
        if start == 0 or error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _failed(url, f"HTTP {error.code} {error.reason}") from error
        yield from _received(url, 0, size)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _failed(url, _reason(error)) from error


def _verify(part: Path, official: Download) -> None:
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != official.sha256:
        part.unlink()
        reason = f"wrong checksum: SHA-256 {digest} instead of {official.sha256}"
        raise ModelError(f"the download was deleted ({reason}). Try again with `assistant model fetch`.")


def _unpack(archive: Path, target: Path) -> None:
    """Unpacks beside the target and renames: whoever looks sees either no model or a whole one."""
    scratch = target.parent / f".{target.name}.unpacking"
    shutil.rmtree(scratch, ignore_errors=True)  # left over from a power cut
    try:
        with zipfile.ZipFile(archive) as bundle:
            for entry in bundle.infolist():
                _extract(bundle, entry, scratch)
        if broken := is_model(scratch / target.name):
            raise zipfile.BadZipFile(f"{target.name}: {broken}")
        shutil.rmtree(target, ignore_errors=True)  # incomplete, or we would not be here
        (scratch / target.name).rename(target)
    except zipfile.BadZipFile as error:
        archive.unlink()
        raise ModelError(f"the archive of {target.name} was of no use and was deleted ({error}).") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _extract(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    place = folder / entry.filename
    if ".." in place.parts or not place.is_relative_to(folder):
        raise zipfile.BadZipFile(f"it wants to write outside its folder: {entry.filename}")
    if entry.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with bundle.open(entry) as source, place.open("wb") as sink:
        shutil.copyfileobj(source, sink)
        sink.flush()
        os.fsync(sink.fileno())  # or a power cut may keep the rename and lose the contents


def _failed(url: str, reason: str) -> ModelError:
    return ModelError(
        f"could not download {url} ({reason}). The shipped model goes on working; "
        "try again with `assistant model fetch`, it resumes where it stopped."
    )


def _reason(error: Exception) -> str:
    """What went wrong, in one line and, where there are any, in the system's own words."""
    inner = getattr(error, "reason", error)  # urllib wraps the system's error
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)
    return " ".join(text.split()) or type(inner).__name__
