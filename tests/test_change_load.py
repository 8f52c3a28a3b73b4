"""Another weight in the middle of a workout, by voice."""

from dataclasses import replace

import pytest

from assistant import pack as packs
from assistant.parts import voices_folder
from assistant.past import PainMemory, Past, Unfinished
from assistant.session.pain import LOOK_AGAIN_SECONDS
from assistant.session.state import State, Watch
from tests.talk import Talk, in_a_set, plan_of, to_ready

PACK = packs.load(voices_folder() / "en")


def talk_of(past: Past | None = None, load_kg: float = 10) -> Talk:
    return Talk(plan_of(PACK, past, sets=3, reps=3, rest_seconds=60, load_kg=load_kg))


def after_one_set(talk: Talk) -> Talk:
    return in_a_set(talk).until("switch").until("ready").words("ready").until("rest")


def place(state: State) -> tuple[str, int, str, int]:
    return state.phase, state.set, state.side, state.reps


@pytest.fixture
def talk() -> Talk:
    return talk_of()


@pytest.mark.parametrize("words", ["change the weight", "go lighter", "a different weight please"])
def test_a_rest_is_the_time_to_change_the_weight(talk: Talk, words: str) -> None:
    after_one_set(talk).words(words)
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    talk.words("eight kilos")
    assert talk.lines[-1] == "confirm_load"
    talk.words("yes")
    assert (place(talk.session.state), talk.session.state.load_kg) == (("ready", 2, "left", 0), 8)
    assert talk.events("load")[-1].data == {"kg": 8}
    talk.words("ready").until("switch")
    assert [(done.set, done.side, done.load_kg) for done in talk.session.state.results] == [
        (1, "left", 10),
        (1, "right", 10),
        (2, "left", 8),
    ]


@pytest.mark.parametrize("stop", ["this is too heavy", "pause"])
def test_a_set_that_was_too_heavy_goes_on_with_less(talk: Talk, stop: str) -> None:
    in_a_set(talk).utter(stop)
    assert talk.words("change the weight", "five", "yes").state == "ready"
    assert place(talk.session.state) == ("ready", 1, "left", 1)
    talk.words("ready").until("switch")
    # What the side is recorded with, and the next suggestion comes from, is what it could be ended with.
    assert [(done.reps, done.load_kg) for done in talk.session.state.results] == [(3, 5)]


@pytest.mark.parametrize("then", [("end workout", "yes"), ("ready",)])
def test_a_weight_that_lifted_no_whole_side_is_not_taken_for_lifted(then: tuple[str, ...]) -> None:
    """The next workout's suggestion comes from it."""
    talk = in_a_set(talk_of(load_kg=5)).words("stop", "change the weight", "twenty kilos", "yes", *then)
    if talk.session.counting:
        talk.until("switch")
    assert talk.session.state.results[0].load_kg == 5


def test_a_loaded_workout_that_is_gone_on_with_is_still_one() -> None:
    cut_off = Unfinished(4, 0.1, 2, "left", 1, 10.0, "2-1-3-0", (), 3, 3, 0, "2-1-3-0", 90, "left", None, "")
    talk = talk_of(Past(first_use=False, unfinished=cut_off)).words("yes", "change the weight").wait(3000)
    assert talk.events("ladder")[2].data["step"] == "call"


def test_too_much_again_and_again_is_called_out(talk: Talk) -> None:
    in_a_set(talk).utter("this is too heavy")
    talk.words("change the weight")
    for _ in range(4):
        talk.wait(15).utter("i can't do it")
    assert talk.state == "ladder"


def test_a_weight_can_be_asked_for_where_its_question_was_stopped(talk: Talk) -> None:
    after_one_set(talk).words("change the weight", "stop", "change the weight")
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    assert talk.words("eight", "yes").state == "ready"


ON_THE_WAY = [(), ("eight",), ("eight", "yes"), ("stop",), ("pause",), ("eight", "pause"), ("it's slipping",)]


@pytest.mark.parametrize("words", [("eight", "yes", "stop"), ("eight", "yes", "pause"), ("no", "it's slipping")])
def test_a_half_done_side_that_is_stopped_again_is_still_watched(talk: Talk, words: tuple[str, ...]) -> None:
    in_a_set(talk).utter("this is too heavy")
    talk.words("change the weight", *words).wait(3000)
    assert talk.events("ladder")[2].data["step"] == "call"


@pytest.mark.parametrize("words", ON_THE_WAY)
@pytest.mark.parametrize("rested", [False, True])
def test_silence_is_called_out_though_the_weight_was_asked_for(
    talk: Talk, words: tuple[str, ...], rested: bool
) -> None:
    if rested:
        after_one_set(talk)
    else:
        in_a_set(talk).utter("this is too heavy")
    talk.words("change the weight", *words).until("ladder", 3000)
    talk.wait(60)
    assert talk.events("ladder")[-1].data["step"] == "call"


