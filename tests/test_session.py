"""The session as a table: what is said, what it leads to. No sound, no clock."""

from dataclasses import replace

import msgspec
import pytest

from assistant.events import Heard, Say
from assistant.exercise import Exercise, Range
from assistant.pack import Pack
from assistant.parts import texts
from assistant.plan import Plan, Wishes, remarks
from assistant.room import BLOCK, samples
from assistant.session import SideResult, State, step
from assistant.session.lines import LINES
from assistant.session.phase import PHASES
from tests.talk import Talk, make_plan, plan_of, seconds_of, to_ready


@pytest.fixture
def exercise(pack: Pack) -> Exercise:
    return pack.exercises["single-leg-hip-thrust"]


@pytest.fixture
def plan(exercise: Exercise, pack: Pack) -> Plan:
    made = plan_of(pack, sets=2, reps=3, tempo="2-1-3-0", rest_seconds=60)
    return replace(made, seconds_of={"1": 0.3, "2": 0.3, "3": 0.3, "hold": 0.3})


@pytest.fixture
def talk(plan: Plan) -> Talk:
    return Talk(plan)


def test_a_whole_workout_goes_left_right_rest_left_right(talk: Talk) -> None:
    to_ready(talk)
    for _ in range(2):
        talk.say("ready").until("switch").say("ready").wait(30)
        if talk.state == "rest":
            talk.until("ready").listen()
    talk.until("ended")
    assert talk.ended == "complete"
    assert [(r.set, r.side, r.reps, r.ended) for r in talk.session.state.results] == [
        (1, "left", 3, "complete"),
        (1, "right", 3, "complete"),
        (2, "left", 3, "complete"),
        (2, "right", 3, "complete"),
    ]
    order = [note.data["state"] for note in talk.events("state")]
    shown = [state for n, state in enumerate(order) if n == 0 or order[n - 1] != state]
    assert shown == [
        *("greeting", "screen", "warmup", "confirm", "equipment", "load", "steps", "ready"),
        *("set", "switch", "set", "rest", "ready", "set", "switch", "set", "cooldown", "summary", "ended"),
    ]


def test_reps_stand_on_the_grid_of_the_first(talk: Talk) -> None:
    to_ready(talk).say("ready").until("switch")
    start = int(str(talk.events("count_in")[0].data["starts_at"]))
    tempo = talk.session.plan.tempo
    tops = [note.at for note in talk.events("rep")]
    assert tops == [start + n * tempo.rep_samples + tempo.top_samples for n in range(3)]
    numbers = [say.at for say in talk.says if say.line == "number" and say.at is not None]
    countdown = [start - samples(3), start - samples(2), start - samples(1)]
    assert numbers[:3] == countdown
    assert set(tops) <= set(numbers)


def test_a_pause_keeps_the_reps_and_counts_on(talk: Talk) -> None:
    to_ready(talk).say("ready").wait(4.5)
    while not talk.events("rep"):
        talk.wait(0.1)
    talk.wait(1).say("pause")
    assert talk.state == "paused"
    said = len(talk.says)
    talk.wait(50)
    assert talk.events("rep")[-1].data["rep"] == 1
    assert talk.lines[said:] == []
    talk.say("resume").until("switch")
    assert [note.data["rep"] for note in talk.events("rep")] == [1, 2, 3]
    assert talk.session.state.results[0] == SideResult(1, "left", 3, 0.0, "2-1-3-0", "complete")


def test_slower_counts_from_the_next_rep(talk: Talk) -> None:
    to_ready(talk).say("ready")
    while not talk.events("rep"):
        talk.wait(0.1)
    talk.say("slower").until("switch")
    one, two, three = (note.at for note in talk.events("rep") if note.at is not None)
    assert seconds_of(two - one) == 6
    assert seconds_of(three - two) == 7


@pytest.mark.parametrize("answers", [("yes",), ("no", "yes"), ("pain",)])
def test_whoever_is_in_pain_or_injured_does_not_train(talk: Talk, answers: tuple[str, ...]) -> None:
    talk.say("ready", *answers)
    assert "screened_out" in talk.lines
    talk.until("ended")
    assert talk.ended == "screened"
    assert "set_go" not in talk.lines
    assert "seek_advice" in talk.lines


