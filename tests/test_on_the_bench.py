"""What somebody says who lies under a weight, alone: what may mean less begins no count, and nothing is ignored."""

import pytest

from assistant import pack as packs
from assistant.events import Hush
from assistant.interpret import Interpreter
from assistant.parts import voices_folder
from assistant.past import Past
from assistant.progress import Suggestion
from assistant.session.pain import LOOK_AGAIN_SECONDS, PASSING_SECONDS
from tests.talk import Talk, in_a_set, plan_of, seconds_of, to_ready

PACK = packs.load(voices_folder() / "en")


@pytest.fixture
def talk() -> Talk:
    return Talk(plan_of(PACK, sets=3, reps=3, rest_seconds=60, load_kg=10))


# ---- what begins a count


HALF_A_WORD = ["i'm done", "all done", "got it", "all right", "i'm fine", "okay", "next"]


@pytest.mark.parametrize("words", HALF_A_WORD)
def test_a_count_with_a_weight_begins_only_for_a_word_that_asks_for_it(talk: Talk, words: str) -> None:
    to_ready(talk).words(words)
    assert talk.state == "ready"
    assert talk.listen().words("ready").state == "set"


@pytest.mark.parametrize("words", HALF_A_WORD[:-1])
def test_the_other_leg_does_not_begin_for_a_word_about_the_first(talk: Talk, words: str) -> None:
    in_a_set(talk).until("switch").words(words)
    assert talk.state in {"switch", "ready"}
    assert talk.listen().words("ready").state == "set"


def test_who_is_done_between_two_sets_is_asked_whether_to_end(talk: Talk) -> None:
    in_a_set(talk).until("switch").until("ready").words("i'm done")
    assert talk.state == "confirm"
    assert talk.words("no").listen().state == "ready"


def test_not_yet_gets_time(talk: Talk) -> None:
    to_ready(talk).words("not yet")
    assert (talk.state, talk.lines[-1]) == ("ready", "take_your_time")


def test_the_other_leg_first_costs_no_leg_its_turn(talk: Talk) -> None:
    to_ready(talk).say("ready").wait(0.5).interrupt("switch_sides")
    assert (talk.state, talk.session.state.side) == ("ready", "right")
    talk.say("ready").until("switch")
    assert talk.session.state.side == "left"
    assert [(done.side, done.ended) for done in talk.session.state.results] == [("right", "complete")]


