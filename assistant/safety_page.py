"""The triage table as a person reads it: docs/SAFETY.md is made from this, so that it cannot differ from the data."""

from collections.abc import Iterable

from assistant.pack import Pack
from assistant.red_flags import LEVELS, RedFlags, Row
from assistant.session.ladder import (
    CALL_EVERY_SECONDS,
    CALL_MINUTES,
    EMERGENCY_EVERY_SECONDS,
    EMERGENCY_TIMES,
    STEP_SECONDS,
)
from assistant.session.pain import LOOK_AGAIN_SECONDS, PASSING_SECONDS, TIMES_UNCLEAR, Pain
from assistant.session.screen import HEARING_SECONDS, MORNING_DAYS, SAME_DAY
from assistant.triage import MOST_QUESTIONS

LEVEL_MEANS = {
    "emergency": "short sentences, the emergency number digit by digit, repeated; the session is over",
    "urgent": "care today: a doctor or an urgent care line; the session is over",
    "doctor": "speak to a doctor before training again; the session is over",
    "stop": "no more of this exercise today; the session is over",
    "lighten": f"the set is over; after {LOOK_AGAIN_SECONDS} s of rest asked again, and only then on, without weight",
    "continue": "may go on, on request; asked about after every set, and must not rise twice without being less in "
    "between, told in a set or asked about; pains in several places are each followed",
    "normal": "nothing but a muscle at work; goes on on request",
}

KINDS = {
    "guide": "**the guide**: the doctor-reviewed article on which the exercise is built",
    "public": "public health guidance, not the guide's",
    "own": "our own rule",
}