@pytest.mark.parametrize("answer", ["okay", "ready", "next", "skip", "done"])
def test_only_a_clear_no_passes_the_screen(talk: Talk, answer: str) -> None:
    talk.say("ready", answer)
    assert talk.state == "screen"
    assert talk.session.state.item == 0
    assert "yes_or_no" in talk.lines


def test_no_answer_to_the_screen_is_not_a_no(talk: Talk) -> None:
    talk.say("ready").wait(200)
    assert talk.ended == "silence"
    assert "warmup" not in talk.lines


ANYWHERE = [
    "greeting",
    "warmup",
    "equipment",
    "load",
    "steps",
    "ready",
    "set",
    "switch",
    "rest",
    "cooldown",
    "paused",
]


def reach(talk: Talk, state: str) -> Talk:
    """Into a phase by words and time alone."""
    words = ["ready", "no", "no", "skip", "yes", "yes", "yes", "no_weight", "skip"]
    while talk.state != state and words:
        talk.say(words.pop(0))
    if state == "paused":
        return talk.say("pause")
    if talk.state != state:
        talk.say("ready")
    if state == "set":
        return talk.wait(9)
    if state == "switch":
        return talk.until("switch")
    if state in {"rest", "cooldown"}:
        talk.until("switch").say("ready").until("rest")
        if state == "cooldown":
            talk.say("ready").until("switch").say("ready").until("cooldown")
    return talk


@pytest.mark.parametrize("state", ANYWHERE)
def test_pain_silences_at_once_and_says_the_safe_words(talk: Talk, state: str) -> None:
    reach(talk, state)
    assert talk.state == state
    said, hushed = len(talk.says), len(talk.hushed_at)
    talk.interrupt("pain")
    assert talk.state == "pain"
    assert talk.hushed_at[hushed:] == [talk.now]
    assert talk.lines[said:] == ["pain_stop"]
    assert len(talk.events("pain")) == 1
    talk.wait(2)
    assert talk.lines[said:] == ["pain_stop", "pain_question"]


@pytest.mark.parametrize("state", ANYWHERE)
@pytest.mark.parametrize("answer", ["no", "silence", "nonsense"])
def test_pain_that_is_not_a_burn_ends_the_session(talk: Talk, state: str, answer: str) -> None:
    reach(talk, state).interrupt("pain").listen().wait(5)
    reps = len(talk.events("rep"))
    match answer:
        case "no":
            talk.words(*["no"] * 6)
        case "nonsense":
            talk.say("okay", "louder", "ready")
    talk.wait(2200)
    assert talk.ended == "pain"
    assert len(talk.events("pain_report")) == 1
    assert talk.events("locked")[0].data["side"] == ""
    assert len(talk.events("rep")) == reps
    assert "seek_advice" in talk.lines


def test_a_burn_goes_on_only_on_request_and_after_ready(talk: Talk) -> None:
    reach(talk, "set")
    done = len(talk.events("rep"))
    talk.interrupt("pain").wait(3).words("only the burn").listen().wait(3)
    assert talk.state == "pain"
    assert talk.events("pain_report")[0].data["row"] == "burn"
    talk.say("resume")
    assert talk.state == "ready"
    talk.wait(15)
    assert len(talk.events("rep")) == done
    talk.say("ready").until("switch")
    assert [note.data["rep"] for note in talk.events("rep")] == [1, 2, 3]


def test_pain_said_twice_in_fright_is_one_report(talk: Talk) -> None:
    reach(talk, "set").interrupt("pain").wait(1)
    talk.interrupt("pain").wait(1).interrupt("stop")
    assert talk.state == "pain"
    assert len(talk.events("pain")) == 1


def test_stop_means_stop_and_twice_is_not_yes(talk: Talk) -> None:
    reach(talk, "set").interrupt("stop").interrupt("stop")
    assert talk.state == "stopped"
    reps = len(talk.events("rep"))
    talk.wait(15)
    assert len(talk.events("rep")) == reps
    assert talk.ended is None
    talk.say("resume").until("switch")
    assert talk.session.state.results[0].reps == 3


