"""What is written, as SQL: one function for each thing that happens, each of them giving statements. Pure.

The id of the session is `:session`, which the writer fills in.
"""

import json
from collections.abc import Mapping

from assistant.dates import Moment
from assistant.plan import Plan

Statement = tuple[str, Mapping[str, object]]

OFFERED = ("load", "steps", "ready", "set", "switch", "rest", "paused", "stopped", "confirm", "deaf")
"""Phases in which a workout that was cut off may go on. After a report of pain it may not."""

FIRST_QUESTION = "ask_first"
"""The question of the first time; the setting that holds its answer, and why a "yes" to it locks both legs."""

IMPORTED = "imported"
"""Why a session ended that is known from an import, and the phase of its reports of pain."""

ABOUT_THE_FILE = ("diary_restored", "diary_set_aside")
"""Lines about what was done to a damaged diary. Which of them is still to be said is kept in its place."""

UNTOLD = "untold"
"""The setting that holds it."""


def new_session(plan: Plan, moment: Moment, settings: str) -> Statement:
    """The session's row."""
    return (
        "INSERT INTO session (started, utc_offset_seconds, exercise, variation, sets, reps, more_sets, tempo, "
        "rest_seconds, first_side, leads, settings) VALUES (:started, :offset, :exercise, :variation, :sets, :reps, "
        ":more_sets, :tempo, :rest_seconds, :first_side, :leads, :settings)",
        {**_plan(plan, moment), "settings": settings},
    )


def go_on(plan: Plan, moment: Moment, session: int) -> Statement:
    """The row of a session that goes on; it is there, unless a backup from before it was put in its place."""
    return (
        "INSERT OR IGNORE INTO session (id, started, utc_offset_seconds, exercise, variation, sets, reps, more_sets, "
        "tempo, rest_seconds, first_side, leads) VALUES (:id, :started, :offset, :exercise, :variation, :sets, "
        ":reps, :more_sets, :tempo, :rest_seconds, :first_side, :leads)",
        {**_plan(plan, moment), "id": session},
    )


def _plan(plan: Plan, moment: Moment) -> dict[str, object]:
    return {
        "started": moment.at,
        "offset": moment.utc_offset_seconds,
        "exercise": plan.exercise.id,
        "variation": plan.variation.id if plan.variation else "",
        "sets": plan.sets,
        "reps": plan.reps,
        "more_sets": plan.more_sets,
        "tempo": str(plan.tempo),
        "rest_seconds": plan.rest_seconds,
        "first_side": plan.first_side,
        "leads": plan.leads or "",
    }


def imported_session(
    id: int,
    begin: Moment,
    *,
    exercise: str,
    variation: str,
    sets: int,
    reps: int,
    tempo: str,
    first_side: str,
) -> Statement:
    """A session from an import; of its plan, only what its work shows is known."""
    return (
        "INSERT INTO session (id, started, utc_offset_seconds, ended, reason, exercise, variation, sets, reps, "
        "more_sets, tempo, rest_seconds, first_side, leads) VALUES (:id, :started, :offset, :started, :reason, "
        ":exercise, :variation, :sets, :reps, 0, :tempo, 0, :first_side, '')",
        {
            "id": id,
            "started": begin.at,
            "offset": begin.utc_offset_seconds,
            "reason": IMPORTED,
            "exercise": exercise,
            "variation": variation,
            "sets": sets,
            "reps": reps,
            "tempo": tempo,
            "first_side": first_side,
        },
    )


def imported_pain(id: int, at: float, set_number: int, side: str, score: int | None, level: str) -> Statement:
    """A report of pain from an import: its score and level are all that is known."""
    return (
        "INSERT INTO pain (session, at, phase, set_number, side, rep, words, score, level) "
        "VALUES (:id, :at, :phase, :set_number, :side, 0, '', :score, :level)",
        {
            **{"id": id, "at": at, "phase": IMPORTED, "set_number": set_number, "side": side},
            **{"score": score, "level": level or IMPORTED},
        },
    )


