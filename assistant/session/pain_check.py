"""After the next set: a pain that was allowed to stay is asked about again, and must not rise."""

from dataclasses import replace

from assistant import triage
from assistant.events import Heard
from assistant.reading import Reading
from assistant.red_flags import rank
from assistant.session import report
from assistant.session.phase import Phase
from assistant.session.state import Draft
from assistant.session.watch import Watch, checked, each, first, left, may_stay, meant


class PainCheck(Phase):
    """A number; up to three, and not worse a second time, may stay. Anything else that is told counts at once."""

    name = "pain_check"
    asks = True
    patience_seconds = 8.0
    patience_times = 2

    def enter(self, draft: Draft) -> None:
        draft.ask("pain_check")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if report.is_cry(draft, heard):
            report.call_out(draft, heard)
            return True
        if heard.intent in {"repeat", "louder", "quieter", "help", "where", "why"}:
            return False
        reading, table = report.read(draft, heard), draft.plan.reader.table
        if heard.intent in {"pause", "weight_off"} and not reading.families:
            draft.set(asked=0)  # "wait": more time to answer
            return True
        number = triage.score_in(heard.words, reading, table)
        if heard.intent in {"stop", "finish"} and number is None and not reading.families:
            draft.hush(urgent=True)
            draft.go("farewell", reason="pain", question="pain_over")
            return True
        draft.hush()
        watched = [one.report for one in each(draft.state.watch or Watch(0.0))]
        if report.is_elsewhere(watched, reading, draft):  # a report of its own; the number is not of this one
            new = triage.added(triage.Report(), heard.words, report.as_report(reading, draft.plan.reader), table)
            self._open(draft, new, draft.state.watch)
            return True
        named = self._named(draft, reading, number)
        more = self._more(draft, heard.words, replace(reading, score=number))
        if rank(triage.decide(more, table).level) >= rank("stop"):  # something else, or worse than a number tells
            self._open(draft, more, self._others(draft))
        elif number is not None:
            self._judge(draft, number, named, heard.words)
        elif heard.intent == "pain":  # it is there, and how bad was not said
            self._again(draft, table.score.middle_to * 1.0, heard.words)
        else:
            self.silent(draft)
        return True

    def _named(self, draft: Draft, reading: Reading, number: float | None) -> list[Watch]:
        """Those pains that the answer names. They come first: what else it tells is told of them."""
        if draft.state.watch is None:
            return []
        said = reading.families - reading.denied_places if number else reading.families
        named = meant(draft.state.watch, said, draft.plan.reader.table)
        draft.set(watch=first(draft.state.watch, named))
        return named

    def _judge(self, draft: Draft, score: float, named: list[Watch], words: str) -> None:
        watch, table = draft.state.watch or Watch(0.0), draft.plan.reader.table
        after = checked(watch, score, named)
        draft.note("pain_answer", question="check", answer="clear", words=words)
        if score <= table.score.low_to and may_stay(after):
            draft.set(watch=after)
            draft.resume()
        else:
            self._again(draft, max(score, table.score.low_to + 1.0), words)

    def silence(self, draft: Draft) -> None:
        self._again(draft, draft.plan.reader.table.score.middle_to * 1.0, "")

    def _again(self, draft: Draft, score: float, words: str) -> None:
        reading = Reading(frozenset({"hurt", "dull", "reported"}), score=score)
        self._open(draft, self._more(draft, words, reading), self._others(draft))

    def _more(self, draft: Draft, words: str, reading: Reading) -> triage.Report:
        """The old report with what is said now: what is known of it need not be asked again."""
        old = (draft.state.watch or Watch(0.0)).report
        return triage.added(replace(old, words=(), asked=()), words, reading, draft.plan.reader.table)

    def _others(self, draft: Draft) -> Watch | None:
        return left(draft.state.watch) if draft.state.watch else None

    def _open(self, draft: Draft, more: triage.Report, watch: Watch | None) -> None:
        """A report, and what is watched beside it."""
        draft.set(report=more, reported="", watch=watch)
        report.note_opened(draft, more.words[-1])
        draft.go("pain")