def page(pack: Pack, figures: Iterable[str]) -> str:
    """All of docs/SAFETY.md; `figures` are the lines that scripts/benchmark triage measured."""
    table = pack.red_flags
    parts = [
        HEAD,
        TABLE_HEAD,
        _table(table),
        "## The rows in full\n",
        *(_row(table, row) for row in table.rows),
        "## What each level does\n\n" + "\n".join(f"- **{name}**: {LEVEL_MEANS[name]}" for name in reversed(LEVELS)),
        _questions(table),
        MEANING.format(low=table.score.low_to, middle=table.score.middle_to),
        _ladder(),
        _before(table),
        NEVER,
        "## Sources\n\n" + "\n".join(f"- `{id}`: {s.title} ({KINDS[s.kind]})" for id, s in table.sources.items()),
        "## Measured\n\n    ./scripts/benchmark triage\n\n" + "\n".join(figures) + "\n\n" + MEASURED,
        UNSIGNED,
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _table(table: RedFlags) -> str:
    lines = ["| level | what is said | action | source |", "|---|---|---|---|"]
    for row in table.rows:
        kinds = "guide" if any(table.sources[source].kind == "guide" for source in row.sources) else ""
        cited = ", ".join(filter(None, [kinds and "Guide", *(f"`{s}`" for s in row.sources if s != "guide")]))
        lines.append(f"| {row.level} | {row.title} | {' '.join(row.say)} | {cited} |")
    return "\n".join(lines)


def _row(table: RedFlags, row: Row) -> str:
    notes = [
        "Calls out through the house at once, without a question." if row.calls else "",
        "Stands only until an answer says more." if row.provisional else "",
        f"Asked again after {PASSING_SECONDS // 60} minutes; not gone is an emergency." if row.rest_then_ask else "",
        "Only before the first rep." if row.only_before else "",
    ]
    said = "; ".join(f"“{phrase}”" for phrase in row.phrases)
    cited = "; ".join(f"{table.sources[source].title}" for source in row.sources)
    return (
        f"### {row.title}\n\n**{row.level}** (`{row.id}`). {' '.join(filter(None, notes))}\n\n"
        f"- Said: {' '.join(row.say)}\n- Why: {row.why}\n- Ways to say it, among others: {said}\n- Source: {cited}"
    )


def _questions(table: RedFlags) -> str:
    lines = [
        "## The questions\n",
        f"At most {MOST_QUESTIONS} for one report, in this order, and only what is still open and could change the "
        f"level. What was said already is never asked. After {TIMES_UNCLEAR} answers that answer nothing the "
        "question stays open, and the level goes up by one; without a side, both are locked.\n",
    ]
    lines += [f"- {question.text}" for question in table.questions]
    return "\n".join(lines)


def _ladder() -> str:
    return f"""## When nobody answers

After a report of pain: the question again after {Pain.patience_seconds:g} s, as loud as it goes; after another
{Pain.patience_seconds:g} s “Are you all right?”, twice, {STEP_SECONDS} s apart; then a siren and a spoken call for
anybody in the house, with the emergency number and, if it is set, the address, every {CALL_EVERY_SECONDS} s. Only
“I'm okay” ends it, or {CALL_MINUTES} minutes. “Stop” stops the siren and asks again. A cry for help
begins with the call. An emergency is said {EMERGENCY_TIMES} times, {EMERGENCY_EVERY_SECONDS} s apart, and becomes the
call when nobody says a word.

So it does for a "no", for "I can't reach my phone", and for whoever keeps talking without saying more. Silence after
a "stop", a "pause" or "end workout" that broke off a set with a weight is treated the same way.

Silence at the end of a set is treated the same way only if the set was done with a weight, or a pain was allowed to
stay: the coach has asked “Tell me when you are ready” three times by then, over some two minutes and after the
rest. Whoever trains without a weight may leave the room without a siren; whoever lies under one may not be able to
answer, and a false call is the smaller harm. A set itself needs no answer, so nothing is called out during it: a
lifter who cannot go on but can speak says so, and “help me” is heard at any moment.

The call is a loudspeaker's. The program has no telephone and says so."""


def _before(table: RedFlags) -> str:
    return f"""## Before a session

- The first time: the emergency number ({", ".join(table.emergency_numbers)}), and chest pain, fainting or supervised
  training ordered by a doctor, asked until it is answered. A “yes” locks both legs until a doctor has said yes, and
  so does something told of the past. After two sentences that answer nothing the session ends, and it is asked again.
  These are our own questions; the full form is the PAR-Q+, at eparmedx.com.
- Every time: pain that is not explained, and recent injury. A “yes” ends the session before anything is loaded.
- After a session with pain: how it was the next morning, 0 to 10, for each side (not before {SAME_DAY * 24:.0f} h
  have passed), and how it is now.

Nothing answers a question before it was asked: what is said while something else is told, or in its first
{HEARING_SECONDS:g} s, has the coach say it again. Pain is heard at any time.

**The lock.** A stop for pain locks loaded work on the side that hurt, or on both when no side was said; an emergency
and a call lock as soon as they begin, so that no power cut undoes them. It is told at
the next start and opened only by the check: nothing today, and {table.score.low_to} or less the next morning; a worse
morning keeps it for {MORNING_DAYS} days. If the row said doctor or worse, if it is the second session in a row, or if
it gets worse, only “yes, a doctor or a physiotherapist said so” opens it. A locked side rests while the
other trains."""


HEAD = """# Safety

<!-- Made from voices/en/red_flags.toml by: scripts/benchmark triage --write. Change that file, not this one. -->

The coach is a program and no doctor. It cannot see, it hears only words, and speech recognition fails. What it does
with a report of pain is written here in full, so that somebody who knows better can check it.

Pain may be said at any moment. The coach falls silent at once, stops counting, says how to get out from under the
weight (“Stop. Lower your hips. Put the weight down.” in the hip thrust), and asks what it still has to know."""

TABLE_HEAD = """## The table

The first row that fits, from the top. “Guide” marks what the guide itself says; all else is public guidance in words
of our own, or our own rule, and each row names its source below."""

MEANING = """## How words are understood

Words are gathered into families (“numb”, “tingling”, “no feeling”), and rows are
combinations of families. “Not”, “no” and “the pain is gone” take back what they stand
beside; “yesterday” and the like put a report into the past, which stops no set, except that chest pain and
fainting of the past are for a doctor. Scores are cut at {low} and {middle}: the scales in the sources differ
(0-3/4-5/6-10, 0-2/3-6/7-10, 0-3/4-7/8-10), and these are the strictest cuts that they share. Nothing that is said
later leads below the level of the worst thing said; only a bare “pain” that nobody meant can be taken back."""

NEVER = """## What it never says

The name of a disease. That training here makes injuries fewer. That pain should be trained through. That something is
certainly harmless. That it has called for help: it cannot. The tests look for such words in all that is spoken."""

MEASURED = """Each phrase is taken as the whole report, as typed words, without a microphone. A phrase counts when it
reaches its level or a worse one, one of “none” when it would not stop a set. The lists are in `tests/data`. The first
ones and the `held-out` ones were written before the rules; the `second` and `third` ones after them, in less and less
usual words. One person wrote lists and rules, which flatters both. What was missed was then mended by whole families
of words, so the figures above are not blind any more. These are, each measured once, before any change:

| list | reach their level | report nothing, as they should |
|---|---|---|
| held-out | 107 of 108 | 62 of 65 |
| second | 38 of 50 | 57 of 60 |
| third | 28 of 42 | 37 of 40 |

So expect that somebody who says it in a way that nobody thought of is not understood, once in a few times. The plain
words (“pain”, “it hurts”, “help me”) are always understood; the greeting teaches them, and the questions find out the
rest. What the recogniser makes of such words in a gym is another matter, and not in these figures."""

UNSIGNED = """## What is not checked

- No clinician has read or signed this table, these questions or these words.
- Rows marked with public guidance were worded from pages of health services and from copies of such pages; where an
  action was cut off in the copy (a sudden hip injury), its urgency is our reading.
- The times (how long dizziness may last, how often the call is repeated) are ours.
- No person in pain has used it. Reports of pain were tested with synthetic voices alone; people are heard only in
  recordings of ten single words and of ordinary talk ([HEARING.md](HEARING.md)).
- The words of the table are English. Another language needs its own table, and its own reader of it."""