@pytest.mark.parametrize("answer", ["no", "skip", "go back", "resume", "silence"])
def test_what_is_no_weight_keeps_the_one_there_is(talk: Talk, answer: str) -> None:
    after_one_set(talk).words("change the weight")
    if answer == "silence":
        talk.until("ready")
    else:
        talk.words(answer)
    assert (place(talk.session.state), talk.session.state.load_kg) == (("ready", 2, "left", 0), 10)


def test_no_weight_is_an_answer(talk: Talk) -> None:
    assert after_one_set(talk).words("change the weight", "no weight").state == "ready"
    assert talk.session.state.load_kg == 0


def test_a_side_whose_reps_were_done_is_over(talk: Talk) -> None:
    in_a_set(talk)
    while talk.session.state.reps < 3:
        talk.wait(0.1)
    talk.utter("stop")
    talk.words("change the weight", "eight", "yes")
    assert place(talk.session.state) == ("ready", 1, "right", 0)
    assert [(done.side, done.ended) for done in talk.session.state.results] == [("left", "complete")]


def test_after_the_last_rep_of_all_there_is_nothing_to_change() -> None:
    talk = in_a_set(Talk(plan_of(PACK, sets=1, reps=1, load_kg=10))).until("switch").words("ready")
    while talk.session.state.reps < 1 or talk.state != "set":
        talk.wait(0.1)
    talk.utter("stop")
    assert talk.words("change the weight").state == "unload"


def test_before_a_weight_is_agreed_there_is_none_to_change(talk: Talk) -> None:
    assert talk.words("change the weight").lines[-1] == "not_now"


def test_in_the_steps_the_weight_is_asked_again(talk: Talk) -> None:
    to_ready(talk).words("back")
    assert talk.state == "steps"
    assert talk.words("change the weight", "eight kilos", "yes").state == "steps"
    assert talk.session.state.load_kg == 8


def test_a_pause_in_the_question_leads_back_to_it(talk: Talk) -> None:
    after_one_set(talk).words("change the weight", "eight kilos", "pause", "resume")
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    assert talk.words("no").state == "ready"


def test_after_pain_that_may_stay_there_is_no_more_weight_than_now(talk: Talk) -> None:
    after_one_set(talk)
    talk.session.state = replace(talk.session.state, watch=Watch(2))
    talk.words("change the weight", "twelve kilos")
    assert (talk.state, talk.lines[-2:], talk.session.state.load_kg) == ("load", ["load_after_pain", "ask_load"], 10)
    assert talk.words("eight kilos", "twelve kilos").lines[-2:] == ["load_after_pain", "confirm_load"]
    assert talk.words("yes").session.state.load_kg == 8


def test_a_first_weight_too_soon_after_a_hard_workout_is_asked_about() -> None:
    past = Past(first_use=False, hours_since_intense=20)
    talk = after_one_set(talk_of(past, load_kg=0)).words("change the weight", "eight kilos", "yes")
    assert talk.lines[-1] == "confirm_recovery"
    assert (talk.words("no").state, talk.session.state.load_kg) == ("ready", 0)
    talk = after_one_set(talk_of(past, load_kg=0)).words("change the weight", "eight kilos", "yes", "yes")
    assert (talk.state, talk.session.state.load_kg) == ("ready", 8)
    # Whoever has lifted a weight today has answered that.
    talk.words("ready").until("switch").words("change the weight", "six", "yes")
    assert (talk.state, talk.session.state.load_kg) == ("ready", 6)


@pytest.mark.parametrize("way", [("pause", "resume", "no"), ("stop", "resume", "no"), ("pause", "resume", "skip")])
def test_no_detour_gets_around_that_question(way: tuple[str, ...]) -> None:
    past = Past(first_use=False, hours_since_intense=20)
    talk = after_one_set(talk_of(past, load_kg=0)).words("change the weight", "eight kilos", "yes", *way)
    assert (talk.state, talk.session.state.load_kg) == ("ready", 0)


def test_a_pain_that_took_the_weight_away_gives_none_back_today(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(LOOK_AGAIN_SECONDS + 3).words("zero", "resume")
    assert (talk.state, talk.session.state.load_kg, talk.session.state.watch) == ("ready", 0, None)
    talk.words("change the weight", "twenty kilos")
    assert (talk.lines[-2:], talk.session.state.load_kg) == (["load_after_pain", "ask_load"], 0)


def test_a_pain_before_the_power_went_counts_as_one_of_today() -> None:
    pain = PainMemory("left", 0.01, "continue", "knee", 2, 1, worsening=False, locked=False, morning_asked=False)
    cut_off = Unfinished(4, 0.1, 2, "left", 1, 10.0, "2-1-3-0", (), 3, 3, 0, "2-1-3-0", 90, "left", None, "")
    talk = talk_of(Past(first_use=False, pains=(pain,), unfinished=cut_off))
    assert talk.words("yes").state == "ready"
    assert talk.words("change the weight", "forty kilos").lines[-2:] == ["load_after_pain", "ask_load"]


def test_a_second_yes_is_no_start(talk: Talk) -> None:
    after_one_set(talk).words("change the weight", "eight kilos", "yes").wait(0.3).utter("yes")
    assert talk.state == "ready"
    assert talk.words("yes").state == "set"  # to the question whether they are ready
