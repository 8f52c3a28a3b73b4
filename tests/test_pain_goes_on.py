"""What is said to an open report of pain and after its guidance: more of it, less of it, nothing of it."""

import pytest

from assistant import pack as packs
from assistant.parts import voices_folder
from assistant.red_flags import rank
from assistant.session.pain import LOOK_AGAIN_SECONDS
from assistant.triage import decide
from tests.talk import Talk, in_a_set, plan_of
from tests.test_pain import only

PACK = packs.load(voices_folder() / "en")


@pytest.fixture
def talk() -> Talk:
    return Talk(plan_of(PACK, sets=3, reps=3, rest_seconds=60, load_kg=10))


# ---- a "stop" that says more


@pytest.mark.parametrize(
    ("first", "then", "row"),
    [
        ("ow", "stop it's my chest", "chest"),
        ("i'm dizzy", "yes and it won't stop", "chest"),
        ("my calf hurts", "stop it's throbbing", "one_leg"),
    ],
)
def test_what_is_said_with_a_stop_belongs_to_the_report(talk: Talk, first: str, then: str, row: str) -> None:
    in_a_set(talk).utter(first)
    talk.wait(1.2).words(then).wait(1000)
    assert row in [note.data["row"] for note in talk.events("pain_report")]


def test_a_stop_that_names_a_part_of_the_body_is_a_report(talk: Talk) -> None:
    in_a_set(talk).utter("stop my back")
    assert talk.state == "pain"
    assert "back" in talk.session.state.report.families


@pytest.mark.parametrize("words", ["no pain when i rest", "it doesn't hurt as much now"])
def test_a_report_is_not_taken_back_by_half(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("my hip hurts")
    talk.wait(1.2).words(words)
    assert "pain_retracted" not in talk.lines


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("my left knee hurts", "it doesn't hurt now that i stopped"),
        ("my left knee hurts", "no pain any more"),
        ("my lower back hurts", "never mind"),
        ("i fell", "never mind"),
    ],
)
def test_a_report_that_names_something_is_not_taken_back(talk: Talk, first: str, then: str) -> None:
    """It hurts no more because the weight is down."""
    in_a_set(talk).utter(first)
    talk.wait(1.2).words(then)
    assert "pain_retracted" not in talk.lines
    talk.wait(1000)
    assert rank(only(talk, "pain_report")["level"]) >= rank("continue")


