"""Whatever is said, and whenever: the session never breaks, and never is without an exit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import pack as packs
from assistant.parts import voices_folder
from assistant.session.intents import INTENTS
from assistant.session.lines import LINES
from assistant.session.step import IN_PAIN
from tests.talk import Talk, plan_of

PACK = packs.load(voices_folder() / "en")  # no fixture: its description is long, and shown with every failure

HAPPENINGS = st.one_of(
    st.sampled_from(sorted(INTENTS | {"number"})),
    st.sampled_from(["<deaf>", "<hearing>", "<wait>", "<wait long>", "<listen>"]),
)
WAYS_IN = st.sampled_from(
    ["", "ready", "ready no no", "ready no no skip yes", "ready no no skip yes yes yes no_weight skip ready"]
)


@settings(max_examples=150, deadline=None)
@given(way_in=WAYS_IN, happenings=st.lists(HAPPENINGS, max_size=30), kg=st.floats(0, 400))
def test_no_sequence_of_events_breaks_it(way_in: str, happenings: list[str], kg: float) -> None:
    talk = Talk(plan_of(PACK, sets=2, reps=2, rest_seconds=10))
    talk.say(*way_in.split())
    for happening in happenings:
        pain_before = len(talk.events("pain"))
        match happening:
            case "<deaf>":
                talk.deaf()
            case "<hearing>":
                talk.hearing()
            case "<wait>":
                talk.wait(4)
            case "<wait long>":
                talk.wait(45)
            case "<listen>":
                talk.listen()
            case "number":
                talk.say("number", value=kg)
            case intent:
                talk.interrupt(intent)
        if happening == "pain" and talk.state not in {"ended", "farewell"}:
            assert talk.state in IN_PAIN | {"farewell"} or len(talk.events("pain")) > pain_before
        if happening == "stop" and talk.ended is None:
            assert not talk.session.counting
        check(talk)
    # Left alone, it ends: at the latest after all sets, their pauses and all reminders.
    talk.hearing().wait(3600)
    assert talk.ended is not None
    check(talk)


def check(talk: Talk) -> None:
    """What holds at any time."""
    state = talk.session.state
    assert talk.ended is not None or state.timers, f"{state.phase} has no way out"
    assert 0 <= state.reps <= talk.session.plan.reps
    assert 1 <= state.set <= talk.session.plan.sets
    assert len({(r.set, r.side) for r in state.results}) == len(state.results)
    for say in talk.says:
        assert {name for name, _ in say.slots} == LINES[say.line], say.line
