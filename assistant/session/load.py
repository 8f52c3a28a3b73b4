"""Which weight, and whether it is too much or too soon."""

from assistant.events import Heard
from assistant.progress import Suggestion, heads_up, too_soon
from assistant.session.phase import Phase, is_talking
from assistant.session.screen import SAME_DAY
from assistant.session.state import Draft, kilos
from assistant.session.train import end_side

LOAD_LIMIT_KG = 300.0


OFFER, ASK, CHANGE = 0, 1, 2

MAY_CHANGE = frozenset({"ready", "set", "switch", "rest"})
"""Phases that have a weight, and in which (a set: broken off) another one can be chosen."""


class Load(Phase):
    """Which weight? With a past there is a suggestion, and "why?" gives its reasons. A number is repeated back.
    `item` is the step: a suggestion that was refused is not taken any more, and between sets there is none: what is
    no answer then keeps the weight."""

    name = "load"

    def enter(self, draft: Draft) -> None:
        draft.new_prompt()
        past, plan = draft.plan.past, draft.plan
        suggested = self._offered(draft)
        if suggested is None:
            draft.ask("ask_load")
            return
        if past.last:
            draft.say("load_last", load=kilos(past.last.load_kg))
        draft.ask("suggest_load", load=kilos(suggested.load_kg), reps=plan.reps)
        if plan.more_sets:
            draft.ask("suggest_more", set=plan.more_sets)
        draft.ask("ask_suggested")

    def too_much(self, draft: Draft) -> str:
        return "stop" if draft.state.loaded else "too_much"

    def hear(self, draft: Draft, heard: Heard) -> bool:
        suggested = self._offered(draft)
        changing = draft.state.item == CHANGE
        match heard.intent:
            case "number" if heard.value is not None and 0 < heard.value <= LOAD_LIMIT_KG:
                offer(draft, heard.value)
            case "number" if heard.value == 0:
                self._none(draft)
            case "number":
                self.answer(draft, "load_range", limit=LOAD_LIMIT_KG)
            case "yes" | "okay" | "ready" | "next" if suggested and suggested.load_kg:
                draft.hush()
                settle(draft, suggested.load_kg)
            case "yes" | "okay" | "ready" | "next" if suggested:
                self._none(draft)
            case "yes" | "okay" | "ready" | "next" | "too_much" | "change_load" if not suggested:  # to which weight?
                draft.hush()
                draft.repeat_prompt()
            case "no" | "too_much" | "change_load" if suggested:
                draft.hush()
                draft.set(item=ASK)
                self.enter(draft)
            case "no" if is_talking(draft):  # twice, to the number that was repeated back
                draft.hush()
                draft.repeat_prompt()
            case "no" | "skip" | "back" | "resume" if changing:
                draft.hush()
                draft.go("ready")
            case "no_weight" | "no" | "skip":
                self._none(draft)
            case "back":
                draft.hush()
                draft.go("equipment", item=0)
            case _:
                return False
        return True

    def why(self, draft: Draft) -> None:
        suggested = _suggestion(draft)
        if suggested is None:
            draft.say("why_first_time")
            return
        for line, slots in suggested.why:
            draft.say(line, **dict(slots))

    def silence(self, draft: Draft) -> None:
        if draft.state.item == CHANGE:
            draft.go("ready")
        else:
            self._none(draft)

    def _offered(self, draft: Draft) -> Suggestion | None:
        """The suggestion, while it may be taken: it knows nothing of pain today."""
        return _suggestion(draft) if draft.state.item == OFFER and not _hurts_today(draft) else None

    def _none(self, draft: Draft) -> None:
        draft.hush()
        draft.say("load_none")
        settle(draft, 0.0)


def _suggestion(draft: Draft) -> Suggestion | None:
    """What the past suggests for the legs that may work now: the questions may have opened a lock."""
    past = draft.plan.past
    return past.suggestion if draft.state.locked or past.unlocked is None else past.unlocked