@pytest.mark.parametrize("state", ["ready", "set", "rest"])
def test_a_stop_may_wait_a_minute(talk: Talk, state: str) -> None:
    reach(talk, state).say("stop").words("wait a minute")
    assert (talk.state, talk.lines[-1]) == ("paused", "paused")
    talk.wait(200)
    assert talk.ended is None
    assert talk.say("resume").state == state


def test_stop_then_yes_keeps_what_was_done(talk: Talk) -> None:
    reach(talk, "set")
    while not talk.events("rep"):
        talk.wait(0.1)
    talk.interrupt("stop").say("yes").until("ended")
    assert talk.ended == "finished"
    assert talk.session.state.results == (SideResult(1, "left", 1, 0.0, "2-1-3-0", "stopped"),)
    assert "summary" in talk.lines


@pytest.mark.parametrize("interruption", ["finish", "stop"])
def test_a_no_to_the_end_does_not_count_on(talk: Talk, interruption: str) -> None:
    reach(talk, "set").interrupt(interruption).say("no")
    assert (talk.state, talk.lines[-1]) == ("paused", "paused")
    reps = len(talk.events("rep"))
    talk.wait(15)
    assert len(talk.events("rep")) == reps
    talk.say("resume").until("switch")
    assert talk.session.state.results[0].reps == 3


@pytest.mark.parametrize("word", ["okay", "yes", "next", "next_set"])
def test_a_count_does_not_go_on_for_a_word_that_does_not_ask_for_it(talk: Talk, word: str) -> None:
    reach(talk, "set").say("pause")
    said = len(talk.says)
    talk.say(word).listen().wait(15)
    assert (talk.state, talk.lines[said:]) == ("paused", ["paused"])
    resting = reach(Talk(talk.session.plan), "rest").say("pause", word)
    assert resting.state == "rest"


@pytest.mark.parametrize("word", ["resume", "ready", "start"])
@pytest.mark.parametrize("interruption", ["pause", "stop"])
def test_a_clear_word_counts_on(talk: Talk, interruption: str, word: str) -> None:
    reach(talk, "set").say(interruption, word)
    assert (talk.state, talk.lines[-1]) == ("set", "set_resume")


def test_done_in_a_pause_ends_the_side(talk: Talk) -> None:
    to_ready(talk).say("ready")
    while not talk.events("rep"):
        talk.wait(0.1)
    talk.say("pause", "done")
    assert (talk.state, talk.session.state.side) == ("switch", "right")
    assert talk.session.state.results == (SideResult(1, "left", 1, 0.0, "2-1-3-0", "early"),)
    talk.say("ready").until("rest").say("pause")
    assert dict(talk.events("state")[-1].data)["set"] == 2


def test_ending_takes_a_yes(talk: Talk) -> None:
    reach(talk, "ready").say("finish")
    assert talk.state == "confirm"
    talk.say("no")
    assert talk.state == "ready"
    talk.say("finish", "yes").until("ended")
    assert talk.ended == "finished"


def test_a_load_takes_a_yes_and_can_be_corrected(talk: Talk) -> None:
    reach(talk, "load").say("number", value=42.5)
    assert talk.state == "confirm"
    talk.say("number", value=12.5)
    talk.say("yes")
    assert talk.session.state.load_kg == 12.5
    assert talk.state == "steps"


@pytest.mark.parametrize("kg", [0.0, 301.0])
def test_a_load_that_cannot_be_is_not_taken(talk: Talk, kg: float) -> None:
    reach(talk, "load").say("number", value=kg)
    assert talk.session.state.load_kg in (None, 0.0)


def test_steps_go_forth_and_back_and_again(talk: Talk) -> None:
    reach(talk, "steps").say("next", "next", "back")
    assert talk.session.state.item == 1
    said = len(talk.says)
    talk.say("repeat")
    assert talk.lines[said:] == ["step"]
    assert dict(talk.says[-1].slots)["number"] == 2
    talk.say("why")
    assert talk.lines[-1] == "why"
    for _ in range(5):
        talk.say("next")
    assert talk.state == "ready"


def test_skipping_the_warm_up_takes_a_warning_and_a_yes(talk: Talk) -> None:
    reach(talk, "warmup").say("skip")
    assert talk.lines[-1] == "confirm_skip_warmup"
    talk.say("no")
    assert talk.state == "warmup"
    talk.until("equipment")


