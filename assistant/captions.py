"""Captions: who said what, the count, the side, the rest left, on a terminal or a plain log."""

import json
import sys
from typing import TextIO

from assistant.app import Observer, Record, as_json
from assistant.room import RATE


class Captions:
    """Writes records as a person likes to read them."""

    def __init__(self, out: TextIO, *, colour: bool) -> None:
        self._out = out
        self._colour = colour

    def __call__(self, record: Record) -> None:
        """See app.Observer."""
        text = self._text(record)
        if text:
            minutes, rest = divmod(record.at // RATE, 60)
            self._out.write(f"{self._paint('2', f'{minutes:02d}:{rest:02d}')}  {text}\n")
            self._out.flush()

    def _is_worth_a_line(self, left_seconds: int) -> bool:
        """A terminal counts down every ten seconds, a log every half minute."""
        return left_seconds > 0 and (self._colour or left_seconds % 30 == 0)

    def _text(self, record: Record) -> str:
        data = record.data
        match record.event:
            case "say" if data["line"] == "number" or str(data["line"]).startswith("beat_"):
                return f"         {data['text']}"
            case "say":
                return f"{self._paint('36', 'coach  ')}  {data['text']}"
            case "heard":
                meant = self._paint("2", f"→ {data['intent']}")
                return f"{self._paint('33', 'you    ')}  {data['words']}  {meant}"
            case "state":
                return self._paint("1", f"── {_place(data)}")
            case "rep":
                done, of = int(str(data["rep"])), int(str(data["of"]))
                return f"         {self._paint('32', '●' * done)}{'○' * (of - done)}  {data['side']} {done}/{of}"
            case "time_left" if self._is_worth_a_line(int(str(data["seconds"]))):
                return f"         {data['seconds']} s left"
            case "side_done":
                return f"         set {data['set']}, {data['side']}: {data['reps']} reps, {data['ended']}"
            case "pain_report":
                return self._paint("31", f"         {data['row'] or 'taken back'}: {data['level']}")
            case "locked" | "unlocked":
                return self._paint("31", f"         {record.event}: {data['side'] or 'both'}")
            case "pain" | "stop" | "deaf" | "hearing" | "emergency":
                return self._paint("31;1", f"!! {record.event}")
            case "ended":
                return self._paint("1", f"── the end ({data['reason']})")
        return ""

    def _paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text


class JsonLines:
    """Writes records as JSON, one object a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __call__(self, record: Record) -> None:
        """See app.Observer."""
        self._out.write(json.dumps(as_json(record), ensure_ascii=False) + "\n")
        self._out.flush()


def observer(as_json_lines: bool) -> Observer:
    """Writes records to standard output, for a program or for a person."""
    return JsonLines(sys.stdout) if as_json_lines else Captions(sys.stdout, colour=sys.stdout.isatty())


def _place(data: dict[str, object]) -> str:
    state = str(data["state"])
    if state in {"set", "ready", "switch", "rest"}:
        return f"{state}: set {data['set']}, {data['side']} leg"
    if state in {"steps", "cooldown"}:
        return f"{state}: part {int(str(data['item'])) + 1}"
    return state
