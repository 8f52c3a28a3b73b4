"""A scenario file: what kind of room it is, who says what when, and what must follow. See docs/REHEARSALS.md."""

from pathlib import Path
from typing import Literal

import msgspec

from assistant.red_flags import Level
from assistant.tables import Table, read

Side = Literal["left", "right"]


class When(Table, frozen=True):
    """When a turn is said. All keys that are given must hold; one of rep, line, during, seconds at most, and the last
    alone."""

    state: str | None = None
    """In this state, once the coach has finished talking."""
    item: int | None = None
    set: int | None = None
    side: Side | None = None
    rep: int | None = None
    """At the top of this rep."""
    line: str | None = None
    """After the end of this line."""
    during: str | None = None
    """While this line is being said, counted from its beginning."""
    seconds: float | None = None
    """This long after the end of the turn before."""


class Turn(Table, frozen=True):
    """Something the person does."""

    when: When
    after_s: float = 0.6
    """Seconds after `when` came true."""
    says: str = ""
    wav: str = ""
    """A recording in the place of a synthetic voice; relative to the scenario's folder."""
    voice: str = ""
    rate: int = 0
    gain_db: float = 0.0
    """How much louder than the person's normal voice."""
    intent: str | None = None
    """What must be understood; without it, what the words mean; "" means: nothing."""
    unplug_seconds: float = 0.0
    """Instead of speaking: the microphone's cable is out for so long."""


class Expectation(Table, frozen=True):
    """What the log must hold."""

    event: str
    count: int | None = None
    """Exactly so many; without it, at least one."""
    where: dict[str, str | int | float | bool] = msgspec.field(default_factory=dict)
    """Values that the event's data must have."""


class PlanWishes(Table, frozen=True):
    """As on the command line."""

    sets: int | None = None
    reps: int | None = None
    tempo: str | None = None
    rest_seconds: int | None = None
    load_kg: float | None = None
    variation: str | None = None
    warmup_seconds: int | None = None
    first_side: Side | None = None


class RoomWishes(Table, frozen=True):
    """The room; see simulation.Acoustics."""

    echo_db: float = -6.0
    delay_ms: float = 80.0
    snr_db: float | None = None
    noise: str = ""
    """A WAV file, relative to the scenario's folder; without it noise is white."""
    seed: int = 1


class Person(Table, frozen=True):
    """The person's voice."""

    voice: str
    rate: int = 150


class PainBefore(Table, frozen=True):
    """A report of pain in an earlier session; see past.PainMemory."""

    side: Literal["", "left", "right"] = ""
    days_ago: float = 1.0
    level: Level = "stop"
    place: str = ""
    score: int | None = None
    sessions_in_a_row: int = 1
    worsening: bool = False
    locked: bool = True
    morning_asked: bool = False
    morning_score: int | None = None


class Before(Table, frozen=True):
    """What was before this session."""

    first_use: bool = False
    pains: tuple[PainBefore, ...] = ()


class Scenario(Table, frozen=True):
    """A scenario file."""

    title: str
    person: Person
    turns: tuple[Turn, ...]
    exercise: str = ""
    plan: PlanWishes = PlanWishes()
    room: RoomWishes = RoomWishes()
    past: Before = Before()
    address: str = ""
    expect: tuple[Expectation, ...] = ()


def load(file: Path) -> Scenario:
    """Reads a scenario. Raises PackError."""
    return read(file, Scenario)