def test_a_warm_up_of_no_time_is_not_counted_as_one(plan: Plan) -> None:
    talk = reach(Talk(replace(plan, warmup_seconds=0)), "equipment")
    assert talk.events("warmup_skipped")
    assert "warmup_none" in talk.lines
    assert not {"warmup", "warmup_half", "warmup_over"} & set(talk.lines)
    assert talk.lines[-1] == "ask_equipment"


def test_a_pause_in_the_warm_up_does_not_shorten_it(talk: Talk) -> None:
    reach(talk, "warmup")
    began = talk.now
    talk.wait(100).say("pause").wait(55).say("resume").until("equipment")
    assert seconds_of(talk.now - began) == pytest.approx(300 + 55 + 1, abs=2)


def test_the_warm_up_goes_on_with_its_movement_and_repeats_it(talk: Talk) -> None:
    reach(talk, "warmup").wait(200)
    movement = talk.session.plan.exercise.warmup.items[2].text
    said = len(talk.says)
    talk.say("pause", "resume").listen()
    assert talk.lines[said:] == ["paused", "warmup_resumed", "text"]
    talk.wait(5).say("repeat").listen()
    assert talk.lines[said + 3 :] == ["text"]
    assert {dict(say.slots)["text"] for say in talk.says[said:] if say.line == "text"} == {movement}


def test_rest_tells_half_ten_and_three_two_one(talk: Talk) -> None:
    reach(talk, "rest")
    ends = talk.session.state.ends_at
    said = len(talk.says)
    talk.until("ready")
    rest = talk.says[said:]
    lines = [say.line for say in rest]
    assert lines.index("rest_left") < lines.index("rest_ten") < lines.index("number")
    assert [say.at for say in rest if say.line == "number"] == [ends - samples(n) for n in (3, 2, 1)]


def test_repeat_says_how_much_is_left_by_now(talk: Talk) -> None:
    reach(talk, "switch").wait(5).say("repeat")
    assert (talk.lines[-1], dict(talk.says[-1].slots)) == ("switch", {"side": "right", "seconds": 10})
    resting = reach(Talk(talk.session.plan), "rest").wait(40).say("repeat")
    assert (resting.lines[-1], dict(resting.says[-1].slots)) == ("rest", {"seconds": 20, "set": 2, "side": "left"})
    resting.wait(5).interrupt("pause").wait(30).interrupt("resume").wait(3).interrupt("repeat")
    assert (resting.lines[-1], dict(resting.says[-1].slots)["seconds"]) == ("rest", 12)


@pytest.mark.parametrize("intent", ["where", "slower", "less_talk", "okay", "why", "repeat"])
def test_an_answer_at_the_end_of_a_rest_does_not_sound_with_its_count(talk: Talk, intent: str) -> None:
    reach(talk, "rest").wait(57.5)
    assert talk.lines[-3:] == 3 * ["number"]
    said, hushed = len(talk.says), len(talk.hushed_at)
    talk.interrupt(intent)
    assert len(talk.lines[said:]) == 1
    assert set(talk.hushed_at[hushed:]) == {talk.now}
    assert talk.until("ready").now <= talk.session.state.ends_at + BLOCK


def test_more_rest_is_half_a_minute_more_and_skip_rest_ends_it(talk: Talk) -> None:
    reach(talk, "rest")
    ends = talk.session.state.ends_at
    talk.say("more_rest")
    assert talk.session.state.ends_at == ends + samples(30)
    talk.say("skip_rest")
    assert talk.state == "ready"


def test_continue_ends_a_rest_and_okay_does_not(talk: Talk) -> None:
    reach(talk, "rest").say("okay", "yes")
    assert talk.state == "rest"
    assert talk.lines[-2:] == ["rest_left", "rest_left"]
    assert talk.say("resume").state == "ready"


def test_more_rest_before_a_set_is_half_a_minute_before_the_next_question(pack: Pack) -> None:
    talk = Talk(plan_of(pack, sets=2, reps=1, rest_seconds=0, load_kg=10))
    to_ready(talk).say("ready").until("switch").say("ready").until("ready").words("i need more time")
    assert dict(talk.says[-1].slots)["seconds"] == 30
    said = len(talk.says)
    talk.wait(20).words("more rest")
    assert dict(talk.says[-1].slots)["seconds"] == 40
    talk.wait(39)
    assert talk.lines[said:] == ["rest_longer"]
    talk.wait(2)
    assert talk.lines[said + 1 :] == ["set_intro", "ask_ready"]
    assert talk.events("silence") == []
    talk.until("ladder", at_most_seconds=90)  # only then does nobody's answer count


