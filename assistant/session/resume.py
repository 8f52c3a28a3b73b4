"""The first question after the power went in the middle of a workout: go on where it was?"""

from collections.abc import Iterable
from dataclasses import replace

from assistant import triage
from assistant.events import Heard
from assistant.past import Told
from assistant.session import report
from assistant.session.phase import Phase
from assistant.session.state import Draft, SideResult
from assistant.session.watch import Watch, told
from assistant.tempo import Tempo

COLD_HOURS = 1 / 3
"""After so long the muscles have cooled down, and it is said."""


class Unfinished(Phase):
    """ "You were in set two, left leg, after five reps. Continue?" A yes goes on before the next rep, when the
    lifter is ready; a no closes that workout; silence leaves it open, and a new one begins."""

    name = "unfinished"
    patience_times = 2

    def enter(self, draft: Draft) -> None:
        was = draft.plan.past.unfinished
        assert was is not None
        if was.reps:
            draft.ask("ask_unfinished", set=was.set, side=was.side, reps=was.reps)
        else:
            draft.ask("ask_unfinished_set", set=was.set, side=was.side)

    def hear(self, draft: Draft, heard: Heard) -> bool:
        match heard.intent:
            case "yes" | "resume" | "ready" | "start" | "okay":
                self._go_on(draft)
            case "no" | "skip" | "finish" | "done":
                draft.note("unfinished", answer="no")
                draft.hush()
                draft.say("unfinished_closed")
                draft.go("greeting")
            case _:
                return False
        return True

    def _watch(self, draft: Draft, reports: Iterable[Told]) -> Watch | None:
        """The pains that were allowed to stay are watched as before. One that took the weight away had dropped, and
        may not rise above that."""
        reader, watch = draft.plan.reader, None
        for one in reports:
            score = min(one.score, float(reader.table.score.low_to))
            so_far = triage.Report()
            for words in one.words.split(" / "):
                reading = replace(report.as_report(reader.read(words), reader), score=score)
                so_far = triage.added(so_far, words, reading, reader.table)
            watch = told(watch, so_far, reader.table)
        return watch

    def silence(self, draft: Draft) -> None:
        draft.note("unfinished", answer="none")
        draft.go("greeting")

    def _go_on(self, draft: Draft) -> None:
        was = draft.plan.past.unfinished
        assert was is not None
        if draft.state.locked:  # cut off after a stop for pain: first the check
            self.silence(draft)
            return
        draft.note("unfinished", answer="yes")
        draft.hush()
        if was.hours_ago > COLD_HOURS:
            draft.say("unfinished_cold")
        draft.be_as_it_was()
        draft.set(watch=self._watch(draft, was.watched), eased=any(one.eased for one in was.watched))
        draft.go(
            "ready",
            set=was.set,
            side=was.side,
            reps=was.reps,
            load_kg=was.load_kg,
            lifted_kg=was.load_kg,
            loaded=bool(was.reps and was.load_kg) or any(d.reps and d.load_kg for d in was.done),
            tempo=Tempo.parse(was.tempo),
            results=tuple(
                SideResult(d.set, d.side, d.reps, d.load_kg, d.tempo, d.ended)  # type: ignore[arg-type]
                for d in was.done
            ),
        )
