"""The report: one page that holds everything it needs, for a phone, a screen and paper. Pure text."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from assistant.charts import Band, Point, bars, dots, dots_and_line
from assistant.dates import Moment
from assistant.diary.rows import SessionDone, SideOfSession
from assistant.exercise import Programming
from assistant.progress import MOST_PAIN, WEEK_DAYS

MOST_POINTS = 150
"""With more sessions than this, a point is a week."""

TABLE_ROWS = 30

DAY_SECONDS = 86_400

STYLE = """
:root { color-scheme: light dark; --page: #fbfaf7; --card: #ffffff; --ink: #1d1c1a; --soft: #6b6862;
  --rule: #dfdbd2; --left: #1f5fbf; --right: #a84a12; --band: #2e8b572e; }
@media (prefers-color-scheme: dark) { :root { --page: #161514; --card: #211f1d; --ink: #ece9e3; --soft: #a8a39a;
  --rule: #3a3733; --left: #7db0ff; --right: #ffa066; --band: #5ec98a38; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: .5rem 0 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; } p { margin: .25rem 0 .75rem; } .soft { color: var(--soft); font-size: .9rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; padding: 0; }
.facts div, figure { background: var(--card); border: 1px solid var(--rule); border-radius: .6rem;
  padding: .75rem; margin: 0; }
.facts b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: .75rem; }
.both { max-width: 37rem; }
svg { display: block; width: 100%; height: auto; }
.grid { stroke: var(--rule); stroke-width: 1; } .tick { fill: var(--soft); font-size: 11px; }
.band { fill: var(--band); } .line { fill: none; stroke: var(--side); stroke-width: 1.5; opacity: .55; }
.dot, .bar { fill: var(--side); } .dot.marked { fill: var(--card); stroke: var(--side); stroke-width: 2; }
.bar.marked { fill: var(--card); stroke: var(--side); stroke-width: 1.5; }
.left { --side: var(--left); } .right { --side: var(--right); } .both { --side: var(--ink); }
.left h3, .right h3 { color: var(--side); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; font-size: .85rem; }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #444; --rule: #bbb;
  --left: #1f5fbf; --right: #a84a12; --band: #2e8b572e; }
  body { max-width: none; padding: 0; font-size: 11pt; } figure, .facts div, tr { break-inside: avoid; }
  h2 { break-after: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def page(sessions: Sequence[SessionDone], dose: Programming, name: str, now: Moment) -> str:
    """The whole page, HTML. `sessions` are those of one exercise, the oldest first."""
    trained = [session for session in sessions if session.left.reps or session.right.reps]
    body = "".join(_charts(trained, dose)) if trained else "<p>No reps are in the diary yet.</p>"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Nothing may be fetched, even if a text in the diary tried to.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(name)}: training report</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(name[0].upper() + name[1:])}</h1>\n"
        f'<p class="soft">Training report of {now.day()}. Made on this machine; nothing in it is fetched from '
        "anywhere.</p>\n"
        f"{_facts(trained)}{body}{_table(sessions)}\n"
        '<p class="soft">The green bands: for load and volume, up to '
        f"{dose.progress_percent_a_week} % more than a week before, as the guide advises; for pain, 0 to "
        f"{MOST_PAIN}, where work may go on; for recovery, {dose.recovery_hours[0]} to {dose.recovery_hours[1]} "
        "hours. This is a record and no medical advice.</p>\n</body>\n</html>\n"
    )


def _facts(trained: Sequence[SessionDone]) -> str:
    if not trained:
        return ""
    last = trained[-1]
    facts = (
        ("workouts", f"{len(trained)}"),
        ("since", trained[0].started.day()),
        ("the last one", last.started.day()),
        ("reps, left", f"{sum(session.left.reps for session in trained)}"),
        ("reps, right", f"{sum(session.right.reps for session in trained)}"),
        ("weight, last time", f"{max(last.left.load_kg, last.right.load_kg):g} kg"),
    )
    return f'<div class="facts">{"".join(f"<div>{escape(k)}<b>{escape(v)}</b></div>" for k, v in facts)}</div>\n'


def _charts(trained: Sequence[SessionDone], dose: Programming) -> Iterable[str]:
    groups = _groups(trained)
    days = trained[0].started.day(), trained[-1].started.day()
    each = "A point is a workout." if len(groups) == len(trained) else "A point is a week, its average workout."
    percent = dose.progress_percent_a_week
    yield f'<p class="soft">{each}</p>\n'
    for title, note, draw in (
        ("Load", f"Kilograms, with the band of {percent} % a week.", _load),
        (
            "Volume",
            f"Reps times kilograms, or reps if no weight was ever used, with the band of {percent} % a week.",
            _volume,
        ),
        ("Reps and tempo", "Reps in a workout. Hollow: the way down was faster than planned.", _reps),
        ("Pain", "The worst score reported in a workout, 0 to 10. None is shown as 0.", _pain),
    ):
        yield f'<h2>{title}</h2>\n<p class="soft">{note}</p>\n<div class="charts">'
        for side in ("left", "right"):
            svg = draw(groups, side, days, dose)
            yield f'<figure class="{side}"><h3>{side.capitalize()} leg</h3>{svg}</figure>'
        yield "</div>\n"
    gaps = _gaps(trained, dose.recovery_hours[0])
    if gaps:
        low, high = dose.recovery_hours
        svg = bars("Hours between workouts", gaps, days, (float(low), float(high)))
        yield (
            f'<h2>Recovery</h2>\n<p class="soft">Hours since the workout before, up to {_LONGEST_GAP} shown. '
            f"Hollow: less than {low}.</p>\n"
            f'<div class="charts"><figure class="both"><h3>Both legs</h3>{svg}</figure></div>\n'
        )