# ---- what stops it


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("i can't hold it", "ladder"),
        ("get this weight off", "ladder"),
        ("the bar is crushing my hips", "ladder"),
        ("it landed on me", "ladder"),
        ("it rolled onto my stomach", "ladder"),
        ("i'm not able to get up", "ladder"),
        ("i don't think i can get up", "ladder"),
        ("i can't put it down", "ladder"),
        ("i'm blacking out", "pain"),
        ("my leg feels like jelly", "pain"),
        ("i fell on my knee", "pain"),
        ("my back my back", "pain"),
        ("hold on a second", "paused"),
        ("give me a second", "paused"),
        ("i need more rest", "paused"),
        ("change the weight", "paused"),
        ("the bar is slipping", "stopped"),
        ("i don't have enough air", "emergency"),
        ("something's wrong with my speech", "emergency"),
        ("i'm not okay", "pain"),
        ("no i'm not okay", "pain"),
        ("i'm not all right", "pain"),
        ("something's wrong", "pain"),
        ("something feels wrong", "pain"),
        ("that's enough", "stopped"),
        ("this is too heavy", "stopped"),
        ("i can't go on", "stopped"),
        ("the weight it's slipping", "stopped"),
        ("it's not the burn it's pain", "pain"),
        ("it's not sore it's numb", "pain"),
        ("don't count it's hurting", "pain"),
        ("something's not right", "pain"),
        ("not yet it hurts", "pain"),
        ("i don't want to continue it hurts", "pain"),
        ("i don't think it hurts", "set"),
        ("i hit my knee", "pain"),
        ("i hit my limit", "set"),
        ("i hit my ten reps", "set"),
        ("it's heavy on my chest", "emergency"),
        ("the pain's gone into my chest", "emergency"),
        ("not really it's on me", "ladder"),
        ("my chest is fine but it feels tight", "emergency"),
        ("my arm feels fine but it's weak", "emergency"),
        ("it feels worse than a burn", "pain"),
        ("i dropped it on my neck", "ladder"),
        ("i dropped it on my face", "pain"),
        ("take it off me", "ladder"),
        ("my urine has gone dark", "pain"),
        ("the lights went dark", "set"),
        ("i don't think it's numb", "set"),
        ("i'm not saying it hurts", "set"),
        ("it slid on my mat", "set"),
        ("i can't hold this pace", "set"),
        ("i dropped it on my foot", "pain"),
        ("everything is going dark", "pain"),
        ("not enough air", "emergency"),
        ("i can't hold this any longer", "ladder"),
        ("it slid onto my stomach", "ladder"),
        ("get me out", "ladder"),
        ("it's sliding", "stopped"),
        ("i can't continue", "stopped"),
        ("wait my knee", "pain"),
        ("no my knee", "pain"),
        ("no no no", "paused"),
        ("hold on a minute", "paused"),
        ("i need a break", "paused"),
        ("no", "set"),
        ("not too heavy", "set"),
        ("not enough", "set"),
    ],
)
def test_what_is_said_under_a_weight_stops_the_count(talk: Talk, words: str, state: str) -> None:
    in_a_set(talk).utter(words)
    assert talk.state == state


def test_who_is_not_okay_after_a_stop_gets_no_resume(talk: Talk) -> None:
    in_a_set(talk).utter("stop")
    assert talk.words("i'm not okay").state == "pain"
    assert talk.until("ladder").words("i'm not okay").state == "ladder"
    assert talk.events("ladder")[-1].data["step"] == "call"


TOO_MUCH = ["it's too heavy", "i can't do it", "i give up", "it's slipping", "that's enough"]