def imported_lock(id: int, at: float, side: str, unlocked_at: float | None) -> Statement:
    """The lock that goes with a report of pain from an import; None: nothing shows that it was opened."""
    return (
        "INSERT INTO pain_lock (session, at, side, reason, unlocked_at) "
        "VALUES (:id, :at, :side, :reason, :unlocked_at)",
        {"id": id, "at": at, "side": side, "reason": IMPORTED, "unlocked_at": unlocked_at},
    )


def close_others() -> tuple[Statement, ...]:
    """Every session but this one is over: what was done on the side in hand becomes work that was interrupted."""
    return (
        (
            "INSERT OR IGNORE INTO work SELECT live.session, live.set_number, live.side, live.at, live.reps, "
            "session.reps + (live.set_number <= session.more_sets), coalesce(live.load_kg, 0), live.tempo, 1, "
            "'interrupted' FROM session JOIN live ON live.session = session.id "
            "WHERE session.reason = '' AND session.id <> :session AND live.reps > 0",
            {},
        ),
        (
            "UPDATE session SET ended = coalesce((SELECT at FROM live WHERE live.session = session.id), started), "
            "reason = 'interrupted' WHERE reason = '' AND id <> :session",
            {},
        ),
        ("DELETE FROM live WHERE session <> :session", {}),
    )


def live(
    at: float, phase: str, set_number: int, side: str, reps: int, load_kg: float | None, tempo: str
) -> Statement:
    """Where the workout is."""
    return (
        "INSERT INTO live (session, at, phase, set_number, side, reps, load_kg, tempo) "
        "VALUES (:session, :at, :phase, :set_number, :side, :reps, :load_kg, :tempo) "
        "ON CONFLICT (session) DO UPDATE SET at = :at, phase = :phase, set_number = :set_number, side = :side, "
        "reps = :reps, load_kg = :load_kg, tempo = :tempo",
        {
            "at": at,
            "phase": phase,
            "set_number": set_number,
            "side": side,
            "reps": reps,
            "load_kg": load_kg,
            "tempo": tempo,
        },
    )


def work(at: float, done: Mapping[str, object], tempo_kept: bool) -> Statement:
    """One leg's part of a set, from the note side_done."""
    return (
        "INSERT OR REPLACE INTO work (session, set_number, side, at, reps, reps_planned, load_kg, tempo, tempo_kept, "
        "ended) VALUES (:session, :set, :side, :at, :reps, :of, :load_kg, :tempo, :kept, :ended)",
        {
            **{name: done[name] for name in ("set", "side", "reps", "of", "load_kg", "tempo", "ended")},
            "at": at,
            "kept": int(tempo_kept),
        },
    )


def ended(at: float, reason: str) -> tuple[Statement, ...]:
    """The session is over."""
    return (
        ("UPDATE session SET ended = :at, reason = :reason WHERE id = :session", {"at": at, "reason": reason}),
        ("DELETE FROM live WHERE session = :session", {}),
    )


def pain(at: float, data: Mapping[str, object], phase: str, load_kg: float | None) -> Statement:
    """Pain was reported in a phase; what is asked about it follows."""
    return (
        "INSERT INTO pain (session, at, phase, set_number, side, rep, load_kg, words) "
        "VALUES (:session, :at, :phase, :set_number, :side, :rep, :load_kg, :words)",
        {
            "at": at,
            "phase": phase,
            "set_number": data.get("set") or 0,
            "side": _text(data.get("side")),
            "rep": data.get("rep") or 0,
            "load_kg": load_kg,
            "words": _text(data.get("words")),
        },
    )


_REPORT = ("words", "place", "side", "kind", "sudden", "numb", "chest", "level", "advice")


