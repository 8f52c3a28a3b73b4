"""Follows a workout and hands what matters to the writer: every rep, every side, every word about pain."""

import json
from collections.abc import Iterator

from assistant import triage
from assistant.app import Record
from assistant.dates import Moment
from assistant.diary import statements
from assistant.diary.statements import Statement
from assistant.diary.writer import Entry, Writer
from assistant.events import Event, Notice
from assistant.plan import Plan
from assistant.room import RATE, Block
from assistant.tempo import Tempo

KEPT_AS_THEY_ARE = frozenset(
    {"screen", "load", "tempo", "warmup_skipped", "recovery", "stop", "deaf", "hearing", "emergency", "ladder"}
    | {"chatter", "loudness"}
)
"""Records that are kept word for word."""

BREAKS_IN = frozenset({"pain", "pain_check", "ladder", "emergency", "paused", "stopped", "confirm", "deaf"})
"""Phases that break in on another one. What was going on when it hurt is the other one."""

PATIENCE_SECONDS = 0.2
"""How long a rep may wait until the rep before it is on the disk. Beats are scheduled half a second ahead, so this
cannot be heard; a disk that is slower still is let fall behind."""


class Recorder:
    """An observer of the app, and a listener that tells the session when the disk makes trouble."""

    def __init__(
        self,
        writer: Writer,
        plan: Plan,
        began: Moment,
        settings: dict[str, object],
        *,
        notices: list[str],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """`began` is the moment of the session's first sample. `notices` are lines to be said at once."""
        self._writer = writer
        self._plan = plan
        self._began = began
        self._settings = settings
        self._notices = notices
        self._patience_seconds = patience_seconds
        self._is_open = False
        """Whether the session is in the diary: from the first answer on, so that a mere hello leaves nothing."""
        self._open_pain = False
        self._phase = ""
        self._doing = ""
        """The last phase that was none of BREAKS_IN."""
        self._set, self._side, self._reps = 1, str(plan.first_side), 0
        self._load_kg = plan.load_kg
        self._tempo = plan.tempo
        self._fastest_lower = plan.tempo.lower
        """Seconds, since this side of this set began."""

    def __call__(self, record: Record) -> None:
        """See app.Observer."""
        at, data = self._began.at + record.at / RATE, record.data
        match record.event:
            case "state":
                self._phase = str(data["state"])
                self._doing = self._doing if self._phase in BREAKS_IN else self._phase
                self._set, self._side, self._reps = int(str(data["set"])), str(data["side"]), int(str(data["rep"]))
                if self._phase == "set" and not self._reps:
                    self._fastest_lower = self._tempo.lower
                if self._is_open and self._phase not in {"summary", "farewell", "ended"}:
                    self._put(self._live(at))
            case "rep":
                self._reps = int(str(data["rep"]))
                self._put(self._live(at))
                self._writer.wait(1, self._patience_seconds)
            case "side_done":
                kept = self._fastest_lower >= self._plan.tempo.lower
                # With the work, the reps in hand are done with: never can they count twice.
                self._reps = 0
                self._put(statements.work(at, data, kept), self._live(at))
                self._writer.wait(1, self._patience_seconds)
            case "unfinished":
                self._unfinished(str(data["answer"]), at)
            case "pain":
                told = {**data, "side": self._side_said(str(data["words"]))}
                self._put(statements.pain(at, told, self._doing, self._load_kg))
                self._open_pain = True
            case "pain_report":
                if not self._open_pain:
                    self._put(statements.pain(at, data, self._doing, self._load_kg))
                self._put(statements.pain_report(data))
                self._open_pain = False
            case "next_morning":
                self._put(statements.morning(at, str(data["side"]), data["score"]))
            case "locked":
                self._put(*statements.locked(at, str(data["side"]), str(data["reason"])))
            case "unlocked":
                self._put(*statements.unlocked(at, str(data["side"])))
            case "setting":
                self._put(statements.setting(at, str(data["key"]), str(data["value"])))
            case "mistake_named":
                self._put(statements.mistake(at, data))
            case "said" if data["line"] in statements.ABOUT_THE_FILE:
                self._writer.put(Entry((statements.told(),)))
            case "ended":
                if self._is_open:
                    self._put(*statements.ended(at, str(data["reason"])))
            case event if event in KEPT_AS_THEY_ARE:
                self._follow(event, data)
                if self._phase == "unfinished" and not self._is_open:
                    return  # nothing has begun, and what was cut off must stay what is asked about
                self._put(*statements.happening(at, event, data), *self._live_if_training(at))

    def hear(self, block: Block) -> Iterator[Event]:
        """See app.Listener."""
        for line in (*self._notices, *self._writer.notices()):
            yield Notice(block.end, line)
        self._notices.clear()

    def close(self) -> int:
        """Writes what is left. Returns how many entries could not be written."""
        return self._writer.close()

    # ---- parts of the above

    def _unfinished(self, answer: str, at: float) -> None:
        was = self._plan.past.unfinished
        assert was is not None
        if answer == "yes":
            self._plan = self._plan.as_it_was()
            self._load_kg, self._tempo = was.load_kg, Tempo.parse(was.tempo)
            self._fastest_lower = self._tempo.lower
            self._is_open = True
            self._writer.put(Entry((statements.go_on(self._plan, self._began, was.session),), session=was.session))
            self._put(*statements.close_others())
        elif answer == "no":
            self._writer.put(Entry(statements.close_others()))

    def _side_said(self, words: str) -> str:
        """The side that hurts by what was said, "" for both or unknown. It need not be the one in training, and if
        the power goes before it is asked for, both are locked."""
        reader = self._plan.reader
        report = triage.added(triage.Report(), words, reader.read(words), reader.table)
        return triage.side_of(report, reader.table)

    def _follow(self, event: str, data: dict[str, object]) -> None:
        if event == "load":
            self._load_kg = float(str(data["kg"]))
        elif event == "tempo":
            self._tempo = Tempo.parse(str(data["tempo"]))
            self._fastest_lower = min(self._fastest_lower, self._tempo.lower)

    def _live_if_training(self, at: float) -> tuple[Statement, ...]:
        return (self._live(at),) if self._phase in statements.OFFERED else ()

    def _live(self, at: float) -> Statement:
        return statements.live(at, self._phase, self._set, self._side, self._reps, self._load_kg, str(self._tempo))

    def _put(self, *found: Statement) -> None:
        if not self._is_open:
            self._is_open = True
            settings = json.dumps(self._settings)
            self._writer.put(Entry((statements.new_session(self._plan, self._began, settings),), begins=True))
            self._writer.put(Entry(statements.close_others()))
        self._writer.put(Entry(found))
