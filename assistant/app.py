"""The whole program: blocks of sound come in, and everything else is a reaction to them.

Read this file first. The room is a sound card or a simulation, the mouth what we play, the ear what we
understood, the session what happens next, the studio turns text into clips, the pack holds all words.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from assistant.errors import AssistantError
from assistant.events import (
    Action,
    Deaf,
    End,
    Event,
    Heard,
    Hearing,
    Hush,
    Loudness,
    Note,
    Say,
    Spoken,
    Started,
    Tone,
)
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.room import Block, Room, seconds
from assistant.session import Session
from assistant.studio import Clip, Studio, tone


@dataclass(frozen=True)
class Record:
    """Something that happened, for captions, `--json`, rehearsals."""

    at: int
    """Position on the sample clock."""
    event: str
    """One of the names in docs/EVENTS.md."""
    data: dict[str, object]


class Listener(Protocol):
    """Whatever turns a block into events: the ear, or a keyboard."""

    def hear(self, block: Block) -> Iterable[Event]:
        """The events that this block adds."""
        ...


Observer = Callable[[Record], None]


class App:
    """Wires the parts together and runs them until the session is over."""

    def __init__(
        self, *, room: Room, ear: Listener, mouth: Mouth, session: Session, studio: Studio, pack: Pack
    ) -> None:
        self.room = room
        self._listeners: list[Listener] = [ear]
        self.mouth = mouth
        self.session = session
        self.studio = studio
        self.pack = pack
        self.reason = ""
        """Why the session ended."""
        self._observers: list[Observer] = []

    def tell(self, observer: Observer) -> None:
        """Has an observer told of everything that happens."""
        self._observers.append(observer)

    def listen(self, listener: Listener) -> None:
        """Has one more listener add its events: something besides the ear that the session should know of."""
        self._listeners.append(listener)

    def run(self) -> str:
        """Runs the session; returns the reason of its end."""
        self._handle(Started(0))
        for block in self.room.blocks(self.mouth.read):  # the only wait, and the only clock
            now = block.end
            heard = (event for listener in self._listeners for event in listener.hear(block))
            for event in chain(self._spoken(now), self.session.due(now), heard):
                self._handle(event)
            if self.session.ended and self.mouth.silent_from <= now:
                break
        return self.reason

    def _spoken(self, now: int) -> Iterator[Spoken]:
        for spot in self.mouth.begun(now):
            if spot.line:
                self._record(
                    spot.start,
                    "say",
                    line=spot.line,
                    text=spot.clip.text,
                    seconds=round(spot.clip.seconds, 3),
                )
            else:
                self._record(spot.start, "tone", seconds=round(spot.clip.seconds, 3))
        for spot in self.mouth.finished(now):
            self._record(spot.end, "said", line=spot.line)
            yield Spoken(spot.end, spot.token)

    def _handle(self, event: Event) -> None:
        match event:
            case Heard():
                self._record(
                    event.at,
                    "heard",
                    intent=event.intent,
                    words=event.words,
                    final=event.final,
                    **({} if event.value is None else {"value": event.value}),
                )
            case Deaf():
                self._record(event.at, "deaf")
            case Hearing():
                self._record(event.at, "hearing")
        for action in self.session.handle(event):
            self._perform(action, event.at)

    def _perform(self, action: Action, now: int) -> None:
        match action:
            case Say(line=line, slots=slots, at=at, token=token):
                written = self.pack.lines[line]
                clip = self._clip(now, line, self.pack.text(line, dict(slots)), brisk=written.brisk)
                self.mouth.say(clip, line=line, at=at, token=token, safety=written.safety)
            case Tone(name=name, at=at):
                self.mouth.say(tone(name), at=at)
            case Hush(urgent=urgent):
                self.mouth.hush(urgent=urgent)
                self._record(now, "hush", urgent=urgent)
            case Loudness(db=db):
                self.mouth.volume_db = db
            case Note(event=name, data=data, at=at):
                self._record(now if at is None else at, name, **data)
            case End(reason=reason):
                self.reason = reason
                self._record(now, "ended", reason=reason)

    def _clip(self, now: int, line: str, text: str, *, brisk: bool) -> Clip:
        """The line, spoken; or, if the voice has died, an alarm: a workout goes on, counts and listens without it."""
        try:
            return self.studio.clip(text, brisk=brisk)
        except (AssistantError, OSError) as error:
            self._record(now, "speechless", line=line, text=text, why=str(error))
            return tone("alarm")

    def _record(self, at: int, event: str, **data: object) -> None:
        record = Record(at, event, data)
        for observer in tuple(self._observers):
            try:
                observer(record)
            except OSError:  # a screen that was closed, a log on a full disk: no reason to leave somebody alone
                self._observers.remove(observer)


def as_json(record: Record) -> dict[str, object]:
    """A record as `--json` prints it."""
    return {"at_s": seconds(record.at), "event": record.event, **record.data}
