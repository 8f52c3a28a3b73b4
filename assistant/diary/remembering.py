"""What the diary tells a workout that begins: the past, in a few rows that indexes find."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.diary import queries
from assistant.diary.database import Database, Row
from assistant.diary.order import Placed, in_order
from assistant.diary.statements import FIRST_QUESTION, OFFERED
from assistant.exercise import Exercise
from assistant.past import LastTime, PainMemory, Past, SideDone, Told, Unfinished
from assistant.progress import EXPERIENCED_SESSIONS, SIDES, Done, Suggestion, days_a_week, is_intense, suggest
from assistant.red_flags import rank

UNFINISHED_HOURS = 2.0
"""A workout that was cut off longer ago is not offered again: the muscles are cold and the day is another one."""

DAY_SECONDS, HOUR_SECONDS = 86_400, 3600

IN_A_ROW = 12
"""Sessions with pain are counted back this far."""


def past(database: Database, exercise: Exercise, variation: str, now: float) -> Past:
    """All that the session may know about before. `now` is in seconds since 1970."""
    dose = exercise.programming
    first = database.rows(queries.FIRST_SESSION)
    locked = {str(row["side"]): row for row in database.rows(queries.LOCKED_SIDES, first=FIRST_QUESTION)}
    if not first and not locked:
        return Past()
    found = _reports(database)
    sessions = _sessions(database, exercise, variation, found, now)
    reports = [(session, row) for session in sessions for row in found if row["session"] == session.row["id"]]
    pains = tuple(_pains(database, sessions, reports, locked, now))
    of_exercise = [one for one in sessions if one.row["exercise"] == exercise.id]
    sittings = _sittings(database, [one for one in of_exercise if one.row["variation"] == variation], reports, now)
    done = [side for _, sides in sittings for side in sides]
    shut = frozenset(SIDES) if "" in locked else frozenset(locked)
    seven_days = database.rows(queries.SESSIONS_BETWEEN, since=now - 7 * DAY_SECONDS, until=now)
    owned = weights(database)
    suggestion, unlocked = suggest(done, dose, owned, shut), suggest(done, dose, owned)
    most_kg = None
    if unlocked is None or unlocked.most_kg is None:
        others = [
            side for _, sides in _sittings(database, of_exercise, reports, now) for side in sides if side.top_kg
        ]
        most_kg = loaded.most_kg if (loaded := suggest(others, dose, owned)) else None
    return Past(
        first_use=not _is_answered(database),
        pains=pains,
        last=_last_time(sittings, now, database),
        suggestion=_guarded(suggestion, most_kg),
        unlocked=_guarded(unlocked, most_kg),
        most_kg=most_kg,
        hours_since_intense=_hours_since_intense(database, sessions, exercise, now),
        days_trained=sum(1 for row in seven_days if _counts(database, int(row["id"]))),
        days_a_week=days_a_week(len(sessions), _days(now, first[0]["started"] if first else now), dose),
        unfinished=_unfinished(database, exercise, now),
    )


def _is_answered(database: Database) -> bool:
    """Whether the question of the first time has its answer. Where earlier versions wrote the diary, a "no" is in one
    of its first workouts; a "yes" that they forgot is asked for again."""
    if database.rows(queries.SETTING, name=FIRST_QUESTION):
        return True
    return bool(database.rows(queries.FIRST_ANSWER, first=FIRST_QUESTION, many=queries.NEWEST_NUMBERS))


def weights(database: Database) -> tuple[float, ...]:
    """The weights that the user owns, in kilograms."""
    found = database.rows(queries.SETTING, name="weights_kg")
    return tuple(float(kg) for kg in str(found[0]["value"]).split()) if found else ()


# ---------------------------------------------------------------- what was done


def _sessions(
    database: Database, exercise: Exercise, variation: str, reports: Sequence[Row], now: float
) -> list[Placed]:
    """The newest sessions, of this exercise and of all, and those of the reports of pain; the newest first."""
    found = database.rows(queries.SESSIONS_BY_NUMBER, many=queries.NEWEST_NUMBERS)
    found += database.rows(queries.SESSIONS_BY_TIME, many=EXPERIENCED_SESSIONS)
    found += database.rows(
        queries.SESSIONS_OF_EXERCISE, exercise=exercise.id, variation=variation, many=queries.NEWEST_SESSIONS
    )
    for number in {int(row["session"]) for row in reports} - {int(row["id"]) for row in found}:
        found += database.rows(queries.SESSION_OF_NUMBER, session=number)
    return in_order(found, now)


def _sittings(
    database: Database, sessions: Sequence[Placed], reports: Sequence[tuple[Placed, Row]], now: float
) -> list[tuple[Placed, tuple[Done, ...]]]:
    """Of the newest of these sessions, those in which something was done, with each leg's part.

    With a leg's last part goes all pain since then: pain before a rep was done, or in another variation or exercise,
    is no less a reason to begin lighter.
    """
    sittings: list[tuple[Placed, tuple[Done, ...]]] = []
    for session in sessions[: queries.NEWEST_SESSIONS]:
        number = int(session.row["id"])
        work = database.rows(queries.WORK_OF_SESSION, session=number)
        pains = database.rows(queries.PAIN_OF_SESSION, session=number)
        since = [row for other, row in reports if other.place > session.place]
        newer = {done.side for _, sides in sittings for done in sides}
        days = _days(now, session.began)
        sides = tuple(
            done
            for side in SIDES
            if (done := _done(side, work, pains if side in newer else pains + since, days, database, number))
        )
        if sides:
            sittings.append((session, sides))
    return sittings


def _done(side: str, work: list[Row], pains: list[Row], days: float, database: Database, session: int) -> Done | None:
    mine = [row for row in work if row["side"] == side]
    lifted = [row for row in mine if row["reps"]]
    if not lifted:
        return None
    plan = database.rows("SELECT sets, reps, more_sets FROM session WHERE id = :session", session=session)[0]
    planned = sum(row["reps_planned"] for row in mine)
    planned += sum(
        plan["reps"] + (n <= plan["more_sets"]) for n in range(1, plan["sets"] + 1) if n not in _sets(mine)
    )
    reports = [row for row in pains if row["side"] in {side, ""} and row["level"] != "normal"]
    scores = [row["score"] for row in reports]
    return Done(
        days_ago=days,
        side=side,  # type: ignore[arg-type]
        load_kg=min(row["load_kg"] for row in lifted),
        reps=sum(row["reps"] for row in lifted),
        sets=max(plan["sets"], len(mine)),
        reps_planned=planned,
        tempo_kept=all(row["tempo_kept"] for row in lifted),
        hurt=bool(reports),
        pain=None if None in scores else max(scores, default=None),
        level=max((row["level"] for row in reports), key=rank, default=""),
        heaviest_kg=max(row["load_kg"] for row in lifted),
    )


def _sets(rows: list[Row]) -> set[int]:
    return {int(row["set_number"]) for row in rows}


def _guarded(suggestion: Suggestion | None, most_kg: float | None) -> Suggestion | None:
    """A suggestion that warns about a weight also where this variation has had none."""
    return replace(suggestion, most_kg=most_kg) if suggestion and suggestion.most_kg is None else suggestion


def _last_time(sittings: list[tuple[Placed, tuple[Done, ...]]], now: float, database: Database) -> LastTime | None:
    if not sittings:
        return None
    session, _ = sittings[0]
    work = [row for row in database.rows(queries.WORK_OF_SESSION, session=session.row["id"]) if row["reps"]]
    reps = {side: sum(row["reps"] for row in work if row["side"] == side) for side in SIDES}
    full = _sets([row for row in work if row["side"] == "left"]) & _sets([r for r in work if r["side"] == "right"])
    return LastTime(
        days_ago=_nights(now, session.began, session.row["utc_offset_seconds"]),
        sets=len(full),
        left=reps["left"],
        right=reps["right"],
        load_kg=max(row["load_kg"] for row in work),
    )


def _hours_since_intense(
    database: Database, sessions: Sequence[Placed], exercise: Exercise, now: float
) -> float | None:
    """Of all exercises: muscles do not ask which one it was."""
    dose = exercise.programming
    since = now - dose.recovery_hours[1] * HOUR_SECONDS
    for session in sessions:
        if session.began <= since:
            break
        work = database.rows(queries.WORK_OF_SESSION, session=session.row["id"])
        for side in SIDES:
            mine = [row for row in work if row["side"] == side]
            if is_intense(
                max((row["load_kg"] for row in mine if row["reps"]), default=0.0),
                sum(row["reps"] for row in mine),
                dose,
            ):
                ended = session.time(max(row["at"] for row in mine))
                return max(0.0, (now - ended) / HOUR_SECONDS)
    return None


def _counts(database: Database, session: int) -> bool:
    """Whether anything was done in it."""
    return any(row["reps"] for row in database.rows(queries.WORK_OF_SESSION, session=session))


# ---------------------------------------------------------------- where it was cut off


def _unfinished(database: Database, exercise: Exercise, now: float) -> Unfinished | None:
    found = database.rows(queries.OPEN_SESSION)
    if not found:
        return None
    row = found[0]
    hours = max(0.0, (now - row["live_at"]) / HOUR_SECONDS)  # a clock without a battery may have gone back
    work = database.rows(queries.WORK_OF_SESSION, session=row["id"])
    is_begun = bool(row["live_reps"] or work)
    if row["exercise"] != exercise.id or row["phase"] not in OFFERED or hours > UNFINISHED_HOURS or not is_begun:
        return None
    place = _next_place(row, {(int(done["set_number"]), str(done["side"])) for done in work})
    if place is None:
        return None
    set_number, side, reps = place
    return Unfinished(
        session=int(row["id"]),
        hours_ago=hours,
        set=set_number,
        side=side,  # type: ignore[arg-type]
        reps=reps,
        load_kg=row["live_load_kg"] or 0.0,
        tempo=row["live_tempo"],
        done=tuple(
            SideDone(r["set_number"], r["side"], r["reps"], r["load_kg"], r["tempo"], r["ended"]) for r in work
        ),
        sets=row["sets"],
        reps_planned=row["reps"],
        more_sets=row["more_sets"],
        tempo_planned=row["tempo"],
        rest_seconds=row["rest_seconds"],
        first_side=row["first_side"],
        leads=row["leads"] or None,
        variation=row["variation"],
        watched=tuple(
            Told(r["words"], float(r["score"] or 0), r["level"] == "lighten")
            for r in database.rows(queries.PAIN_OF_SESSION, session=row["id"])
            if r["level"] in {"continue", "lighten"}
        ),
    )


def _next_place(row: Row, done: set[tuple[int, str]]) -> tuple[int, str, int] | None:
    """(set, side, reps done): the side in hand, or else the first after it that is not done; None: all are."""
    set_number, side = int(row["set_number"]), str(row["side"])
    if (set_number, side) not in done:
        return set_number, side, int(row["live_reps"])
    sides = ("left", "right") if row["first_side"] == "left" else ("right", "left")
    for later in range(set_number, row["sets"] + 1):
        for one in sides:
            if (later, one) not in done:
                return later, one, 0
    return None


# ---------------------------------------------------------------- pain


def _reports(database: Database) -> list[Row]:
    """Reports of pain, the newest of each side and all of the newest sessions, from the highest number down; a
    muscle's burn is none."""
    found = database.rows(queries.PAIN_BY_NUMBER, many=queries.NEWEST_NUMBERS)
    for side in (*SIDES, ""):
        found += database.rows(queries.PAIN_BY_TIME, side=side)
    return [row for _, row in sorted({int(row["id"]): row for row in found}.items(), reverse=True)]