def pain_report(data: Mapping[str, object]) -> Statement:
    """What was found out about the pain that was reported last in this session."""
    values = {name: _text(data.get(name)) for name in _REPORT}
    return (
        f"UPDATE pain SET {', '.join(f'{name} = :{name}' for name in _REPORT)}, triage_row = :triage_row, "
        "score = :score, set_number = coalesce(:set_number, set_number), rep = coalesce(:rep, rep), "
        "load_kg = coalesce(:load_kg, load_kg) "
        "WHERE id = (SELECT max(id) FROM pain WHERE session = :session)",
        {
            **values,
            "triage_row": _text(data.get("row")),
            "score": data.get("score"),
            "set_number": data.get("set"),
            "rep": data.get("rep"),
            "load_kg": data.get("load_kg"),
        },
    )


def morning(at: float, side: str, score: object) -> Statement:
    """How it was the morning after the last report on a side; a muscle's burn and a false alarm are none.

    The last one by its number, as the clock may have been wrong; imports have theirs from later.
    """
    return (
        "INSERT INTO morning (session, pain, at, side, score) VALUES (:session, (SELECT id FROM pain "
        "WHERE side = :side AND level <> 'normal' ORDER BY phase = :imported, id DESC LIMIT 1), :at, :side, :score)",
        {"at": at, "side": side, "score": score, "imported": IMPORTED},
    )


def locked(at: float, side: str, reason: str) -> tuple[Statement, ...]:
    """Loaded work on a side is locked."""
    return (
        (
            "INSERT INTO pain_lock (session, at, side, reason) VALUES (:session, :at, :side, :reason)",
            {"at": at, "side": side, "reason": reason},
        ),
        *((setting(at, FIRST_QUESTION, "yes"),) if reason == FIRST_QUESTION else ()),
    )


def unlocked(at: float, side: str) -> tuple[Statement, ...]:
    """It is not any more; a report that the power cut off, before its lock was written or with its questions not
    finished, has been asked about by now."""
    values = {"at": at, "side": side}
    return (
        (
            "INSERT INTO pain_lock (session, at, side, reason, unlocked_at) SELECT session, at, side, "
            "coalesce(nullif(triage_row, ''), 'unclear'), :at FROM pain WHERE side = :side "
            "AND level IN ('', 'stop', 'doctor', 'urgent', 'emergency') AND NOT EXISTS "
            "(SELECT 1 FROM pain_lock AS lock WHERE lock.session = pain.session AND lock.side IN (pain.side, ''))",
            values,
        ),
        ("UPDATE pain_lock SET unlocked_at = :at WHERE unlocked_at IS NULL AND side = :side", values),
        ("UPDATE pain SET level = 'stop' WHERE side = :side AND level = ''", {"side": side}),
    )


def mistake(at: float, data: Mapping[str, object]) -> Statement:
    """A mistake was named."""
    return (
        "INSERT INTO mistake (session, at, set_number, side, mistake, words) "
        "VALUES (:session, :at, :set_number, :side, :mistake, :words)",
        {
            "at": at,
            "set_number": data.get("set") or 0,
            **{name: _text(data.get(name)) for name in ("side", "mistake", "words")},
        },
    )


def happening(at: float, event: str, data: Mapping[str, object]) -> tuple[Statement, ...]:
    """Anything else worth keeping."""
    is_free = (data.get("question"), data.get("answer")) == (FIRST_QUESTION, "no")
    return (
        (
            "INSERT INTO happening (session, at, event, data) VALUES (:session, :at, :event, :data)",
            {"at": at, "event": event, "data": json.dumps(data)},
        ),
        *((setting(at, FIRST_QUESTION, "no"),) if is_free else ()),
    )


def setting(at: float, name: str, value: str) -> Statement:
    """A setting of the diary's own."""
    return (
        "INSERT INTO setting (name, at, value) VALUES (:name, :at, :value) "
        "ON CONFLICT (name) DO UPDATE SET at = :at, value = :value",
        {"name": name, "at": at, "value": value},
    )


def told() -> Statement:
    """What was done to a damaged diary has been said."""
    return "DELETE FROM setting WHERE name = :name", {"name": UNTOLD}


def _text(value: object) -> str:
    """A value of a note as text; yes and no as words."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
    return str(value)
