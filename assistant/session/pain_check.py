"""After the next set: a pain that was allowed to stay is asked about again, and must not rise."""

from dataclasses import replace

from assistant import triage
from assistant.events import Heard
from assistant.reading import Reading
from assistant.session import report
from assistant.session.phase import Phase
from assistant.session.state import Draft, Watch


class PainCheck(Phase):
    """A number; up to three, and not worse twice in a row, may stay."""

    name = "pain_check"
    asks = True
    patience_seconds = 8.0
    patience_times = 2

    def enter(self, draft: Draft) -> None:
        draft.ask("pain_check")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if report.is_cry(heard):
            report.call_out(draft, heard)
            return True
        if heard.intent in {"repeat", "louder", "quieter", "help", "where", "why"}:
            return False
        reading = report.read(draft, heard)
        draft.hush()
        if reading.retracts:
            self._judge(draft, 0.0, heard.words)
        elif reading.numbers:
            self._judge(draft, max(reading.numbers), heard.words)
        else:
            self.silent(draft)
        return True

    def _judge(self, draft: Draft, score: float, words: str) -> None:
        watch, table = draft.state.watch or Watch(0.0), draft.plan.reader.table
        rises = watch.rises + 1 if score > watch.score else 0
        draft.note("pain_answer", question="check", answer="clear", words=words)
        if score <= table.score.low_to and rises < 2:
            draft.set(watch=replace(watch, score=score, rises=rises) if score else None)
            draft.resume()
        else:
            self._again(draft, max(score, table.score.low_to + 1.0), words)

    def silence(self, draft: Draft) -> None:
        self._again(draft, draft.plan.reader.table.score.middle_to * 1.0, "")

    def _again(self, draft: Draft, score: float, words: str) -> None:
        """The old report with its new number: what is known of it need not be asked again."""
        old = (draft.state.watch or Watch(0.0)).report
        reading = Reading(frozenset({"hurt", "dull", "reported"}), score=score)
        more = triage.added(replace(old, words=(), asked=()), words, reading, draft.plan.reader.table)
        draft.set(report=more, reported="", watch=None)
        draft.go("pain")