Group = Sequence[SessionDone]


def _groups(trained: Sequence[SessionDone]) -> list[Group]:
    """Sessions, or weeks of them where there are many."""
    if len(trained) <= MOST_POINTS:
        return [[session] for session in trained]
    weeks: dict[str, list[SessionDone]] = {}
    for session in trained:
        weeks.setdefault(session.started.week(), []).append(session)
    return list(weeks.values())


def _side(session: SessionDone, side: str) -> SideOfSession:
    return session.left if side == "left" else session.right


def _points(groups: Sequence[Group], side: str, value: str, unit: str) -> list[Point]:
    found = []
    for group in groups:
        mean = sum(float(getattr(_side(session, side), value)) for session in group) / len(group)
        kept = all(_side(session, side).tempo_kept for session in group)
        label = f"{group[0].started.day()}: {round(mean, 1):g} {unit}"
        found.append(Point(group[0].started.at, mean, label, is_marked=not kept and value == "reps"))
    return found


def _week_bands(points: Sequence[Point], percent: int) -> list[Band]:
    """Up to so many percent over what was a week before each point; the first point is its own measure."""
    bands = []
    before = 0
    for point in points:
        while before + 1 < len(points) and points[before + 1].at <= point.at - WEEK_DAYS * DAY_SECONDS:
            before += 1
        base = points[before].value
        bands.append(Band(point.at, base, base * (1 + percent / 100)))
    return bands


def _load(groups: Sequence[Group], side: str, days: tuple[str, str], dose: Programming) -> str:
    points = _points(groups, side, "load_kg", "kg")
    bands = _week_bands(points, dose.progress_percent_a_week)
    return dots_and_line(f"Load, {side} leg, in kilograms", points, days, bands)


def _volume(groups: Sequence[Group], side: str, days: tuple[str, str], dose: Programming) -> str:
    is_loaded = any(_side(session, side).volume_kg for group in groups for session in group)
    points = _points(groups, side, "volume_kg" if is_loaded else "reps", "kg" if is_loaded else "reps")
    bands = _week_bands(points, dose.progress_percent_a_week)
    return dots_and_line(f"Volume, {side} leg", points, days, bands)


def _reps(groups: Sequence[Group], side: str, days: tuple[str, str], dose: Programming) -> str:
    return bars(f"Reps, {side} leg", _points(groups, side, "reps", "reps"), days)


def _pain(groups: Sequence[Group], side: str, days: tuple[str, str], dose: Programming) -> str:
    found = []
    for group in groups:
        scores = [session.pain_left if side == "left" else session.pain_right for session in group]
        worst = max((score for score in scores if score is not None), default=0)
        found.append(Point(group[0].started.at, worst, f"{group[0].started.day()}: {worst} of 10"))
    return dots(f"Pain, {side} leg, 0 to 10", found, days, (0.0, float(MOST_PAIN)), 10.0)


_LONGEST_GAP = 336


def _gaps(trained: Sequence[SessionDone], low: float) -> list[Point]:
    """Hours between workouts; with many of them, the shortest of each week."""
    gaps = [(session, (session.started.at - before.started.at) / 3600) for before, session in pairwise(trained)]
    if len(gaps) > MOST_POINTS:
        shortest: dict[str, tuple[SessionDone, float]] = {}
        for session, hours in gaps:
            week = session.started.week()
            if week not in shortest or hours < shortest[week][1]:
                shortest[week] = (session, hours)
        gaps = list(shortest.values())
    return [
        Point(s.started.at, min(hours, _LONGEST_GAP), f"{s.started.day()}: {hours:.0f} h", is_marked=hours < low)
        for s, hours in gaps
    ]


def _table(sessions: Sequence[SessionDone]) -> str:
    rows = "".join(_table_row(session) for session in reversed(sessions[-TABLE_ROWS:]))
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in ("Date", "Left", "Right", "Kilos", "Tempo", "Pain", "End"))
    return (
        f'<h2>The last workouts</h2>\n<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _table_row(session: SessionDone) -> str:
    left, right = session.left, session.right
    worst = [score for score in (session.pain_left, session.pain_right) if score is not None]
    cells = (
        session.started.day(),
        f"{left.reps}/{left.reps_planned}",
        f"{right.reps}/{right.reps_planned}",
        f"{max(left.load_kg, right.load_kg):g}",
        "kept" if left.tempo_kept and right.tempo_kept else "faster",
        str(max(worst)) if worst else ("yes" if session.hurt else "none"),
        session.reason or "not ended",
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
