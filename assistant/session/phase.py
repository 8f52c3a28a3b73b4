"""What every phase of a session can do. A phase has no data of its own: all of it is in the State."""

from assistant.events import Heard
from assistant.room import samples
from assistant.session.state import Draft, State

PHASES: "dict[str, Phase]" = {}
"""All phases by name; each module of this package adds its own."""

GO_ON = frozenset({"ready", "start", "next", "okay", "yes", "resume", "done", "next_set"})
"""The ways in which people say: I have done that, go on."""

MIN_GAIN_DB, GAIN_STEP_DB = -18.0, 3.0


class Phase:
    """One state of the conversation. Subclasses set `name` and override what they need."""

    name = ""
    patience_seconds = 20.0
    """Silence after our last word until we ask again."""
    patience_times = 3
    """Silences after which `silence` decides."""
    asks = False
    """True while any words may be an answer."""
    counting = False
    """True while reps are counted: then nothing but a command that stops may disturb the beat."""

    def __init_subclass__(cls) -> None:
        PHASES[cls.name] = cls()

    def enter(self, draft: Draft) -> None:
        """Says and sets what the phase begins with."""

    def resume(self, draft: Draft) -> None:
        """Enters again after an interruption."""
        self.enter(draft)

    def hear(self, draft: Draft, heard: Heard) -> bool:
        """Acts on a command; False when it means nothing here."""
        return False

    def due(self, draft: Draft, timer: str) -> None:
        """Acts on a timer of the phase's own."""

    def spoken(self, draft: Draft) -> None:
        """Our last word is over. A phase that waits for an answer starts to wait."""
        draft.timer("silence", draft.at + samples(self.patience_seconds))

    def silence(self, draft: Draft) -> None:
        """Nobody answered, again and again: wait, paused."""
        draft.interrupt("paused")

    def repeat(self, draft: Draft) -> None:
        """Answers "repeat"; a phase with a clock says what is true by now."""
        draft.repeat_prompt()

    def where(self, draft: Draft) -> None:
        """Answers "where am I?"."""
        draft.say("where_talk", name=draft.plan.exercise.name)

    def why(self, draft: Draft) -> None:
        """Answers "why?"."""
        draft.say("why_default")

    def too_much(self, draft: Draft) -> str:
        """The intent that "it's too heavy" or "I can't go on" has here: a stop; where a question about pain or help
        is open an answer, so that neither ends."""
        return "answer" if self.asks else "stop"

    def closed(self, draft: Draft) -> None:
        """The input has ended: nobody will say a word any more."""
        draft.hush()
        finish(draft, "closed")

    # ---- what all phases share

    def silent(self, draft: Draft) -> None:
        """The patience ran out once."""
        draft.set(asked=draft.state.asked + 1)
        draft.note("silence", state=self.name, times=draft.state.asked)
        if draft.state.asked >= self.patience_times:
            self.silence(draft)
        else:
            self.ask_again(draft)

    def ask_again(self, draft: Draft) -> None:
        """What follows the first silences."""
        draft.repeat_prompt()
        draft.timer("silence", draft.at + samples(self.patience_seconds + 30))

    def answer(self, draft: Draft, line: str, **slots: object) -> None:
        """Says something in between and keeps waiting."""
        draft.hush()
        draft.say(line, **slots)


def is_talking(draft: Draft) -> bool:
    """Whether what the phase has to say is not said to its end yet."""
    return any(name == "stall" for _, name in draft.state.timers)


def was_counting(draft: Draft) -> bool:
    """Whether it is a count that was interrupted."""
    back = draft.state.back_to
    return back is not None and PHASES[back.phase].counting


MAY_STILL_BE_LOADED = frozenset({"load", "ready", "switch", "unload"})
"""Phases around a loaded count in which the weight may lie on somebody, besides the beginning of a rest."""
UNLOADED_SECONDS = 30
"""After so much of a rest it is off."""


def follows_a_loaded_count(state: State) -> bool:
    """Whether a phase stands so near to a loaded count that the weight may not be off."""
    begins_to_rest = state.phase == "rest" and state.at - state.began_at < samples(UNLOADED_SECONDS)
    return state.loaded and (state.phase in MAY_STILL_BE_LOADED or begins_to_rest)


def may_be_under_it(draft: Draft) -> bool:
    """Whether what was interrupted is a loaded count, or follows one so closely that the weight may not be off."""
    back = draft.state.back_to
    if back is None:
        return False
    return follows_a_loaded_count(back) or (was_counting(draft) and bool(back.load_kg))


def nobody_answers(draft: Draft) -> None:
    """Silence after a loaded count that was broken off is a reason to worry; any other ends the workout."""
    if may_be_under_it(draft):
        draft.interrupt("ladder")
    else:
        finish(draft, "silence")


def finish(draft: Draft, reason: str) -> None:
    """Ends the workout with its summary; an unfinished side is recorded as it stands."""
    back = draft.state.back_to
    if back is not None:
        draft.set(set=back.set, side=back.side, reps=back.reps)
    if draft.state.reps:  # also of a set that waits to be gone on with
        draft.close_side("stopped")
    draft.go("summary", reason=reason, back_to=None)