def test_there_is_more_time_to_get_the_equipment(talk: Talk) -> None:
    reach(talk, "equipment").words("more time")
    assert (talk.state, talk.lines[-1]) == ("equipment", "take_your_time")


def test_no_rest_at_all_is_allowed(pack: Pack) -> None:
    talk = Talk(plan_of(pack, sets=2, reps=1, rest_seconds=0, load_kg=0))
    to_ready(talk).say("ready").until("switch").say("ready").until("ready")
    assert "rest" not in talk.lines


def test_questions_in_a_set_do_not_disturb_the_beat(talk: Talk) -> None:
    to_ready(talk).say("ready")
    while not talk.events("rep"):
        talk.wait(0.1)
    hushes = len(talk.hushed_at)
    talk.say("where", "louder", "less_talk", "why", "repeat").until("switch")
    assert len(talk.hushed_at) == hushes
    assert len({b.at - a.at for a, b in zip(talk.events("rep"), talk.events("rep")[1:], strict=False)}) == 1
    answer = next(say for say in talk.says if say.line == "reps_left")
    assert dict(answer.slots)["number"] == 2


def test_switching_sides_in_a_set_keeps_the_reps(talk: Talk) -> None:
    to_ready(talk).say("ready")
    while not talk.events("rep"):
        talk.wait(0.1)
    talk.say("switch_sides")
    assert talk.state == "switch"
    assert talk.session.state.side == "right"
    assert talk.session.state.results[0].reps == 1
    assert talk.session.state.results[0].ended == "early"


@pytest.mark.parametrize("words", ["got it", "next", "next one"])
def test_an_agreement_in_a_set_ends_nothing(talk: Talk, words: str) -> None:
    reach(talk, "set").words(words).until("switch")
    assert talk.session.state.results == (SideResult(1, "left", 3, 0.0, "2-1-3-0", "complete"),)
    assert len({b.at - a.at for a, b in zip(talk.events("rep"), talk.events("rep")[1:], strict=False)}) == 1


@pytest.mark.parametrize("is_locked", [False, True])
def test_switching_sides_in_a_set_takes_a_side_that_waits(talk: Talk, is_locked: bool) -> None:
    to_ready(talk)
    if is_locked:
        talk.session.state = replace(talk.session.state, locked=frozenset({"right"}))
    else:
        talk.say("ready").until("switch")
    reps = len(talk.events("rep"))
    talk.say("ready").wait(5).words("switch sides").wait(12)
    assert talk.state == "set"
    answer = next(say for say in talk.says if say.line == "no_other_side")
    first, second = talk.events("rep")[reps : reps + 2]
    assert answer.at == second.at - talk.session.plan.tempo.top_samples
    assert seconds_of(second.at - first.at) == 6
    talk.words("done")
    assert talk.session.state.results[-1].ended == "early"


def test_the_first_side_can_be_chosen_before_a_set(talk: Talk) -> None:
    to_ready(talk).say("switch_sides")
    assert talk.session.state.side == "right"
    talk.say("ready").until("switch")
    assert talk.session.state.side == "left"


def test_the_beats_are_less_with_less_talk(talk: Talk) -> None:
    to_ready(talk).say("less_talk", "less_talk", "ready")
    said = len(talk.says)
    talk.until("switch")
    assert not [line for line in talk.lines[said:] if line.startswith("beat_") or line == "text"]


def test_deaf_in_a_set_stops_the_count_until_somebody_speaks(talk: Talk) -> None:
    reach(talk, "set").deaf()
    reps = len(talk.events("rep"))
    talk.wait(40)
    assert talk.lines.count("deaf") >= 3
    assert len(talk.events("rep")) == reps
    talk.hearing().wait(5)
    assert talk.state == "paused"
    talk.say("resume").until("switch")


def test_deafness_does_not_wipe_out_a_report_of_pain(talk: Talk) -> None:
    reach(talk, "set").interrupt("pain").wait(1)
    talk.deaf().wait(10).hearing()
    assert talk.state == "pain"


