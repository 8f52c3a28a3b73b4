"""A report of pain: silence, at most three questions, a row of the table, and what follows from it."""

from dataclasses import replace

from assistant import triage
from assistant.events import Heard
from assistant.red_flags import rank
from assistant.room import samples
from assistant.session import follow_up, report
from assistant.session.phase import GO_ON, Phase
from assistant.session.state import Draft

LOOK_AGAIN_SECONDS = 60
"""Rest before a middling pain is asked about again: the guide's shortest rest between sets."""

PASSING_SECONDS = 180
"""How long dizziness has to pass. The guidance says "a few minutes"."""

ASKED_WITH = {"passed": "pain_passed", "score again": "pain_score_again", "go on": "pain_go_on"}
"""What this module asks once a row was found: whether it has passed, how it is after a rest, whether to go on."""

FOLLOW_UPS = {"pass": "passed", "look again": "score again"}
"""After the guidance of a row that waits: what is asked when the time is over."""

TIMES_UNCLEAR = 2
"""Answers that answer nothing until a question counts as unclear."""


class Pain(Phase):
    """Silence at once, the safe words, then the questions. `asking` in the state says which one is open."""

    name = "pain"
    asks = True
    patience_seconds = 8.0
    patience_times = 2

    def enter(self, draft: Draft) -> None:
        draft.set(began_at=draft.at, asking="")
        if not self._is_emergency(draft):
            draft.ask("pain_stop")

    def resume(self, draft: Draft) -> None:
        """After deafness: what was open is asked again."""
        draft.set(began_at=draft.at)
        draft.new_prompt()
        asking = FOLLOW_UPS.get(draft.state.asking, draft.state.asking)
        question = next((one for one in draft.plan.reader.table.questions if one.id == asking), None)
        if question:
            draft.ask("pain_question", text=question.text)
        elif asking:
            self._ask(draft, asking, ASKED_WITH[asking])
        else:
            draft.ask("pain_stop")

    def spoken(self, draft: Draft) -> None:
        match draft.state.asking:
            case "":
                self._next(draft)
            case "look again" | "pass" as wait if all(name != wait for _, name in draft.state.timers):
                draft.timer(wait, draft.at + samples(PASSING_SECONDS if wait == "pass" else LOOK_AGAIN_SECONDS))
            case "look again" | "pass":
                pass  # a remark makes it no longer
            case _:
                super().spoken(draft)

    def due(self, draft: Draft, timer: str) -> None:
        if timer in FOLLOW_UPS and timer == draft.state.asking:
            self._ask(draft, FOLLOW_UPS[timer], ASKED_WITH[FOLLOW_UPS[timer]])

    # ---- what is heard

    def too_much(self, draft: Draft) -> str:
        return "too_much" if draft.state.asking == "go on" else "answer"

    def hear(self, draft: Draft, heard: Heard) -> bool:
        state = draft.state
        if state.asked:
            draft.back_to_loudness()
        if report.is_cry(draft, heard):
            report.call_out(draft, heard)
            return True
        match heard.intent:
            case "repeat" | "louder" | "quieter" | "where" | "why":
                return False
            case "help" if state.asking != "go on":
                return False
            case "stop" | "finish" | "done" if report.says_more(draft, heard):  # "stop, it's my chest"
                self._hear_more(draft, heard)
            case "weight_off" | "pause" if not report.read(draft, heard).families:
                draft.set(asked=0)  # "wait", "it's off": more time to answer
            case "done" if state.asking != "go on":
                draft.set(asked=0)  # the weight was to be put down
            case "stop" if draft.at - state.began_at < samples(report.SAME_FRIGHT_SECONDS):
                pass  # "ow, stop": we are quiet already
            case "stop" | "finish" | "done" | "too_much":
                draft.hush(urgent=True)
                self._give_up(draft)
            case "resume" | "ready" if state.asking == "go on":
                draft.hush()
                follow_up.go_on(draft)
            case _:
                self._hear_more(draft, heard)
        return True

    def _hear_more(self, draft: Draft, heard: Heard) -> None:
        """What is said of the pain, whatever is open."""
        asking = draft.state.asking
        if asking in {"", "look again", "pass"}:
            known, signs = draft.state.report.families, report.read(draft, heard).families
            waits = any(name == "pass" for _, name in draft.state.timers)  # its guidance was said to the end
            before, reading, looks_again = draft.state.report, report.read(draft, heard), asking == "look again"
            report.add(draft, heard)
            is_worse = looks_again and rank(draft.state.report.least) >= rank("stop")
            if looks_again and not is_worse and report.is_elsewhere([before], reading, draft):
                draft.set(report=before)
                if follow_up.names_a_pain(draft, heard, reading):
                    self._anew(draft, heard)
                return
            tells = waits and not draft.plan.reader.is_only_where(signs)  # "my legs are up" is what was asked for
            if self._is_emergency(draft) or not (is_worse or tells):
                return
            draft.hush()
            draft.cancel("look again")
            self._next(draft) if signs - known or is_worse else draft.repeat_prompt()
        elif asking == "go on":
            self._hear_before_going_on(draft, heard)
        else:
            self._answer(draft, heard)

    def _answer(self, draft: Draft, heard: Heard) -> None:
        """What is said to an open question: an answer, more of the report, a retraction, or nothing clear."""
        asking, reading = draft.state.asking, report.read(draft, heard)
        # Only a bare "pain" that nobody meant can be taken back: a knee that hurts no more once the weight is down
        # did hurt, and "no pain, just pressure on my chest" is a report.
        is_taken_back = reading.retracts and not reading.families and draft.state.report.families <= report.BARE
        is_taken_back &= draft.state.report.least == "normal" and asking not in ASKED_WITH
        if is_taken_back:
            draft.hush()
            draft.note("pain_answer", question=asking, answer="retracted", words=heard.words)
            report.note_report(draft, taken_back=True)
            draft.set(report=triage.Report(families=frozenset({"reported"})), reported="")
            self._ask(draft, "go on", "pain_retracted")
        elif self._is_answer(draft, heard, reading):
            draft.hush()
            draft.note("pain_answer", question=asking, answer="clear", words=heard.words)
            if not self._is_emergency(draft):
                self._after(draft, asking)
        else:
            before = rank(draft.state.report.least)
            if (reading.families or reading.numbers) and asking not in ASKED_WITH:  # there it was added already
                report.add(draft, heard)
            if self._is_emergency(draft):
                return
            draft.hush()
            if before < rank("urgent") <= rank(draft.state.report.least):  # no answer matters any more
                self._next(draft)
                return
            draft.note("pain_answer", question=asking, answer="unclear", words=heard.words)
            draft.set(asked=draft.state.asked + 1)
            if draft.state.asked < TIMES_UNCLEAR:
                draft.repeat_prompt()
            else:
                self._leave_open(draft, asking)
                if not self._is_emergency(draft):
                    self._after(draft, asking)

    def _is_answer(self, draft: Draft, heard: Heard, reading: triage.Reading) -> bool:
        """Puts an answer into the report; False when it is none."""
        table = draft.plan.reader.table
        match draft.state.asking:
            case "passed":
                return follow_up.has_answered_passed(draft, heard, reading)
            case "score again":
                return follow_up.has_answered_score(draft, heard, reading)
        question = next(one for one in table.questions if one.id == draft.state.asking)
        more = triage.answered(draft.state.report, question, heard.words, reading, table)
        if more is None and not (question.yes or question.no) and not reading.families:
            more = follow_up.without_pain(draft, heard, reading)
        if more is not None:
            draft.set(report=more)
        return more is not None

    def _after(self, draft: Draft, asking: str) -> None:
        """Where a question leads once it is answered, or given up."""
        so_far = draft.state.report
        match asking:
            case "passed" if asking in so_far.unclear:
                draft.set(report=replace(so_far, families=so_far.families | {"not_passed"}))
                self._is_emergency(draft)
            case "score again" if asking not in so_far.unclear and rank(so_far.least) < rank("stop"):
                draft.set(load_kg=0.0, eased=True)
                draft.note("load", kg=0.0)
                self._ask(draft, "go on", "pain_eased")
            case "passed" | "score again":
                report.end(draft)
            case _:
                self._next(draft)

    def _hear_before_going_on(self, draft: Draft, heard: Heard) -> None:
        reading = report.read(draft, heard)
        if follow_up.tells_of_more(draft, heard, reading):
            self._anew(draft, heard)
        elif heard.intent == "no" and not reading.painless:
            draft.hush()
            self._end_by_choice(draft)
        elif heard.intent in GO_ON | {"no", "help"}:
            # A "yes" says neither, and "no pain" is no wish to end: how to go on is said again, as often as it takes.
            draft.hush()
            draft.repeat_prompt()
        else:
            draft.hush()
            self.silent(draft)

    def _anew(self, draft: Draft, heard: Heard) -> None:
        """It hurts more, or somewhere else, after all was asked: the questions come once more."""
        draft.hush()
        draft.cancel("look again")
        report.reopen(draft, heard)
        if not self._is_emergency(draft):
            self._next(draft)

    def why(self, draft: Draft) -> None:
        decision = triage.decide(draft.state.report, draft.plan.reader.table)
        if decision.row and not decision.provisional:
            draft.say("guidance", text=decision.row.why)
        else:
            draft.say("why_pain")

    # ---- silence

    def ask_again(self, draft: Draft) -> None:
        """Louder; after that somebody may be unable to answer."""
        draft.louder()
        draft.repeat_prompt()

    def silence(self, draft: Draft) -> None:
        if draft.state.asking != "go on":  # there all was answered that was asked about the pain
            self._leave_open(draft, "silence")
        draft.go("ladder", item=0)

    def closed(self, draft: Draft) -> None:
        """Nobody will answer any more, and no answer is the stricter one."""
        draft.hush()
        self._give_up(draft)

    # ---- asking

    def _next(self, draft: Draft) -> None:
        """The next question, or the decision."""
        table, so_far = draft.plan.reader.table, draft.state.report
        question = triage.next_question(so_far, table)
        if question is None:
            self._decide(draft)
        else:
            draft.set(report=replace(so_far, asked=(*so_far.asked, question.id)))
            self._ask(draft, question.id, "pain_question", text=question.text)

    def _ask(self, draft: Draft, asking: str, line: str, **slots: object) -> None:
        draft.set(asking=asking, asked=0)
        draft.new_prompt()
        draft.ask(line, **slots)

    def _leave_open(self, draft: Draft, what: str) -> None:
        so_far = draft.state.report
        draft.set(report=replace(so_far, unclear=so_far.unclear | {what}))

    # ---- deciding

    def _is_emergency(self, draft: Draft) -> bool:
        """Goes there at once, whatever was asked."""
        decision = triage.decide(draft.state.report, draft.plan.reader.table)
        if decision.row and decision.row.calls:
            draft.hush(urgent=True)
            draft.go("ladder", item=report.CALL)
        elif decision.level == "emergency":
            draft.hush(urgent=True)
            draft.go("emergency", item=0)
        else:
            return False
        return True

    def _decide(self, draft: Draft) -> None:
        decision = report.decided(draft)
        row = decision.row
        if row is None or self._is_emergency(draft):
            if row is None:  # nothing of the table was said, and nobody took it back
                self._leave_open(draft, "silence")
                report.end(draft)
            return
        guidance = " ".join(row.say)
        match decision.level:
            case "normal" | "continue":
                report.note_report(draft)
                draft.new_prompt()
                draft.say("guidance", text=guidance)
                draft.set(asking="go on", asked=0)
                draft.ask("pain_go_on")
            case "lighten":
                report.note_report(draft)
                draft.set(asking="look again")
                if decision.raised:  # the row's own words would let it stay
                    rows = draft.plan.reader.table.rows
                    guidance = next(" ".join(one.say) for one in rows if one.level == "lighten")
                draft.new_prompt()
                draft.ask("guidance", text=guidance)
            case "stop" if row.rest_then_ask and not decision.raised:
                draft.set(asking="pass")
                draft.new_prompt()
                draft.ask("guidance", text=guidance)
            case _:
                report.end(draft)

    def _give_up(self, draft: Draft) -> None:
        """No more questions: what is open stays unclear. Who was about to go on may simply end."""
        if draft.state.asking == "go on":
            self._end_by_choice(draft)
            return
        self._leave_open(draft, "silence")
        if not self._is_emergency(draft):
            report.end(draft)

    def _end_by_choice(self, draft: Draft) -> None:
        report.close_side(draft)
        draft.go("farewell", reason="pain", question="pain_over")
