"""After the last rep: the weight off, mobility, the summary, and the two ways to say good-bye."""

from assistant.events import Heard
from assistant.exercise import Stretch
from assistant.red_flags import rank
from assistant.room import samples
from assistant.session.phase import GO_ON, Phase
from assistant.session.state import Draft
from assistant.triage import decide, side_of


class Unload(Phase):
    """After the last loaded set the weight comes off, and somebody says so: it was the hardest one, and after it
    nothing else would ask whether they are still there."""

    name = "unload"

    def enter(self, draft: Draft) -> None:
        draft.ask("unload")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent == "finish":
            draft.hush()
            self._onward(draft, "summary", "complete")
        elif heard.intent in GO_ON | {"skip", "weight_off"}:
            draft.hush()
            self._onward(draft, "cooldown")
        elif heard.intent == "no":
            draft.hush()
            draft.repeat_prompt()
        else:
            return False
        return True

    def silence(self, draft: Draft) -> None:
        draft.interrupt("ladder")

    def _onward(self, draft: Draft, phase: str, reason: str = "") -> None:
        """The weight is off: what is watched is asked about, also of whoever ends here, and then it goes on."""
        if draft.state.watch:
            draft.set(phase=phase, item=0, reason=reason)
            draft.interrupt("pain_check")
        else:
            draft.go(phase, item=0, reason=reason)


class CoolDown(Phase):
    """Mobility work, one stretch after the other, each with its time: a sided one has it twice."""

    name = "cooldown"

    def enter(self, draft: Draft) -> None:
        draft.set(other_side=False)
        if draft.state.item == 0:
            draft.say("cooldown")
        self._describe(draft)

    def resume(self, draft: Draft) -> None:
        self._describe(draft)
        if draft.state.other_side:
            draft.ask("stretch_other")

    def _describe(self, draft: Draft) -> None:
        stretch = _stretch(draft)
        draft.ask("stretch" if stretch.sided else "stretch_both", text=stretch.text, seconds=stretch.seconds)

    def spoken(self, draft: Draft) -> None:
        # The stretch is timed from the end of its description, once, and its other side from the end of its line.
        if not any(name == "over" for _, name in draft.state.timers):
            draft.timer("over", draft.at + samples(_stretch(draft).seconds))

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent in {"skip", "finish"}:
            draft.hush()
            draft.go("summary", reason="complete")
        elif heard.intent == "back":
            draft.hush()
            draft.go("cooldown", item=max(0, draft.state.item - 1))
        elif heard.intent in GO_ON:
            draft.hush()
            self._next(draft)
        else:
            return False
        return True

    def due(self, draft: Draft, timer: str) -> None:
        if timer != "over":
            return
        if _stretch(draft).sided and not draft.state.other_side:
            draft.set(other_side=True)
            draft.ask("stretch_other")
        else:
            self._next(draft)

    def _next(self, draft: Draft) -> None:
        if draft.state.item + 1 < len(draft.plan.exercise.cooldown.items):
            draft.go("cooldown", item=draft.state.item + 1)
        else:
            draft.go("summary", reason="complete")

    def where(self, draft: Draft) -> None:
        at = draft.state.back_to or draft.state
        draft.say("where_cooldown", number=at.item + 1, count=len(draft.plan.exercise.cooldown.items))

    def why(self, draft: Draft) -> None:
        draft.say("why", text=draft.plan.exercise.cooldown.why)


def _stretch(draft: Draft) -> Stretch:
    """The stretch in hand."""
    return draft.plan.exercise.cooldown.items[draft.state.item]


class Summary(Phase):
    """What was done, what is normal tomorrow, and good-bye."""

    name = "summary"

    def enter(self, draft: Draft) -> None:
        state, plan = draft.state, draft.plan
        reps = {side: sum(r.reps for r in state.results if r.side == side) for side in ("left", "right")}
        complete = {r.set for r in state.results if r.side == "left" and r.reps} & {
            r.set for r in state.results if r.side == "right" and r.reps
        }
        draft.note("summary", sets=len(complete), left=reps["left"], right=reps["right"], reason=state.reason)
        if state.results and any(reps.values()):
            draft.ask("summary", sets=len(complete), left=reps["left"], right=reps["right"])
            if plan.past.last:
                draft.say("summary_last", left=plan.past.last.left, right=plan.past.last.right)
            points = plan.exercise.take_home.points
            draft.say("text", text=points[len(state.results) % len(points)])
            low, high = plan.exercise.programming.recovery_hours
            draft.say("recovery", low=low, high=high)
        else:
            draft.ask("summary_none")
        draft.say("bye")

    def spoken(self, draft: Draft) -> None:
        draft.end(draft.state.reason)

    def due(self, draft: Draft, timer: str) -> None:
        draft.end(draft.state.reason)


class Farewell(Phase):
    """The early end: after pain, a failed screen, or no answer. `question` names the line that says why."""

    name = "farewell"

    def enter(self, draft: Draft) -> None:
        state, safety = draft.state, draft.plan.exercise.safety
        if state.question == "pain_end":
            self._guidance(draft)
        draft.ask(state.question)
        if state.question not in {"bye_silence", "pain_over"}:
            draft.ask("seek_advice", text=" ".join(safety.seek_advice))
            draft.ask("no_substitute")
        if state.results:
            reps = {side: sum(r.reps for r in state.results if r.side == side) for side in ("left", "right")}
            draft.note("summary", sets=0, left=reps["left"], right=reps["right"], reason=state.reason)

    def spoken(self, draft: Draft) -> None:
        draft.end(draft.state.reason)

    def due(self, draft: Draft, timer: str) -> None:
        draft.end(draft.state.reason)

    def _guidance(self, draft: Draft) -> None:
        """What the table says about this report, and one step more where an answer was unclear."""
        report = draft.state.report
        decision = decide(report, draft.plan.reader.table)
        row = decision.row
        if row and not row.calls and rank(row.level) >= rank("stop"):
            draft.ask("guidance", text=" ".join(row.say))
        if decision.level == "emergency":
            draft.ask("emergency_call", digits=draft.number_to_call)
        elif decision.raised or row is None:
            draft.ask(f"raised_{max(decision.level, 'stop', key=rank)}")  # whoever ends here has stopped
        side = side_of(report, draft.plan.reader.table)
        draft.ask("locked", where=f"{side}_leg" if side else "both_legs")