def change(draft: Draft) -> bool:
    """Asks for another weight before the set goes on or the next one begins; False where none is agreed yet."""
    at = draft.state.back_to or draft.state
    if at.phase == "steps":
        draft.hush()
        draft.set(back_to=None)
        draft.go("load", item=CHANGE if draft.state.loaded or draft.state.results else ASK)
        return True
    if at.phase == "load" and draft.state.back_to:
        draft.hush()
        draft.resume()
        return True
    if at.phase not in MAY_CHANGE:
        return False
    draft.hush()
    draft.set(set=at.set, side=at.side, reps=at.reps, back_to=None)
    if at.phase == "set" and at.reps >= draft.goal():  # broken off on its last way down
        end_side(draft, "complete")
    if draft.state.phase not in {"unload", "cooldown", "pain_check"}:
        draft.hush()
        draft.go("load", item=CHANGE)
    return True


def offer(draft: Draft, kg: float) -> None:
    """Asks for a yes to a load, or for a yes to more than a week allows. After pain that may stay it takes no more
    than there is."""
    if _hurts_today(draft) and kg > (draft.state.load_kg or 0.0):
        draft.hush()
        draft.say("load_after_pain")
        draft.repeat_prompt()
        return
    suggested = _suggestion(draft)
    most = suggested.most_kg if suggested else draft.plan.past.most_kg
    over = most is not None and kg > most + 1e-6
    draft.interrupt("confirm", question="load_over" if over else "load", offered_kg=kg)


def _hurts_today(draft: Draft) -> bool:
    """Whether a pain of this workout went on, also of its part before a power cut."""
    state = draft.state
    before = any(pain.level != "normal" and pain.days_ago < SAME_DAY for pain in draft.plan.past.pains)
    return state.watch is not None or state.eased or (state.resumed and before)


def settle(draft: Draft, kg: float) -> None:
    """The load is agreed; loaded work too soon after a hard session takes a yes of its own."""
    at = draft.state.back_to or draft.state
    # A pause in the question that may follow leads back here.
    draft.set(phase="load", item=at.item, back_to=None)
    go_on(draft, kg)


def go_on(draft: Draft, kg: float | None = None) -> None:
    """To the set-up, past the question whether it is too soon."""
    plan, wanted = draft.plan, (draft.state.load_kg or 0.0) if kg is None else kg
    if wanted and not draft.state.loaded and too_soon(plan.past.hours_since_intense, plan.exercise.programming):
        draft.interrupt("confirm", question="recovery", offered_kg=wanted)
    else:
        _take(draft, wanted)
        _onward(draft)


def _take(draft: Draft, kg: float) -> None:
    """From here on it counts; a side that is gone on with is recorded with it."""
    draft.set(load_kg=kg, lifted_kg=min(draft.state.lifted_kg, kg))
    draft.note("load", kg=kg)


def _onward(draft: Draft) -> None:
    if (draft.state.phase, draft.state.item) == ("load", CHANGE):
        draft.go("ready")
    else:
        draft.go("steps", item=0)


def recovery_answered(draft: Draft, *, train: bool) -> None:
    """With weight all the same, or else without."""
    draft.note("recovery", hours=draft.plan.past.hours_since_intense, answer="yes" if train else "no")
    draft.hush()
    at = draft.state.back_to or draft.state
    draft.set(phase=at.phase, item=at.item, back_to=None)
    if not train:
        draft.say("load_none")
    _take(draft, draft.state.offered_kg if train else 0.0)
    _onward(draft)


def announce(draft: Draft) -> None:
    """How long ago the last hard workout was, and whether this week has had its share."""
    past = draft.plan.past
    dose = draft.plan.exercise.programming
    for line, slots in heads_up(past.hours_since_intense, past.days_trained, past.days_a_week, dose):
        draft.say(line, **dict(slots))


def tell_last_time(draft: Draft) -> None:
    """Answers "how did I do last time?"."""
    last = draft.plan.past.last
    if last is None:
        draft.say("last_time_none")
        return
    days = round(last.days_ago)
    if days > 1:
        draft.say("last_time_days", days=days)
    else:
        draft.say("last_time_yesterday" if days else "last_time_today")
    draft.say("last_time", sets=last.sets, left=last.left, right=last.right, load=kilos(last.load_kg))