@pytest.mark.parametrize("words", TOO_MUCH)
def test_what_stops_a_set_ends_no_call_for_help(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("stop")
    talk.until("ladder", 600).wait(40)
    assert talk.events("ladder")[-1].data["step"] == "call"
    said = len(talk.lines)
    talk.utter(words)
    talk.wait(60)
    assert "ladder_call" in talk.lines[said:]
    assert "ladder_ask" not in talk.lines[said:]


@pytest.mark.parametrize("words", TOO_MUCH)
def test_what_stops_a_set_ends_no_good_bye_after_pain(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("sharp pain in my left knee")
    talk.listen().wait(0.2).words("no")
    assert talk.state == "farewell"
    talk.utter(words)
    assert talk.state == "farewell"


@pytest.mark.parametrize("words", TOO_MUCH)
def test_who_finds_it_too_much_after_the_stop_is_asked(talk: Talk, words: str) -> None:
    in_a_set(talk).utter(words)
    assert talk.state == "stopped"
    talk.wait(0.8).utter(words)  # in the same fright
    talk.wait(6).utter(words)
    assert (talk.state, talk.lines[-1]) == ("stopped", "stopped")
    talk.wait(6).utter(words)
    assert (talk.state, talk.events("ladder")[-1].data["step"]) == ("ladder", "ask")


@pytest.mark.parametrize("words", TOO_MUCH)
def test_who_was_let_go_on_may_find_it_too_much(talk: Talk, words: str) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(5).words("no", "no").listen()
    assert talk.session.state.asking == "go on"
    talk.words(words)
    assert (talk.state, talk.session.state.reason) == ("farewell", "pain")


@pytest.mark.parametrize("words", ["there's enough", "enough", "there is enough of it"])
def test_enough_room_is_no_stop(talk: Talk, words: str) -> None:
    talk.say("ready", "no", "no", "skip", "yes", "yes").words(words)
    assert (talk.state, talk.lines[-1]) == ("equipment", "ask_space")


def test_without_a_weight_there_is_nothing_to_be_asked_about() -> None:
    talk = in_a_set(Talk(plan_of(PACK, sets=3, reps=3, load_kg=0)))
    talk.utter("i give up")
    talk.listen().utter("that's enough")
    assert talk.state == "stopped"


@pytest.mark.parametrize("words", ["no something's wrong", "no i'm not fine", "no not okay"])
def test_a_no_takes_back_nothing_of_what_is_wrong(talk: Talk, words: str) -> None:
    in_a_set(talk).utter(words)
    assert talk.state == "pain"


@pytest.mark.parametrize(
    "words", ["nothing's wrong", "i'm okay nothing's wrong", "we have enough time", "good enough"]
)
def test_all_is_well_stops_nothing(talk: Talk, words: str) -> None:
    in_a_set(talk).utter(words)
    assert talk.state == "set"


def test_too_heavy_is_no_answer_to_how_heavy(talk: Talk) -> None:
    talk = Talk(plan_of(PACK, sets=3, reps=3))
    talk.say("ready", "no", "no", "skip", "yes", "yes", "yes").words("twenty kilos", "no that's too heavy")
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    assert talk.words("too heavy", "ten kilos", "yes").state == "steps"
    assert talk.session.state.load_kg == 10


@pytest.mark.parametrize("words", ["stop", "pause", "end workout"])
def test_silence_after_a_loaded_count_was_broken_off_is_called_out(talk: Talk, words: str) -> None:
    in_a_set(talk).utter(words)
    talk.until("ladder", 600).wait(60)
    assert [note.data["step"] for note in talk.events("ladder")][:3] == ["ask", "ask", "call"]


def test_without_a_weight_silence_after_a_stop_ends_the_workout() -> None:
    talk = in_a_set(Talk(plan_of(PACK, sets=3, reps=3, load_kg=0)))
    talk.utter("stop")
    talk.until("ended", 600)
    assert (talk.ended, talk.events("ladder")) == ("silence", [])


def test_who_is_all_right_after_such_a_silence_is_still_paused(talk: Talk) -> None:
    in_a_set(talk).utter("stop")
    assert talk.until("ladder", 600).words("i'm okay").state == "paused"
    assert talk.wait(5).state == "paused"


def test_help_said_twice_in_a_set_is_a_cry(talk: Talk) -> None:
    in_a_set(talk).utter("help")
    assert talk.state == "paused"
    talk.utter("help")
    assert talk.state == "ladder"
    other = in_a_set(Talk(plan_of(PACK, sets=3, reps=3, load_kg=10)))
    other.utter("what can i say")
    other.utter("what can i say")
    assert other.state == "paused"


def test_help_after_a_stop_tells_what_can_be_said_and_help_again_is_a_cry(talk: Talk) -> None:
    in_a_set(talk).utter("stop")
    talk.listen().utter("help")
    assert (talk.state, "help_stopped" in talk.lines) == ("stopped", True)
    talk.listen().utter("help")
    assert talk.state == "ladder"


def test_a_cry_during_the_good_bye_after_pain_is_called_out(talk: Talk) -> None:
    in_a_set(talk).utter("sharp pain in my left knee")
    talk.listen().wait(0.2).words("no")
    assert talk.state == "farewell"
    talk.utter("help")
    assert talk.state == "ladder"
    assert talk.events("ladder")[-1].data["step"] == "call"


# ---- pain


@pytest.mark.parametrize("words", ["no", "i can't reach my phone", "i can't get to the phone"])
def test_who_cannot_call_is_called_for(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("my chest hurts")
    talk.listen()
    assert talk.state == "emergency"
    assert talk.words(words).state == "ladder"
    assert talk.events("ladder")[-1].data["step"] == "call"


def test_words_that_say_nothing_do_not_keep_an_emergency_from_being_called_out(talk: Talk) -> None:
    in_a_set(talk).utter("my chest hurts")
    talk.listen()
    for _ in range(3):
        talk.words("yes")
    assert talk.state == "ladder"


def test_a_word_in_an_emergency_silences_what_is_being_said(talk: Talk) -> None:
    in_a_set(talk).utter("my chest hurts")
    talk.listen()
    actions = []
    handle = talk.session.handle
    talk.session.handle = lambda event: actions.extend(found := list(handle(event))) or found
    talk.interrupt("stop")
    assert [action.urgent for action in actions if isinstance(action, Hush)] == [True]


@pytest.mark.parametrize("words", ["one second", "one moment", "the left one", "this one"])
def test_what_only_holds_a_one_is_no_score(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("my left knee is sore")
    talk.wait(0.2).listen()
    talk.words(words)
    assert talk.session.state.report.score is None
    talk.words("two")
    assert talk.session.state.report.score == 2


def test_a_pain_that_eased_is_asked_about_again(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(LOOK_AGAIN_SECONDS + 3).words("three").say("resume", "ready").until("switch").say("ready")
    talk.until("pain_check").words("four")
    assert talk.state == "pain"


@pytest.mark.parametrize("words", ["it's gone", "nothing", "none"])
def test_gone_is_a_number(talk: Talk, words: str) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2).words("no", "no").say("resume")
    talk.say("ready").until("switch").say("ready").until("pain_check").words(words)
    assert (talk.state, talk.session.state.watch) == ("rest", None)


@pytest.mark.parametrize("words", ["no pain", "nothing hurts"])
def test_who_agrees_that_nothing_hurts_does_not_end_the_workout(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("ouch")
    talk.wait(5).words("nothing hurts").listen()
    assert talk.words(words).state == "pain"
    assert talk.say("resume").state == "ready"


def test_silence_after_a_report_was_taken_back_locks_nothing(talk: Talk) -> None:
    in_a_set(talk).utter("ouch")
    talk.wait(5).words("nothing hurts").until("ladder", 300).words("i'm okay")
    assert (talk.state, talk.events("locked")) == ("paused", [])


def test_pain_on_the_last_way_down_leads_to_the_other_leg(talk: Talk) -> None:
    in_a_set(talk)
    while talk.session.state.reps < 3:
        talk.wait(0.1)
    talk.utter("a dull pain two out of ten in my left knee")
    talk.wait(1.2).words("no", "no").say("resume")
    assert [(done.side, done.reps, done.ended) for done in talk.session.state.results] == [("left", 3, "complete")]


@pytest.mark.parametrize("words", ["call nine one one", "i'd call one one two"])
def test_the_number_to_call_may_be_named_in_a_sentence(words: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True), sets=1, reps=3))
    talk.say("ready")
    while talk.lines[-1] != "ask_number":
        talk.say("no").listen()
    assert talk.words(words).state != "ladder"
    assert "number_set" in talk.lines


@pytest.mark.parametrize("words", ["my back my back", "my knee my knee my knee"])
def test_a_place_said_again_and_again_is_a_place(words: str) -> None:
    meaning = Interpreter(PACK).named_place(words)
    assert meaning is not None
    assert meaning.intent == "pain"


# ---- what denies, and what is denied


@pytest.mark.parametrize(
    "words", ["no chest pain", "i never had chest pain", "no pain in my chest", "my chest is fine", "my knee is fine"]
)
def test_what_denies_a_pain_at_the_screen_is_no_report_of_it(words: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True), sets=3, reps=3))
    talk.say("ready").listen().words("one one two").listen()
    question = talk.lines[-1]
    talk.words(words)
    assert (talk.state, talk.lines[-2:]) == ("screen", ["yes_or_no", question])


@pytest.mark.parametrize("words", ["not right now", "neither"])
def test_what_tells_of_nothing_at_the_screen_ends_no_workout(words: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False), sets=3, reps=3))
    talk.say("ready").listen().words(words)
    assert (talk.state, talk.lines[-2:]) == ("screen", ["yes_or_no", "ask_pain"])