def _pains(
    database: Database,
    sessions: Sequence[Placed],
    reports: Sequence[tuple[Placed, Row]],
    locked: Mapping[str, Row],
    now: float,
) -> Iterator[PainMemory]:
    """The last report of each side; a lock without a report counts as one. `reports` has the newest first.

    Where the workout of a lock was deleted, nobody knows any more how bad it was: then a doctor has to open it, as
    after a "yes" to the question of the first time.
    """
    for side in (*SIDES, ""):
        mine = [(session, row) for session, row in reports if row["side"] == side]
        if not mine:
            if side in locked:
                yield PainMemory(side, _days(now, locked[side]["at"]), "doctor", "", None, 0, False, True, True)
            continue
        session, last = mine[0]
        needs_doctor = side in locked and bool(locked[side]["needs_doctor"])
        in_a_row = 0
        for one in sessions[:IN_A_ROW]:
            if not database.rows(queries.HURT_IN_SESSION, session=one.row["id"], side=side):
                break
            in_a_row += 1
        before = mine[1][1] if len(mine) > 1 and in_a_row > 1 else None
        worsening = bool(
            before and last["score"] is not None and before["score"] is not None and last["score"] > before["score"]
        )
        yield PainMemory(
            side=side,
            days_ago=_days(now, session.time(last["at"])),
            level=max(last["level"], "doctor", key=rank) if needs_doctor else last["level"],
            place=last["place"],
            score=last["score"],
            sessions_in_a_row=in_a_row,
            worsening=worsening,
            locked=side in locked or _lacks_its_lock(last),
            morning_asked=bool(last["morning_asked"]),
            morning_score=last["morning_score"],
        )


def _lacks_its_lock(report: Row) -> bool:
    """Whether the power went before the lock of a report could be written.

    Questions that were never finished are an unclear answer, and that takes the stricter way. Before a workout a bare
    "pain" locks nothing. Reports without a row are from imports, or were opened by a check.
    """
    least = "urgent" if report["phase"] == "screen" else "stop"
    is_grave = bool(report["triage_row"]) and rank(report["level"]) >= rank(least)
    return report["level"] == "" or (is_grave and not report["has_lock"])


def _nights(now: float, then: float, utc_offset_seconds: float) -> float:
    """By the calendar: this morning is another day than last evening."""
    today, that_day = (int((at + utc_offset_seconds) // DAY_SECONDS) for at in (now, then))
    return max(0.0, float(today - that_day))


def _days(now: float, then: float) -> float:
    return max(0.0, (now - then) / DAY_SECONDS)
