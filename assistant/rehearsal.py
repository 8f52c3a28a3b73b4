"""A rehearsal: a whole session in the simulated room, with the real synthesiser and the real recogniser.

A scenario (see scenario.py) says what kind of room it is, who says what when, and what must follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np

from assistant import parts, plan, soundfiles
from assistant.app import App, Record
from assistant.errors import PackError, SoundError
from assistant.mouth import GAP, Mouth
from assistant.pack_rules import normal
from assistant.parts import Parts
from assistant.past import PainMemory, Past
from assistant.room import BLOCK, RATE, Block, samples, seconds
from assistant.scenario import Scenario, Turn, When
from assistant.session import Session
from assistant.session.lines import LINES
from assistant.session.phase import PHASES
from assistant.settings import RATES
from assistant.simulation import Acoustics, SimulatedRoom
from assistant.studio import Studio

LONGEST_SECONDS = 2 * 3600
"""A rehearsal that has not ended by then never will."""

PATIENCE = samples(3.0)
"""How long after its last sound a turn may still be understood."""


@dataclass
class Played:
    """A turn that was played."""

    turn: Turn
    at: int
    ends: int
    expected: str
    heard: list[str] = field(default_factory=list)

    @property
    def understood(self) -> bool:
        """Whether what was heard is what was to be heard."""
        return self.expected in self.heard if self.expected else not self.heard


@dataclass(frozen=True)
class Report:
    """How a rehearsal went."""

    reason: str
    samples: int
    records: tuple[Record, ...]
    turns: tuple[Played, ...]
    not_reached: tuple[Turn, ...]
    broken: tuple[str, ...]
    """Expectations that the log does not meet."""

    @property
    def ok(self) -> bool:
        """Every turn understood, every expectation met."""
        return not self.broken and not self.not_reached and all(turn.understood for turn in self.turns)


class Director:
    """Follows the records and has the person say each turn in its time, in order."""

    def __init__(
        self, scenario: Scenario, app: App, room: SimulatedRoom, sounds: list[np.ndarray], expected: list[str]
    ) -> None:
        self._app = app
        self._room = room
        self._left = list(zip(scenario.turns, sounds, expected, strict=True))
        self._state: dict[str, object] = {}
        self._last_end = 0
        self._unplugged_until = 0
        self.records: list[Record] = []
        self.turns: list[Played] = []

    @property
    def not_reached(self) -> tuple[Turn, ...]:
        """The turns whose time never came."""
        return tuple(turn for turn, _, _ in self._left)

    def __call__(self, record: Record) -> None:
        """See app.Observer."""
        self.records.append(record)
        if record.event == "state":
            self._state = record.data
        if record.event == "heard":
            for played in self.turns:
                if played.at < record.at <= played.ends + PATIENCE:
                    played.heard.append(str(record.data["intent"]))
        if self._left and self._left[0][0].when.seconds is None and self._is_time(self._left[0][0].when, record):
            self._play(record.at)

    def tick(self, now: int) -> None:
        """Called with every block, for what depends on time alone."""
        self._room.unplugged = now < self._unplugged_until
        if self._left:
            wait = self._left[0][0].when.seconds
            if wait is not None and now >= self._last_end + samples(wait):
                self._play(now)

    def _is_time(self, when: When, record: Record) -> bool:
        data = record.data
        for key in ("item", "set", "side"):
            wanted = getattr(when, key)
            if wanted is not None and self._state.get(key) != wanted and data.get(key) != wanted:
                return False
        if when.state is not None and self._state.get("state") != when.state:
            return False
        if when.rep is not None:
            return record.event == "rep" and data["rep"] == when.rep
        if when.during is not None:
            return record.event == "say" and data["line"] == when.during
        if when.line is not None:
            return record.event == "said" and data["line"] == when.line
        return record.event == "said" and self._app.mouth.silent_from <= record.at + GAP

    def _play(self, at: int) -> None:
        turn, sound, expected = self._left.pop(0)
        start = max(at + samples(turn.after_s), self._app.mouth.position + BLOCK)
        if turn.unplug_seconds:
            self._unplugged_until = self._last_end = start + samples(turn.unplug_seconds)
            return
        ends = self._room.say(start, sound, turn.gain_db)
        self._last_end = ends
        self.turns.append(Played(turn, start, ends, expected))
        self.records.append(Record(start, "person", {"says": turn.says or turn.wav, "intent": expected}))


class _Watched:
    """A room that lets the director see every block, and writes down the sound if that is wanted."""

    def __init__(self, room: SimulatedRoom, director: Director, wav: soundfiles.Growing | None) -> None:
        self._room = room
        self._director = director
        self._wav = wav
        self.samples = 0

    def blocks(self, play: object) -> Iterator[Block]:
        """See Room."""
        for block in self._room.blocks(play):  # type: ignore[arg-type]
            self.samples = block.end
            if self._wav:
                self._wav.add(np.stack([block.played, block.heard], axis=1))
            yield block
            self._director.tick(block.end)
            if block.end > samples(LONGEST_SECONDS):
                return


def check(scenario: Scenario, folder: Path, with_parts: Parts) -> None:
    """Raises AssistantError where a scenario cannot be played as it is written; `folder` holds its sound files."""
    for n, turn in enumerate(scenario.turns, 1):
        where = f"scenario {scenario.title!r}: turn {n}"
        if bool(turn.says) + bool(turn.wav) + bool(turn.unplug_seconds) != 1:
            raise PackError(f"{where}: needs one of says, wav, unplug_seconds")
        moments = [key for key in ("rep", "line", "during", "seconds") if getattr(turn.when, key) is not None]
        if len(moments) > 1:
            raise PackError(f"{where}: when: {' and '.join(moments)} are two moments; give one of them")
        if turn.when.seconds is not None and turn.when != When(seconds=turn.when.seconds):
            raise PackError(f"{where}: when: seconds stands alone: so long after the turn before, whatever goes on")
        for name, value, low, high in (
            ("after_s", turn.after_s, 0, LONGEST_SECONDS),
            ("when.seconds", turn.when.seconds or 0, 0, LONGEST_SECONDS),
            ("unplug_seconds", turn.unplug_seconds, 0, LONGEST_SECONDS),
            ("gain_db", turn.gain_db, -60, 40),
            ("rate", turn.rate or RATES[0], RATES[0], RATES[-1]),
        ):
            _within(f"{where}: {name}", value, low, high)
        if turn.when.state not in {None, *PHASES}:
            raise PackError(f"{where}: when.state: no such state; known are {', '.join(sorted(PHASES))}")
        for line in (turn.when.line, turn.when.during):
            if line not in {None, *LINES}:
                raise PackError(f"{where}: when: there is no line {line!r}; known are those of lines.toml")
    where = f"scenario {scenario.title!r}"
    _within(f"{where}: person.rate", scenario.person.rate, RATES[0], RATES[-1])
    _within(f"{where}: room.echo_db", scenario.room.echo_db, -100, 60)
    _within(f"{where}: room.delay_ms", scenario.room.delay_ms, 0, 2000)
    _within(f"{where}: room.snr_db", scenario.room.snr_db or 0, -60, 100)
    _within(f"{where}: room.seed", scenario.room.seed, 0, 2**32)
    for file in (scenario.room.noise, *(turn.wav for turn in scenario.turns)):
        if file and not (folder / file).is_file():
            raise SoundError(f"{folder / file}: the file is missing")
    _planned(scenario, with_parts)


def _within(name: str, value: float, low: float, high: float) -> None:
    """Raises PackError; what is no number is nowhere within."""
    if not low <= value <= high:
        raise PackError(f"{name}: {value:g} is out of range; choose {low} to {high}")


def _planned(scenario: Scenario, with_parts: Parts) -> plan.Plan:
    """What is trained. Raises AssistantError."""
    exercise = parts.find_exercise(with_parts.pack, scenario.exercise or None)
    wishes = plan.Wishes(**msgspec.structs.asdict(scenario.plan))
    made = plan.make(exercise, wishes, with_parts.pack.reader)
    return replace(made, past=_past(scenario), address=scenario.address)


def rehearse(
    scenario: Scenario,
    folder: Path,
    with_parts: Parts,
    studio: Studio,
    wav: Path | None = None,
    observers: tuple = (),
) -> Report:  # type: ignore[type-arg]
    """Plays a scenario. `folder` is where its sound files are. Raises AssistantError."""
    check(scenario, folder, with_parts)
    room_wishes = scenario.room
    noise = soundfiles.read(folder / room_wishes.noise) if room_wishes.noise else None
    room = SimulatedRoom(
        Acoustics(room_wishes.echo_db, room_wishes.delay_ms, room_wishes.snr_db, room_wishes.seed), noise
    )
    wanted = _planned(scenario, with_parts)
    with_parts = with_parts.training(wanted.exercise)
    mouth = Mouth()
    session = Session(parts.with_lengths(with_parts.pack, wanted, studio))
    app = App(
        room=room,
        ear=with_parts.ear(mouth, lambda: session.asks),
        mouth=mouth,
        session=session,
        studio=studio,
        pack=with_parts.pack,
    )
    director = Director(scenario, app, room, _sounds(scenario, folder, with_parts), _expected(scenario, with_parts))
    growing = soundfiles.Growing(wav) if wav else None
    watched = _Watched(room, director, growing)
    app.room = watched
    app.tell(director)
    for observer in observers:
        app.tell(observer)
    try:
        reason = app.run()
    finally:
        if growing:
            growing.close()  # also when Ctrl-C ends it
    return Report(
        reason,
        watched.samples,
        tuple(director.records),
        tuple(director.turns),
        director.not_reached,
        tuple(_broken(scenario, director.records)),
    )


def _past(scenario: Scenario) -> Past:
    """What the scenario says was before; without a word about it, somebody who has trained here without pain."""
    pains = tuple(PainMemory(**msgspec.structs.asdict(memory)) for memory in scenario.past.pains)
    return Past(scenario.past.first_use, pains)


def _sounds(scenario: Scenario, folder: Path, with_parts: Parts) -> list[np.ndarray]:
    """What the person will sound like, turn by turn."""
    studios: dict[tuple[str, int], Studio] = {}
    sounds = []
    for turn in scenario.turns:
        if turn.wav:
            sounds.append(soundfiles.read(folder / turn.wav))
        elif turn.says:
            key = (turn.voice or scenario.person.voice, turn.rate or scenario.person.rate)
            if key not in studios:
                studios[key] = with_parts.studio(*key)
            sounds.append(studios[key].clip(turn.says).samples)
        else:
            sounds.append(np.zeros(0, dtype=np.float32))
    for studio in studios.values():
        studio.close()
    return sounds


def _expected(scenario: Scenario, with_parts: Parts) -> list[str]:
    expected = []
    for turn in scenario.turns:
        meaning = with_parts.interpreter.meaning(normal(turn.says))
        expected.append(turn.intent if turn.intent is not None else meaning.intent if meaning else "")
    return expected


def _broken(scenario: Scenario, records: list[Record]) -> Iterator[str]:
    for expectation in scenario.expect:
        found = [
            record
            for record in records
            if record.event == expectation.event
            and all(record.data.get(key) == value for key, value in expectation.where.items())
        ]
        wanted = expectation.count
        if (wanted is None and not found) or (wanted is not None and len(found) != wanted):
            what = " ".join([expectation.event, *(f"{k}={v}" for k, v in expectation.where.items())])
            yield f"expected {'at least one' if wanted is None else wanted} of: {what}; found {len(found)}"


def told(report: Report) -> Iterator[str]:
    """A report in lines for a person."""
    understood = sum(turn.understood for turn in report.turns)
    of = len(report.turns) + len(report.not_reached)
    length = report.samples / RATE
    yield f"understood {understood} of {of} turns in {length:.0f} s of session; the end: {report.reason}"
    for turn in report.turns:
        if not turn.understood:
            heard = ", ".join(turn.heard) or "nothing"
            said = turn.turn.says or turn.turn.wav
            yield f"  {seconds(turn.at)} s: {said!r}: expected {turn.expected or 'nothing'}, heard {heard}"
    for left in report.not_reached:
        yield f"  never reached: {left.says or left.wav or 'unplug'!r}"
    for broken in report.broken:
        yield f"  {broken}"
