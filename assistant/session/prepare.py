"""Before the first rep: greeting, warm-up, equipment, load, set-up steps. The screen is a module of its own."""

from assistant.events import Heard
from assistant.room import samples
from assistant.session import load
from assistant.session.phase import GO_ON, Phase
from assistant.session.state import Draft


class Greeting(Phase):
    """Says hello and waits until somebody answers: that is also the proof that we hear them."""

    name = "greeting"

    def enter(self, draft: Draft) -> None:
        draft.ask("greeting", name=draft.plan.exercise.name)
        load.announce(draft)
        draft.ask("greeting_ready")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent not in GO_ON:
            return False
        draft.hush()
        draft.go("screen", item=0)
        return True

    def silence(self, draft: Draft) -> None:
        draft.go("farewell", reason="silence", question="bye_silence")


class WarmUp(Phase):
    """Five to ten minutes, timed; what to do is said as it is due."""

    name = "warmup"

    def enter(self, draft: Draft) -> None:
        length = samples(draft.plan.warmup_seconds)
        if not length:
            draft.note("warmup_skipped")
            draft.say("warmup_none")
            draft.go("equipment", item=0)
            return
        draft.set(began_at=draft.at, ends_at=draft.at + length, item=0)
        draft.ask("warmup", minutes=_minutes(draft.plan.warmup_seconds))
        self._set_timers(draft)

    def resume(self, draft: Draft) -> None:
        draft.say("warmup_resumed", seconds=draft.remaining_seconds())
        self._describe(draft)
        self._set_timers(draft)

    def _describe(self, draft: Draft) -> None:
        draft.ask("text", text=draft.plan.exercise.warmup.items[draft.state.item].text)

    def _set_timers(self, draft: Draft) -> None:
        draft.tell_time_left()
        length = samples(draft.plan.warmup_seconds)
        for n, item in enumerate(draft.plan.exercise.warmup.items):
            at = draft.state.began_at + length * item.at_percent // 100
            if at >= draft.at:
                draft.timer(f"item {n}", at)
        half = draft.state.began_at + length // 2
        if half > draft.at:
            draft.timer("half", half)
        draft.timer("over", draft.state.ends_at)

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent not in GO_ON | {"skip"}:
            return False
        draft.interrupt("confirm", question="skip_warmup")
        return True

    def due(self, draft: Draft, timer: str) -> None:
        match timer.split():
            case ["item", n]:
                draft.new_prompt()
                draft.set(item=int(n))
                self._describe(draft)
            case ["left"]:
                draft.tell_time_left()
            case ["half"]:
                draft.say("warmup_half")
            case ["over"]:
                draft.hush()
                draft.tone("end")
                draft.say("warmup_over")
                draft.go("equipment", item=0)

    def spoken(self, draft: Draft) -> None:
        pass  # the clock leads on

    def where(self, draft: Draft) -> None:
        draft.say("where_warmup", seconds=draft.remaining_seconds())

    def why(self, draft: Draft) -> None:
        draft.say("why", text=draft.plan.exercise.check("warmup").why)


class Equipment(Phase):
    """Bench, weight and space, one question each."""

    name = "equipment"
    topics = ("equipment", "space")

    def enter(self, draft: Draft) -> None:
        draft.new_prompt()
        topic = self.topics[draft.state.item]
        draft.ask(f"ask_{topic}", text=draft.plan.exercise.check(topic).text)

    def too_much(self, draft: Draft) -> str:
        return "repeat"

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent in {"no", "more_rest"}:
            draft.hush()
            draft.say("take_your_time")
            return True
        if heard.intent == "back" and draft.state.item:
            draft.hush()
            draft.go("equipment", item=draft.state.item - 1)
            return True
        if heard.intent == "back":
            draft.hush()
            draft.repeat_prompt()
            return True
        if heard.intent not in GO_ON:
            return False
        draft.hush()
        if draft.state.item + 1 < len(self.topics):
            draft.go("equipment", item=draft.state.item + 1)
        elif draft.state.load_kg is None:
            draft.go("load", item=0)
        else:
            load.go_on(draft)
        return True

    def why(self, draft: Draft) -> None:
        draft.say("why", text=draft.plan.exercise.check(self.topics[draft.state.item]).why)


class Steps(Phase):
    """The set-up, step by step."""

    name = "steps"
    patience_seconds = 40.0

    def enter(self, draft: Draft) -> None:
        draft.new_prompt()
        number = draft.state.item
        if number == 0:
            draft.say("steps_intro", count=len(draft.plan.exercise.steps))
            if draft.plan.variation:
                draft.ask("variation", name=draft.plan.variation.name, text=draft.plan.variation.text)
        step = draft.plan.exercise.steps[number]
        draft.ask("step", number=number + 1, name=step.name, text=step.text)
        if number == 0:
            draft.say("steps_help")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        last = len(draft.plan.exercise.steps) - 1
        match heard.intent:
            case "back":
                draft.hush()
                draft.go("steps", item=max(0, draft.state.item - 1))
            case "skip" | "ready" | "start" | "next_set":
                draft.hush()
                draft.go("ready")
            case intent if intent in GO_ON and draft.state.item < last:
                draft.hush()
                draft.go("steps", item=draft.state.item + 1)
            case intent if intent in GO_ON:
                draft.hush()
                draft.go("ready")
            case _:
                return False
        return True

    def where(self, draft: Draft) -> None:
        item = (draft.state.back_to or draft.state).item  # an interruption has items of its own
        draft.say("where_steps", number=item + 1, count=len(draft.plan.exercise.steps))

    def why(self, draft: Draft) -> None:
        draft.say("why", text=draft.plan.exercise.steps[draft.state.item].why)


def _minutes(duration_seconds: int) -> float:
    """Minutes as people say them: halves, no finer."""
    return round(duration_seconds / 30) / 2