def test_deaf_for_good_ends_the_session(talk: Talk) -> None:
    reach(talk, "ready").deaf().wait(400)
    assert talk.ended == "deaf"


@pytest.mark.parametrize("state", ANYWHERE)
def test_every_state_ends_by_itself_when_nobody_is_there(talk: Talk, state: str) -> None:
    reach(talk, state).wait(3600)
    assert talk.ended is not None


@pytest.mark.parametrize("state", [*ANYWHERE, "confirm", "stopped", "pain"])
def test_the_end_of_the_input_ends_every_state(talk: Talk, state: str) -> None:
    match state:
        case "confirm":
            reach(talk, "ready").say("finish")
        case "stopped":
            reach(talk, "set").say("stop")
        case "pain":
            reach(talk, "set").say("pain")
        case _:
            reach(talk, state)
    talk.close().wait(60)
    assert talk.ended == ("pain" if state == "pain" else "closed")


@pytest.mark.parametrize("name", sorted(set(PHASES) - {"summary", "farewell", "deaf", "set", "emergency", "ladder"}))
def test_every_phase_that_listens_has_help(name: str) -> None:
    assert f"help_{name}" in LINES


def test_where_am_i_in_a_pause_is_where_it_will_go_on(talk: Talk) -> None:
    reach(talk, "set").say("pause", "where")
    assert talk.lines[-1] == "where_set"
    assert dict(talk.says[-1].slots)["side"] == "left"
    resting = reach(Talk(talk.session.plan), "rest").say("pause", "where")
    assert resting.lines[-1] == "where_rest"
    setting_up = reach(Talk(talk.session.plan), "steps").say("next", "next", "pause", "where")
    assert setting_up.lines[-1] == "where_steps"
    assert dict(setting_up.says[-1].slots)["number"] == 3
    stretching = reach(Talk(talk.session.plan), "cooldown").say("next", "pause", "where")
    assert stretching.lines[-1] == "where_cooldown"
    assert dict(stretching.says[-1].slots)["number"] == 2


def test_no_wait_pauses_a_set_though_it_is_heard_as_no_weight(talk: Talk) -> None:
    reach(talk, "set").say("no_weight")
    assert talk.state == "paused"


def test_help_in_a_set_frees_the_hands_first(talk: Talk) -> None:
    reach(talk, "set").say("help")
    assert talk.state == "paused"
    assert talk.lines[-2:] == ["help_paused", "help_always"]


def test_the_step_is_pure(plan: Plan) -> None:
    state = State(tempo=plan.tempo, side="left", load_kg=None, phase="greeting")
    event = Heard(100, "ready", "ready")
    assert step(state, event, plan) == step(state, event, plan)
    assert state == State(tempo=plan.tempo, side="left", load_kg=None, phase="greeting")


def test_a_stretch_has_its_time_on_each_side(talk: Talk) -> None:
    reach(talk, "cooldown")
    said = len(talk.says)
    began = talk.now
    talk.until("summary")
    assert [line for line in talk.lines[said:] if line.startswith("stretch")] == [
        *("stretch_other", "stretch", "stretch_other", "stretch", "stretch_other")
    ]
    seconds = sum(stretch.seconds for stretch in talk.session.plan.exercise.cooldown.items)
    assert seconds_of(talk.now - began) == pytest.approx(2 * seconds + 7, abs=2)


def test_a_stretch_of_both_sides_at_once_has_its_time_once(exercise: Exercise) -> None:
    items = tuple(msgspec.structs.replace(stretch, sided=False) for stretch in exercise.cooldown.items)
    own = msgspec.structs.replace(exercise, cooldown=msgspec.structs.replace(exercise.cooldown, items=items))
    talk = reach(Talk(make_plan(own, Wishes(sets=2, reps=1, rest_seconds=60))), "cooldown")
    began = talk.now
    talk.until("summary")
    assert talk.lines.count("stretch_both") == 3
    assert not {"stretch", "stretch_other"} & set(talk.lines)
    assert seconds_of(talk.now - began) == pytest.approx(90 + 4, abs=2)


