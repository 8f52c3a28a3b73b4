"""When nobody answers, or somebody cries for help: louder, "are you all right?", then a call through the house."""

from assistant import triage
from assistant.events import Heard
from assistant.room import samples
from assistant.session import follow_up, report
from assistant.session.phase import Phase, was_counting
from assistant.session.state import Draft

ASK, ASK_AGAIN, CALL = 0, 1, report.CALL

STEP_SECONDS = 8
"""Silence after a question until the next step."""

CALL_EVERY_SECONDS = 10
"""Silence between two calls: somebody who answers must be heard."""

CALL_MINUTES = 30
"""After that long nobody in the house has come; the session ends, its guidance is said once more."""

EMERGENCY_EVERY_SECONDS = 10
EMERGENCY_TIMES = 3
"""How often the emergency guidance is said to somebody who says nothing, until it becomes a call."""


class Ladder(Phase):
    """`item` is the step: ask, ask again, call. Whoever answers is asked again; only "I'm okay" ends it."""

    name = "ladder"
    asks = True

    def enter(self, draft: Draft) -> None:
        draft.set(began_at=draft.at)
        draft.louder()
        self._step(draft)

    def _step(self, draft: Draft) -> None:
        step = draft.state.item
        if step <= CALL:
            draft.note("ladder", step="call" if step == CALL else "ask")
        draft.new_prompt()
        if step < CALL:
            draft.ask("ladder_ask")
            return
        if step == CALL:
            report.note_report(draft)
            if report.is_open(draft) and draft.state.asking != "go on":
                report.lock(draft)  # now: whoever answers no more, or pulls the plug, ends nothing
            decision = triage.decide(draft.state.report, draft.plan.reader.table)
            if decision.row and decision.row.calls:
                draft.note("emergency", row=decision.row.id)
                draft.say("guidance", text=" ".join(decision.row.say))
        draft.tone("siren")
        if draft.plan.address:
            draft.ask("ladder_call_address", digits=draft.number_to_call, address=draft.plan.address)
        else:
            draft.ask("ladder_call", digits=draft.number_to_call)
        draft.ask("ladder_how_to_end")

    def spoken(self, draft: Draft) -> None:
        wait = STEP_SECONDS if draft.state.item < CALL else CALL_EVERY_SECONDS
        draft.timer("step", draft.at + samples(wait))

    def due(self, draft: Draft, timer: str) -> None:
        if draft.at - draft.state.began_at > samples(CALL_MINUTES * 60):
            draft.back_to_loudness()
            self._end(draft)
        else:
            draft.set(item=draft.state.item + 1)
            self._step(draft)

    def hear(self, draft: Draft, heard: Heard) -> bool:
        calling = draft.state.item >= CALL
        if heard.intent == "okay" or (heard.intent == "yes" and not calling):
            draft.hush(urgent=True)
            draft.back_to_loudness()
            draft.say("ladder_ok")
            if draft.state.asking == "go on" and report.is_open(draft):
                draft.set(phase="pain", timers=(), asked=0, prompt=())  # all was answered but how to go on
                draft.phase.resume(draft)
            elif report.is_open(draft):
                report.end(draft)
            elif was_counting(draft):
                draft.go("paused")  # the weight is down
            else:
                draft.resume()
            return True
        if draft.state.asking == "go on" and follow_up.tells_of_more(draft, heard, report.read(draft, heard)):
            draft.set(asking="")  # it is not all answered any more
        if report.is_open(draft) or heard.intent in {"pain", "no"} or report.is_cry(draft, heard):
            report.add(draft, heard)  # also what answers nothing: a number
        if heard.intent in {"pain", "no"} or report.is_cry(draft, heard):
            draft.set(asking="")
            if not calling:
                draft.hush(urgent=True)
                self._go_to(draft, CALL)
        elif heard.intent != "answer":  # somebody is there: the siren stops, and they are asked
            draft.hush(urgent=True)
            self._go_to(draft, ASK)
        return True

    def _go_to(self, draft: Draft, step: int) -> None:
        draft.set(item=step)
        self._step(draft)

    def closed(self, draft: Draft) -> None:
        draft.hush(urgent=True)
        self._end(draft)

    def _end(self, draft: Draft) -> None:
        if report.is_open(draft):
            report.end(draft)
        else:
            report.close_side(draft, "stopped")
            draft.go("farewell", reason="silence", question="bye_silence")


class Emergency(Phase):
    """Short sentences and the number, again and again, until somebody says that they are all right."""

    name = "emergency"
    asks = True

    def enter(self, draft: Draft) -> None:
        decision = triage.decide(draft.state.report, draft.plan.reader.table)
        report.note_report(draft)
        report.lock(draft)  # now: the power may go before anybody is all right
        draft.note("emergency", row=decision.row.id if decision.row else "unclear")
        if decision.row:
            draft.ask("guidance", text=" ".join(decision.row.say))
        draft.ask("emergency_call", digits=draft.number_to_call)
        draft.ask("emergency_alone")

    def spoken(self, draft: Draft) -> None:
        draft.timer("again", draft.at + samples(EMERGENCY_EVERY_SECONDS))

    def due(self, draft: Draft, timer: str) -> None:
        if draft.state.item + 1 >= EMERGENCY_TIMES:
            draft.go("ladder", item=CALL)
        else:
            draft.set(item=draft.state.item + 1)
            draft.repeat_prompt()

    def hear(self, draft: Draft, heard: Heard) -> bool:
        reading = report.read(draft, heard)
        tells = reading.families or reading.denied or reading.past or reading.numbers or reading.retracts
        if heard.intent == "answer" and not tells:
            return True  # it may be anybody in the room
        if report.is_cry(draft, heard):
            report.call_out(draft, heard)
        elif heard.intent == "no" or (heard.intent == "answer" and "cannot" in reading.families):
            report.add(draft, heard)  # "I can't reach my phone"
            draft.hush(urgent=True)
            draft.go("ladder", item=CALL)
        elif heard.intent == "okay":  # a "stop" said in fright ends nothing that somebody may need
            draft.hush(urgent=True)
            report.end(draft)
        elif heard.intent in {"pain", "answer"}:
            report.add(draft, heard)
            decision = triage.decide(draft.state.report, draft.plan.reader.table)
            if decision.row and decision.row.calls:
                draft.hush(urgent=True)
                draft.go("ladder", item=CALL)
        elif heard.intent in {"repeat", "louder", "quieter", "why"}:
            return False
        else:
            draft.hush(urgent=True)
            self.due(draft, "again")  # somebody is there, but the guidance does not help them: so neither for ever
        return True

    def why(self, draft: Draft) -> None:
        decision = triage.decide(draft.state.report, draft.plan.reader.table)
        if decision.row:
            draft.say("guidance", text=decision.row.why)

    def closed(self, draft: Draft) -> None:
        draft.hush()
        report.end(draft)