@pytest.mark.parametrize(
    ("report", "answers"),
    [
        ("my left arm hurts", ("sore", "no chest pain")),
        ("i feel sick", ("no chest pain",)),
        ("i feel sick", ("my chest is fine", "no")),
    ],
)
def test_a_chest_that_is_denied_is_no_emergency(talk: Talk, report: str, answers: tuple[str, ...]) -> None:
    in_a_set(talk).utter(report)
    for answer in answers:
        talk.listen().wait(0.3).words(answer)
        assert talk.state == "pain"
    assert "chest" not in talk.session.state.report.families


@pytest.mark.parametrize(
    ("report", "answers"),
    [
        ("ow", ("my left knee", "sharp", "no numbness it's my chest")),
        ("my left arm hurts", ("dull", "no chest pain but my jaw")),
        ("ow", ("my chest doesn't feel good",)),
    ],
)
def test_a_chest_or_jaw_beside_a_denial_is_still_one(talk: Talk, report: str, answers: tuple[str, ...]) -> None:
    in_a_set(talk).utter(report)
    for answer in answers:
        talk.listen().wait(0.3).words(answer)
    assert talk.state in {"emergency", "ladder"}


@pytest.mark.parametrize("words", ["i don't need help", "i do not need any help", "don't call for help"])
def test_who_needs_no_help_is_not_called_out_for(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("my left knee is sore")
    assert talk.listen().words(words).state == "pain"
    assert talk.words("help me").state == "ladder"


@pytest.mark.parametrize("words", ["nothing", "it's gone", "the pain is gone"])
def test_nothing_is_a_score_of_zero(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("my left knee hurts")
    talk.listen().words("sore").listen()
    assert talk.session.state.asking == "score"
    assert talk.words(words).session.state.report.score == 0


# ---- what is said late, or not at all


def test_who_calls_for_help_in_a_set_and_falls_silent_is_asked_after_a_minute(talk: Talk) -> None:
    in_a_set(talk).utter("help")
    assert talk.state == "paused"
    began = talk.now
    talk.until("ladder")
    assert seconds_of(talk.now - began) < 90


def dizzy(talk: Talk) -> Talk:
    """The guidance was said, and dizziness has its minutes to pass."""
    in_a_set(talk).utter("i'm dizzy")
    talk.listen().words("no").listen().wait(2)
    assert talk.session.state.asking == "pass"
    return talk


@pytest.mark.parametrize(
    "words", ["i'm lying on my back", "my legs are up", "my knee feels worse", "the music is worse"]
)
def test_who_does_what_was_said_or_speaks_of_something_else_is_not_called_out_for(talk: Talk, words: str) -> None:
    assert dizzy(talk).words(words).wait(60).state == "pain"


def test_who_is_okay_after_a_help_may_rest(talk: Talk) -> None:
    in_a_set(talk).utter("help")
    assert talk.listen().words("i'm okay").wait(120).state == "paused"


@pytest.mark.parametrize("words", ["it's getting worse", "i feel worse", "i think i'm going to pass out it's worse"])
def test_dizziness_that_gets_worse_is_not_waited_for(talk: Talk, words: str) -> None:
    assert dizzy(talk).words(words).state == "emergency"


def test_another_pain_while_dizziness_passes_is_asked_about(talk: Talk) -> None:
    dizzy(talk).words("sharp pain in my left knee")
    assert talk.lines[-1] == "pain_question"
    assert talk.session.state.asking not in {"pass", "passed"}
    talk.wait(PASSING_SECONDS)
    assert talk.state in {"ladder", "emergency"}  # who does not answer may not be able to


def test_who_is_still_dizzy_hears_what_to_do_again_and_is_asked_no_later(talk: Talk) -> None:
    dizzy(talk).wait(60).words("i'm still dizzy")
    assert (talk.session.state.asking, talk.lines[-1]) == ("pass", "guidance")
    talk.listen().wait(60).words("i'm still dizzy").listen().wait(PASSING_SECONDS - 120)
    assert (talk.session.state.asking, talk.lines[-1]) == ("passed", "pain_passed")


def test_an_okay_to_the_guidance_asks_nothing(talk: Talk) -> None:
    assert dizzy(talk).words("okay").session.state.asking == "pass"


@pytest.mark.parametrize("words", ["i am okay", "i am all right", "i'm good", "i'm okay thanks"])
def test_who_is_okay_in_more_words_ends_the_call(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("help me")
    assert talk.state == "ladder"
    assert talk.listen().words(words).state != "ladder"


def test_after_a_pain_before_the_weight_the_coach_suggests_none() -> None:
    next_time = Suggestion(15.0, 2, 8, 0, None, 20.0, (("why_no_weights", ()),))
    talk = Talk(plan_of(PACK, Past(first_use=False, suggestion=next_time, unlocked=next_time), sets=3, reps=3))
    talk.say("ready", "no", "no", "skip", "yes", "yes", "yes").listen()
    assert talk.lines[-1] == "ask_suggested"
    talk.words("my left knee aches five out of ten").listen().words("no").listen().words("no").listen()
    talk.wait(LOOK_AGAIN_SECONDS + 5).words("two").listen().words("continue").listen()
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    talk.words("yes").listen()
    assert not talk.session.state.load_kg


# ---- after a loaded set


def after_the_first_leg(talk: Talk) -> Talk:
    """Between the legs, the weight perhaps still on the hips."""
    return in_a_set(talk).until("switch").listen()


@pytest.mark.parametrize("state", ["switch", "ready", "unload"])
def test_a_second_help_after_a_loaded_set_asks_for_no_list_of_commands(state: str) -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=3, load_kg=10))
    after_the_first_leg(talk)
    if state == "ready":
        talk.until("ready")
    elif state == "unload":
        talk.until("ready").words("ready").until("unload")
    talk.words("help").listen()
    assert (talk.state, talk.lines[-1]) == (state, "help_always")
    assert talk.words("help").state == "ladder"


def test_who_asks_twice_what_can_be_said_is_told_twice(talk: Talk) -> None:
    after_the_first_leg(talk).until("ready").words("what can i say", "what can i say").listen()
    assert (talk.state, talk.lines[-1]) == ("ready", "help_always")


def test_help_long_after_help_is_a_first_one(talk: Talk) -> None:
    after_the_first_leg(talk).until("ready").words("help", "more rest").wait(32).words("help")
    assert talk.state == "ready"


@pytest.mark.parametrize("words", ["too heavy", "stop"])
def test_silence_after_trouble_as_the_rest_begins_is_no_good_bye(talk: Talk, words: str) -> None:
    after_the_first_leg(talk).until("ready").words("ready").until("rest").listen().utter(words)
    talk.until("ladder")
    assert talk.ended is None


def test_help_in_one_rest_and_in_the_next_is_no_second_one(talk: Talk) -> None:
    after_the_first_leg(talk).words("help").until("ready").words("ready").until("rest").until("ready")
    talk.words("ready").until("switch").words("help")
    assert talk.state == "switch"


@pytest.mark.parametrize("words", ["it's too heavy", "i can't do it", "stop", "pause"])
def test_silence_after_a_word_of_trouble_between_the_legs_is_no_good_bye(talk: Talk, words: str) -> None:
    after_the_first_leg(talk).words(words).until("ladder")
    assert talk.ended is None


@pytest.mark.parametrize(
    "answer",
    ["done", "okay", "it's off", "yes it is off", "it's on the floor", "it's off me", "that's it", "yes", "skip"],
)
def test_the_last_loaded_set_is_over_when_the_weight_is_off(answer: str) -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=2, load_kg=10))
    after_the_first_leg(talk).until("ready").words("ready").until("unload")
    talk.words("no").listen()
    assert (talk.state, talk.lines[-1]) == ("unload", "unload")
    assert talk.words(answer).state == "cooldown"


