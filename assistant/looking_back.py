"""Past workouts as a table and a small chart for the terminal. Pure text."""

from collections.abc import Sequence

from assistant.diary.rows import SessionDone, SideOfSession

BARS = "▁▂▃▄▅▆▇█"

CHART_SESSIONS = 40

_HEADINGS = ("no", "date", "time", "exercise", "sets", "left", "right", "kilos", "tempo", "pain", "end")


def table(sessions: Sequence[SessionDone]) -> str:
    """One row a session, the oldest first."""
    rows = [_HEADINGS, *(_row(session) for session in sessions)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(session: SessionDone) -> tuple[str, ...]:
    left, right = session.left, session.right
    worst = [score for score in (session.pain_left, session.pain_right) if score is not None]
    return (
        str(session.id),
        session.started.day(),
        session.started.time(),
        session.exercise + (f" ({session.variation})" if session.variation else ""),
        str(min(left.sets, right.sets)),
        _reps(left),
        _reps(right),
        f"{max(left.load_kg, right.load_kg):g}" if left.load_kg or right.load_kg else "-",
        "kept" if left.tempo_kept and right.tempo_kept else "faster",
        str(max(worst)) if worst else ("yes" if session.hurt else "-"),
        session.reason or "not ended",
    )


def _reps(side: SideOfSession) -> str:
    return f"{side.reps}/{side.reps_planned}"


def chart(sessions: Sequence[SessionDone]) -> str:
    """A bar a session and leg: kilos times reps, or reps where nothing was loaded. Empty for fewer than two."""
    shown = [s for s in sessions if s.left.reps or s.right.reps][-CHART_SESSIONS:]
    if len(shown) < 2:
        return ""
    is_loaded = any(s.left.volume_kg or s.right.volume_kg for s in shown)
    unit = "kilos x reps" if is_loaded else "reps"
    lines = [f"{unit}, the last {len(shown)} workouts"]
    values = {side: [_volume(getattr(s, side), is_loaded) for s in shown] for side in ("left", "right")}
    top = max(max(found) for found in values.values()) or 1.0
    for side, found in values.items():
        bars = "".join(BARS[min(len(BARS) - 1, int(value / top * len(BARS)))] if value else "." for value in found)
        lines.append(f"  {side:5} {bars}  {found[-1]:g}")
    return "\n".join(lines)


def _volume(side: SideOfSession, is_loaded: bool) -> float:
    return side.volume_kg if is_loaded else float(side.reps)