def test_a_stretch_goes_on_with_the_side_that_was_interrupted(talk: Talk) -> None:
    reach(talk, "cooldown").wait(36)
    assert talk.lines[-1] == "stretch_other"
    talk.say("pause", "where")
    assert dict(talk.says[-1].slots)["number"] == 1
    said = len(talk.says)
    talk.say("resume").listen()
    assert talk.lines[said:] == ["stretch", "stretch_other"]
    talk.say("repeat").listen()
    assert talk.lines[said:] == 2 * ["stretch", "stretch_other"]
    talk.wait(31)
    assert talk.session.state.item == 1
    talk.say("back")
    assert (talk.session.state.item, talk.lines[-1]) == (0, "stretch")
    talk.wait(35)
    assert talk.lines[-1] == "stretch_other"
    assert talk.say("skip").state == "summary"


@pytest.mark.parametrize("count", [1, 2])
def test_an_exercise_may_have_few_points_to_take_home(exercise: Exercise, count: int) -> None:
    points = exercise.take_home.points[:count]
    own = msgspec.structs.replace(exercise, take_home=msgspec.structs.replace(exercise.take_home, points=points))
    for sets in (1, 2):
        talk = to_ready(Talk(make_plan(own, Wishes(sets=sets, reps=1, load_kg=0, rest_seconds=0))))
        while talk.state != "cooldown":
            talk.say("ready").wait(12).listen()
        talk.say("skip").until("ended")
        assert dict(talk.says[-3].slots)["text"] in points


def test_every_line_is_said_with_its_slots(talk: Talk) -> None:
    for state in ANYWHERE:
        reach(Talk(talk.session.plan), state)
    to_ready(talk).say("ready").until("switch").say("where", "why", "help", "skip").say("slower", "faster")
    for say in talk.says:
        assert isinstance(say, Say)
        assert {name for name, _ in say.slots} == LINES[say.line]


@pytest.fixture
def row(exercise: Exercise) -> Exercise:
    """Another exercise, with a dose and words of its own."""
    dose = msgspec.structs.replace(
        exercise.programming, warmup_minutes=Range(3, 4, 3), rest_seconds=Range(40, 50, 45), tempo="3-1-1-0"
    )
    safety = msgspec.structs.replace(exercise.safety, let_go="Let the dumbbell down.")
    return msgspec.structs.replace(exercise, name="dumbbell row", programming=dose, safety=safety)


def test_what_is_said_of_the_exercise_is_its_own(pack: Pack, row: Exercise) -> None:
    plan = make_plan(row, Wishes(sets=2, reps=1, load_kg=0))
    warm = reach(Talk(plan), "warmup").say("skip")
    rest = reach(Talk(plan), "rest").say("why")
    pain = reach(Talk(plan), "set").say("pain")
    told = [pack.text(talk.says[-1].line, dict(talk.says[-1].slots)) for talk in (warm, rest, pain)]
    assert "the plan asks for three to four minutes" in told[0]
    assert told[1].startswith("The plan rests forty to fifty seconds")
    assert told[2] == "Stop. Let the dumbbell down. Put the weight down."
    prepared = {text for text, _ in texts(pack, plan)}
    assert prepared >= set(told)


def test_a_tempo_is_remarked_on_only_where_it_leaves_the_exercises_own(exercise: Exercise, row: Exercise) -> None:
    assert remarks(make_plan(row, Wishes())) == []
    assert remarks(make_plan(row, Wishes(tempo="2-1-1-0"))) == []
    assert remarks(make_plan(exercise, Wishes(tempo="2-1-2-0"))) == []
    found = remarks(make_plan(exercise, Wishes(tempo="2-1-1-0", variation="isometric")))
    assert found == ["The way down takes 3 seconds in this exercise; you chose 1."]


@pytest.mark.parametrize(("wishes", "said"), [({}, True), ({"tempo": "1-1-2-0", "rest_seconds": 30}, False)])
def test_what_was_chosen_otherwise_is_not_told_as_our_choice(pack: Pack, wishes: dict, said: bool) -> None:
    talk = to_ready(Talk(plan_of(pack, load_kg=5, **wishes)))
    settled = pack.exercises["single-leg-hip-thrust"].settled
    told = [dict(say.slots).get("text") for say in talk.says]
    for text in (settled.lift, settled.lower, settled.rest_length):
        assert (text in told) == said
    assert settled.rest in told