def test_nobody_who_takes_the_weight_off_is_asked_after() -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=2, load_kg=10))
    after_the_first_leg(talk).until("ready").words("ready").until("unload").until("ladder", at_most_seconds=180)
    assert talk.words("i'm okay").state == "unload"


@pytest.mark.parametrize("state", ["set", "rest", "ready"])
def test_a_weight_that_is_off_is_elsewhere_only_told(talk: Talk, state: str) -> None:
    in_a_set(talk)
    if state != "set":
        talk.until("switch").until("ready").words("ready").until(state)
    was = talk.state
    talk.words("it's off").listen()
    assert talk.state == was


@pytest.mark.parametrize("skipped", [False, True])
def test_without_a_weight_the_cool_down_begins_by_itself(skipped: bool) -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=2, load_kg=10 if skipped else 0))
    after_the_first_leg(talk).until("ready").words("skip" if skipped else "ready").until("cooldown")
    assert "unload" not in talk.lines


# ---- what is said twice


def test_a_second_continue_after_pain_begins_no_count(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.words("continue").wait(0.5).utter("continue")
    assert talk.state == "ready"
    assert talk.listen().words("continue").state == "set"


def test_a_second_resume_between_the_legs_begins_no_count(talk: Talk) -> None:
    after_the_first_leg(talk).words("pause", "resume").wait(0.3).utter("resume")
    assert talk.state == "switch"


def test_a_second_skip_leaves_no_leg_out(talk: Talk) -> None:
    after_the_first_leg(talk).until("ready").words("ready").until("rest").words("skip").wait(0.5).utter("skip")
    assert (talk.state, talk.session.state.side) == ("ready", "left")
    assert talk.listen().words("skip").session.state.side == "right"


def test_a_second_no_to_a_number_is_no_choice_of_no_weight() -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=2))
    talk.say("ready", "no", "no", "skip", "yes", "yes", "yes").words("fifty kilos", "no").utter("no")
    assert talk.state == "load"
    assert talk.words("no").state == "steps"


