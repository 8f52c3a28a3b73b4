"""One page for an appointment: every report of pain with its words, answers, and what was advised."""

import html
import textwrap
from collections.abc import Sequence

from assistant.diary.recorder import BREAKS_IN
from assistant.diary.rows import PainReport
from assistant.red_flags import RedFlags

WIDTH = 88

TITLE = "Pain while training: a sheet for a doctor or physiotherapist"

NOTE = (
    "Written down by a voice coach during exercise, in the words of the person who trained, as a speech recogniser "
    "understood them. It holds no diagnosis. Levels are those of the program's own table, from harmless to worst: "
    "normal, continue, lighten, stop, doctor, urgent, emergency. Scores go from 0 (nothing) to 10."
)

DURING = {
    **dict.fromkeys(("unfinished", "greeting", "screen"), "before the workout"),
    "warmup": "in the warm-up",
    **dict.fromkeys(("equipment", "load", "steps"), "at the set-up"),
    "ready": "before set {set}",
    "set": "set {set}, after {rep} reps, {load}",
    "switch": "set {set}, between the legs, {load}",
    "rest": "in the rest before set {set}, {load}",
    **dict.fromkeys(("unload", "cooldown"), "in the cool-down"),
    **dict.fromkeys(("summary", "farewell"), "at the end of the workout"),
    "imported": "set {set}",
}
"""Phase of the workout -> what it was. Only where a set was going on was there a weight."""

STYLE = """
@page { size: A4; margin: 14mm }
body { font: 11pt/1.4 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #111 }
h1 { font-size: 15pt } h2 { font-size: 12pt; margin: 1.4em 0 .3em; border-bottom: 1px solid #999 }
table { border-collapse: collapse; width: 100% } section { break-inside: avoid }
th { text-align: left; font-weight: 600; width: 11em; vertical-align: top; padding: .1em .6em .1em 0 }
td { padding: .1em 0 } .note { color: #444; font-size: 9.5pt }
"""


def text(reports: Sequence[PainReport], table: RedFlags) -> str:
    """The sheet as plain text."""
    parts = [TITLE, _wrapped(NOTE), _wrapped(summary(reports))]
    for report in reports:
        lines = [heading(report)]
        for name, value in facts(report, table):
            lines.append(textwrap.fill(value, WIDTH, initial_indent=f"  {name + ':':19}", subsequent_indent=" " * 21))
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def page(reports: Sequence[PainReport], table: RedFlags) -> str:
    """The sheet as one HTML page, for printing; it loads nothing from anywhere."""
    sections = []
    for report in reports:
        cells = "".join(
            f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
            for name, value in facts(report, table)
        )
        sections.append(f"<section><h2>{html.escape(heading(report))}</h2><table>{cells}</table></section>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(TITLE)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{html.escape(TITLE)}</h1>"
        f'<p class="note">{html.escape(NOTE)}</p><p>{html.escape(summary(reports))}</p>'
        f"{''.join(sections)}</body></html>\n"
    )


def summary(reports: Sequence[PainReport]) -> str:
    """How many, since when, where most."""
    if not reports:
        return "No pain has been reported."
    places = [f"{report.side} {report.place}".strip() for report in reports if report.place]
    most = max(places, key=places.count, default="")
    worst = max((report.score for report in reports if report.score is not None), default=None)
    sentences = [
        f"{len(reports)} report{'s' if len(reports) > 1 else ''},",
        f"from {reports[0].at.day()} to {reports[-1].at.day()}.",
        f"Most often: {most} ({places.count(most)})." if most else "",
        f"Worst score: {worst}." if worst is not None else "",
    ]
    return " ".join(filter(None, sentences))


def heading(report: PainReport) -> str:
    """When, and in what."""
    return f"{report.at.day()} {report.at.time()}, {report.exercise.replace('-', ' ')}"


def facts(report: PainReport, table: RedFlags) -> list[tuple[str, str]]:
    """(name, value) of all that is known; what is not known is said to be so."""
    row = next((row for row in table.rows if row.id == report.row), None)
    where = f"{report.place or 'not said'}, {report.side or 'side not said, or both'}"
    return [
        ("Where", where),
        ("What it was like", report.kind or "not said"),
        ("Score", "not said" if report.score is None else f"{report.score} of 10"),
        ("Sudden", report.sudden or "not said"),
        ("Numb or weak", report.numb or "not said"),
        ("During", _during(report)),
        ("Words heard", f"\u201c{report.words}\u201d" if report.words else "none"),
        ("Taken as", f"{row.title if row else 'not in the table'} ({report.level or 'questions not finished'})"),
        ("Advice given", report.advice or "none"),
        ("Next morning", "not told" if report.next_morning is None else f"{report.next_morning} of 10"),
    ]


def _during(report: PainReport) -> str:
    """What was being done. A set that waits to be gone on with has begun; so has one that an older version of this
    program wrote down as the pause that broke in on it."""
    phase = "set" if report.rep and report.phase in {"ready", *BREAKS_IN} else report.phase
    load = "not known" if report.load_kg is None else f"{report.load_kg:g} kg" if report.load_kg else "body weight"
    return DURING.get(phase, "not known").format(set=report.set, rep=report.rep, load=load)


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDTH)