@pytest.mark.parametrize("words", ["it doesn't hurt now", "never mind", "zero", "it's gone"])
def test_a_pain_that_is_gone_asks_for_no_doctor(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("my left knee hurts")
    talk.wait(5).words(words, "no").wait(1)
    assert only(talk, "pain_report")["level"] == "stop"  # what it was like, nobody said


def test_a_number_counts_whatever_was_asked(talk: Talk) -> None:
    in_a_set(talk).utter("i have pain")
    talk.wait(5).words("seven out of ten")
    assert talk.session.state.report.score == 7


@pytest.mark.parametrize("words", ["it's off", "the weight is off", "done", "okay it's off"])
def test_that_the_weight_is_down_ends_no_report(talk: Talk, words: str) -> None:
    """It is what was asked for."""
    in_a_set(talk).utter("my left knee hurts")
    talk.words(words).wait(1).words(words).listen()
    assert (talk.state, talk.session.state.report.unclear) == ("pain", frozenset())


HARMLESS = ["i'll do the left leg first", "my left leg is ready", "right", "other leg", "less talk", "change weight",
            "ten kilos", "i can't hear you", "my hips are dropping", "one", "next one", "i need water"]  # fmt: skip


@pytest.mark.parametrize("words", HARMLESS)
@pytest.mark.parametrize("report", ["a dull pain two out of ten in my left knee", "my left hip is sore", "pain"])
def test_what_tells_of_no_pain_opens_no_report_after_the_guidance(talk: Talk, words: str, report: str) -> None:
    in_a_set(talk).words(report).wait(1.2)
    answers = ["only the burn"] if report == "pain" else ["two"] if "sore" in report else []
    talk.words(*answers, *["no"] * (0 if report == "pain" else 2)).listen()
    assert talk.session.state.asking == "go on"
    talk.words(words).listen()
    assert (talk.state, talk.session.state.asking) == ("pain", "go on")
    assert talk.words("continue").listen().state == "ready"


@pytest.mark.parametrize("words", ["other leg", "my hips are dropping", "right leg next", "my legs are shaking"])
def test_what_tells_of_no_pain_opens_no_report_while_one_rests(talk: Talk, words: str) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(10).words(words)
    assert (talk.state, talk.session.state.asking) == ("pain", "look again")


@pytest.mark.parametrize("words", ["it's worse", "it's getting worse", "it's in my back", "in my right knee", "five"])
def test_more_of_it_in_other_words_is_asked_about_anew(talk: Talk, words: str) -> None:
    in_a_set(talk).words("my left hip is sore").wait(1.2).words("two", "no", "no").listen()
    assert talk.session.state.asking == "go on"
    talk.words(words).wait(1)
    assert (talk.state, talk.session.state.asking) != ("pain", "go on")


@pytest.mark.parametrize("words", ["eight", "it's an eight", "it's worse", "my chest hurts"])
@pytest.mark.parametrize("wait", [0, 40])
def test_what_is_told_to_the_ladder_after_the_guidance_is_not_forgotten(talk: Talk, words: str, wait: float) -> None:
    in_a_set(talk).words("my left hip is sore").wait(1.2).words("two", "no", "no").listen()
    talk.until("ladder").wait(wait).words(words).words("i'm okay").wait(1)
    assert talk.events("locked")
    assert talk.state in {"farewell", "ended"}


@pytest.mark.parametrize("words", ["it's in my heart", "my heart is racing", "my chest hurts", "no it's in my chest"])
def test_an_emergency_after_the_guidance_is_one(talk: Talk, words: str) -> None:
    in_a_set(talk).words("my left hip is sore").wait(1.2).words("two", "no", "no").listen()
    talk.words(words).wait(1)
    assert talk.state in {"emergency", "pain"}
    assert rank(decide(talk.session.state.report, PACK.red_flags).level) >= rank("urgent")


@pytest.mark.parametrize("words", ["now my right hip hurts", "it hurts a lot now", "ow", "pain", "it's a seven now"])
@pytest.mark.parametrize("score", ["two", "five"])
def test_more_pain_after_the_guidance_is_asked_about_anew(talk: Talk, words: str, score: str) -> None:
    in_a_set(talk).words(f"a dull pain {score} out of ten in my left knee").wait(1.2).words("no", "no").listen()
    first = only(talk, "pain_report")
    if score == "five":
        talk.wait(LOOK_AGAIN_SECONDS + 1).words("two")
    assert talk.session.state.asking == "go on"
    asked = talk.lines.count("pain_question")
    talk.words(words).listen()
    told = [note.data["words"] for note in talk.events("pain")]
    assert told[-1] == words  # of its own, should the power go now
    if "seven" not in words:
        assert talk.lines.count("pain_question") == asked + 1
    talk.wait(1000)
    last = talk.events("pain_report")[-1].data
    assert rank(last["level"]) > rank(first["level"])
    assert "right" not in words or (last["place"], last["side"]) == ("hip", "right")


def test_another_pain_while_one_rests_is_a_report_of_its_own(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(10).words("my right hip hurts").listen()
    assert talk.lines[-1] == "pain_question"
    talk.words("dull", "two", "no").listen()
    assert talk.events("pain_report")[-1].data["level"] == "lighten"  # no milder than the one before


def test_an_emergency_does_not_wait_for_a_question_to_be_said(talk: Talk) -> None:
    in_a_set(talk).utter("my knee hurts")
    talk.wait(1.2).utter("my chest hurts")
    assert talk.state == "emergency"
    assert talk.hushed_urgently


@pytest.mark.parametrize("wait", [0, 40])
def test_silence_at_the_burn_is_no_lock(talk: Talk, wait: float) -> None:
    in_a_set(talk).utter("it hurts")
    talk.wait(1.2).words("my thigh", "only the burn").listen()
    talk.until("ladder").wait(wait).words("i'm okay").listen()
    assert (talk.state, talk.session.state.asking) == ("pain", "go on")
    assert talk.events("locked") == []
    assert talk.say("resume").listen().state == "ready"


def test_worse_in_the_ladder_after_the_burn_is_a_lock(talk: Talk) -> None:
    in_a_set(talk).utter("it hurts")
    talk.wait(1.2).words("my thigh", "only the burn").listen()
    talk.until("ladder").words("my knee hurts").words("i'm okay")
    assert talk.events("locked")


def test_who_asks_for_time_gets_it(talk: Talk) -> None:
    in_a_set(talk).utter("my left knee hurts")
    talk.wait(1.2).words("wait", "hold on", "wait").listen()
    assert talk.state == "pain"
    assert talk.lines[-1] == "pain_question"
    assert talk.session.state.report.unclear == frozenset()
    talk.wait(9)
    assert talk.lines.count("pain_question") == 2


def test_a_yes_at_the_burn_says_again_how_to_go_on(talk: Talk) -> None:
    in_a_set(talk).utter("pain")
    talk.wait(1.2).words("only the burn").listen()
    assert talk.session.state.asking == "go on"
    talk.words("yes", "yes", "yes").listen()
    assert talk.lines[-1] == "pain_go_on"
    assert talk.say("resume").listen().state == "ready"


@pytest.mark.parametrize("words", ["i do", "a bit", "i think so", "kind of", "yes i think so"])
def test_a_plain_answer_is_no_silence(talk: Talk, words: str) -> None:
    """Chest pain that somebody owns up to in two words."""
    in_a_set(talk).utter("i'm dizzy")
    talk.wait(1.2).words(words)
    assert talk.state == "emergency"
    assert "chest_signs" in talk.session.state.report.families


@pytest.mark.parametrize("words", ["i don't know", "not sure", "this is hard"])
def test_an_unclear_answer_is_asked_again(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("i'm dizzy")
    talk.wait(1.2).words(words).listen()
    assert talk.lines[-2:] == ["pain_question", "pain_question"]
    assert talk.events("silence") == []


def test_what_tells_nothing_neither_ends_an_emergency_nor_keeps_it_from_being_called_out(talk: Talk) -> None:
    in_a_set(talk).words("my chest hurts")
    for _ in range(20):
        talk.wait(5).utter("this is hard")
    assert talk.state == "ladder"
    assert "ladder_call" in talk.lines
    assert talk.ended is None


@pytest.mark.parametrize(("words", "score"), [("eight", 8), ("it's an eight", 8), ("four", 5)])
def test_a_number_that_has_risen_after_the_rest_is_the_score(talk: Talk, words: str, score: int) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(LOOK_AGAIN_SECONDS + 1).words(words).until("ended")
    assert talk.events("pain_report")[-1].data["score"] == score
    assert only(talk, "locked")["side"] == "left"
