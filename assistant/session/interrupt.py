"""What can break in at any moment: pause, stop, a question, deafness. Each can lead back or end."""

from assistant.events import Heard
from assistant.room import samples
from assistant.session import load, report
from assistant.session.phase import GO_ON, Phase, finish, may_be_under_it, nobody_answers, was_counting
from assistant.session.state import Draft
from assistant.session.train import end_side

ABOUT_PAIN = frozenset({"pain", "pain_check"})
"""Phases whose question stays open while we are deaf."""

LOAD_QUESTIONS = frozenset({"load", "load_over"})

DEAF_REPEAT_SECONDS, DEAF_END_SECONDS = 15, 300


class Paused(Phase):
    """Silence until "resume"; after some reminders the workout is closed and kept. A count goes on only for a word
    that asks for it: the weight is down."""

    name = "paused"
    patience_seconds = 60.0
    patience_times = 5

    def enter(self, draft: Draft) -> None:
        draft.tone("end")
        draft.ask("paused")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent == "okay":
            draft.set(item=0)  # whoever asked for help is well
        match heard.intent:
            case "resume" | "ready" | "start":
                draft.hush()
                draft.resume()
            case "help" if report.is_cry(draft, heard) and was_counting(draft):
                return _cries_again(draft)
            case "done" if was_counting(draft):
                draft.hush()
                draft.set(back_to=None)
                end_side(draft, "early")
            case intent if intent in GO_ON and was_counting(draft):
                draft.hush()
                draft.repeat_prompt()
            case intent if intent in GO_ON:
                draft.hush()
                draft.resume()
            case _:
                return False
        return True

    def silent(self, draft: Draft) -> None:
        if draft.state.item and may_be_under_it(draft):  # "help", and then not a word
            draft.interrupt("ladder")
        else:
            super().silent(draft)

    def silence(self, draft: Draft) -> None:
        nobody_answers(draft)


class Stopped(Phase):
    """Stop means stop: silence, weight down, and nothing goes on without a clear word."""

    name = "stopped"

    def enter(self, draft: Draft) -> None:
        draft.set(began_at=draft.at)
        draft.ask("stopped")

    def too_much(self, draft: Draft) -> str:
        return "too_much"

    def hear(self, draft: Draft, heard: Heard) -> bool:
        match heard.intent:
            case "stop":
                pass  # said twice in fright: it has stopped, and ending takes a yes
            case "too_much" if draft.at - draft.state.began_at < samples(report.SAME_FRIGHT_SECONDS):
                pass
            case "too_much" if draft.state.item > 0 and may_be_under_it(draft):
                draft.interrupt("ladder")  # still too much: it may not have been put down
            case "too_much":
                draft.hush()
                draft.set(item=1)
                draft.repeat_prompt()
            case "help" if report.is_cry(draft, heard) and was_counting(draft):
                return _cries_again(draft)
            case "yes" | "finish":
                draft.hush()
                finish(draft, "finished")
            case "done":  # the weight is down; whether to end is open
                draft.hush()
                draft.repeat_prompt()
            case "pause":  # more time to decide
                draft.hush()
                draft.go("paused")
            case "no" if was_counting(draft):
                draft.hush()
                draft.go("paused")
            case "no" | "resume" | "ready" | "start":
                draft.hush()
                draft.resume()
            case _:
                return False
        return True

    def silence(self, draft: Draft) -> None:
        nobody_answers(draft)


class Confirm(Phase):
    """A question that needs a spoken yes before something is lost, ended or made heavier."""

    name = "confirm"

    def enter(self, draft: Draft) -> None:
        match draft.state.question:
            case "load":
                draft.ask("confirm_load", kg=draft.state.offered_kg)
            case "load_over":
                draft.ask("confirm_load_over", kg=draft.state.offered_kg, percent=_percent_a_week(draft))
            case "recovery":
                low = draft.plan.exercise.programming.recovery_hours[0]
                hours = max(1, int(draft.plan.past.hours_since_intense or 0))
                draft.ask("confirm_recovery", hours=hours, low=low)
            case "skip_warmup":
                draft.ask("confirm_skip_warmup")
            case _:
                draft.ask("confirm_finish")

    def too_much(self, draft: Draft) -> str:
        return "no" if draft.state.question in LOAD_QUESTIONS | {"recovery"} else "stop"

    def hear(self, draft: Draft, heard: Heard) -> bool:
        question = draft.state.question
        match heard.intent:
            case "yes" | "finish" if question == "finish":
                draft.hush()
                finish(draft, "finished")
            case "yes" if question in LOAD_QUESTIONS:
                draft.hush()
                load.settle(draft, draft.state.offered_kg)
            case "yes" if question == "recovery":
                load.recovery_answered(draft, train=True)
            case "no" | "back" | "no_weight" if question == "recovery":
                load.recovery_answered(draft, train=False)
            case "yes" | "skip" if question == "skip_warmup":
                draft.hush()
                draft.note("warmup_skipped")
                draft.set(back_to=None)
                draft.go("equipment", item=0)
            case "number" if question in LOAD_QUESTIONS and heard.value and heard.value <= load.LOAD_LIMIT_KG:
                draft.hush()
                load.offer(draft, heard.value)
            case "no" | "resume" | "back" if question == "finish" and draft.state.asking == "paused":
                draft.hush()
                draft.go("paused")  # the weight is down
            case "no" | "back" if was_counting(draft):
                draft.hush()
                draft.go("paused")
            case "no" | "resume" | "back":
                draft.hush()
                draft.resume()
            case _:
                return False
        return True

    def silence(self, draft: Draft) -> None:
        if draft.state.question == "recovery":  # nobody said yes to a weight
            load.recovery_answered(draft, train=False)
        else:
            super().silence(draft)


class DeafPhase(Phase):
    """We cannot hear. Say so until hearing returns; a set goes on only when somebody says so."""

    name = "deaf"

    def enter(self, draft: Draft) -> None:
        draft.set(began_at=draft.at)
        self.due(draft, "again")

    def due(self, draft: Draft, timer: str) -> None:
        if draft.at - draft.state.began_at >= samples(DEAF_END_SECONDS):
            if draft.state.question in ABOUT_PAIN:
                report.end(draft)  # a report that nobody could finish is not lost
            else:
                finish(draft, "deaf")
            return
        draft.tone("alarm")
        draft.say("deaf")
        draft.timer("again", draft.at + samples(DEAF_REPEAT_SECONDS))

    def too_much(self, draft: Draft) -> str:
        return "answer"

    def spoken(self, draft: Draft) -> None:
        pass  # there is no point in waiting for an answer

    def hear(self, draft: Draft, heard: Heard) -> bool:
        return True  # a last word from before; until hearing is back there is nobody to answer

    def hearing(self, draft: Draft) -> None:
        """Hearing came back: wait for a word before anything goes on. An open question of pain stays open."""
        draft.hush()
        draft.say("hearing")
        if draft.state.question in ABOUT_PAIN:
            draft.set(phase=draft.state.question, timers=(), asked=0, prompt=())
            draft.phase.resume(draft)
        else:
            draft.go("paused", item=0)


def _cries_again(draft: Draft) -> bool:
    """Whether it is a second "help" where a count was broken off: that asks for no list of commands."""
    if again := draft.state.item > 0:
        draft.interrupt("ladder", urgent=True)
    else:
        draft.set(item=1)
    return again


def _percent_a_week(draft: Draft) -> int:
    return draft.plan.exercise.programming.progress_percent_a_week
