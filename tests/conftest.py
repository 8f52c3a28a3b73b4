"""Fixtures that several tests share."""

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from assistant.pack import Pack
from assistant.parts import Parts
from assistant.studio import Studio
from tests.pulse import Pulse, what_is_missing

RECIPE = find_spec("torch") is not None
collect_ignore = [] if RECIPE else ["test_training.py"]


def pytest_report_header() -> str:
    """PyTorch is ten times as large as all the rest, and the product never needs it."""
    return "" if RECIPE else "left out: tests/test_training.py, for which pip install -e '.[dev,train]'"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rehearsals first: they take as long as all other files together, and one core would wait for them."""
    items.sort(key=lambda item: item.path.stem != "test_rehearsals")


@pytest.fixture(scope="session")
def pulse():
    """A private PulseAudio, for the whole run. Without one a test is skipped, but not on a build server."""
    missing = what_is_missing()
    if missing:
        if os.environ.get("CI") or os.environ.get("ASSISTANT_REQUIRE_PULSE") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with Pulse() as server:
        yield server


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The parts as they are shipped: no settings, models or cached speech of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield Parts.load()


@pytest.fixture(scope="session")
def pack(parts: Parts) -> Pack:
    """The pack that ships."""
    return parts.pack


@pytest.fixture(scope="session")
def studio(parts: Parts) -> Iterator[Studio]:
    """The coach's voice."""
    with parts.studio() as coach:
        yield coach


@pytest.fixture(scope="session")
def person(parts: Parts) -> Iterator[Studio]:
    """Somebody else's voice."""
    with parts.studio("gmw/en-us+f3", 150) as somebody:
        yield somebody