def test_done_with_putting_it_down_ends_nothing(talk: Talk) -> None:
    in_a_set(talk).utter("stop")
    assert talk.words("done").state == "stopped"
    assert talk.listen().lines[-1] == "stopped"


# ---- what the coach invites to


@pytest.mark.parametrize("words", ["a different weight", "change the weight", "another weight", "go lighter", "no"])
def test_another_weight_than_the_one_suggested_is_asked_for(words: str) -> None:
    past = Past(first_use=False, suggestion=Suggestion(20.0, 2, 8, 0, None, 22.0, (("why_no_weights", ()),)))
    talk = Talk(plan_of(PACK, past, sets=1, reps=2))
    talk.say("ready", "no", "no", "skip", "yes", "yes", "yes").words(words).listen()
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    assert talk.words("fifteen kilos", "yes").session.state.load_kg == 15


@pytest.mark.parametrize("words", ["it is ready", "it's ready", "everything is ready"])
def test_what_is_ready_is_taken_as_it_is_said(talk: Talk, words: str) -> None:
    talk.say("ready", "no", "no", "skip", "yes")
    assert talk.words("no", words).listen().lines[-1] == "ask_space"


def test_nothing_lies_behind_the_first_thing_to_lay_out(talk: Talk) -> None:
    talk.say("ready", "no", "no", "skip", "yes").words("go back").listen()
    assert (talk.state, talk.lines[-1]) == ("equipment", "ask_equipment")


def test_what_can_be_said_at_the_end_of_a_report_is_how_to_go_on(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.words("what can i say").listen()
    assert (talk.state, talk.lines[-1]) == ("pain", "pain_go_on")
