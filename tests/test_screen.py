"""Before the session: the questions about health, and the lock after pain. No sound, no clock."""

import pytest

from assistant import pack as packs
from assistant.parts import voices_folder
from assistant.past import PainMemory, Past
from assistant.progress import Suggestion
from assistant.red_flags import rank
from assistant.room import samples
from tests.talk import Talk, plan_of
from tests.test_pain import only, said_texts

PACK = packs.load(voices_folder() / "en")


# ---- before the session


def screened(talk: Talk, *answers: str) -> Talk:
    """From the greeting through the screen."""
    return talk.words("ready", *answers).listen()


def test_the_first_use_asks_for_the_number_once_and_for_the_heart() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True)))
    screened(talk, "nine nine nine", "no")
    assert only(talk, "setting") == {"key": "emergency_number", "value": "999"}
    assert talk.lines[-1] == "ask_pain"
    talk.utter("my chest hurts")
    talk.listen()
    assert any("nine nine nine" in text for text in said_texts(talk)[-4:])


@pytest.mark.parametrize("said", [("what", "perhaps"), ("left", "right")])
def test_without_a_clear_number_the_default_is_told(said: tuple[str, ...]) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True)))
    screened(talk, "yes", "yes")
    assert talk.events("setting") == []
    assert "I will tell you one one two, if it is ever needed. I cannot call for you." in said_texts(talk)
    assert talk.lines[-1] == "ask_first"


@pytest.mark.parametrize("words", ["the volume is too high", "too fast", "the band is too tight"])
def test_what_is_said_of_a_thing_is_no_yes_at_the_first_question(words: str) -> None:
    talk = screened(Talk(plan_of(PACK, Past(first_use=True))), "nine one one", words).listen()
    assert (talk.state, talk.lines[-1]) == ("screen", "ask_first")


def test_who_had_chest_pain_in_training_sees_a_doctor_first() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True)))
    screened(talk, "nine one one", "yes").until("ended")
    assert talk.ended == "screened"
    assert "screened_first" in talk.lines


@pytest.mark.parametrize(
    "words", ["i can't hear you", "i need water", "i was talking to my wife", "i dropped my phone"]
)
def test_a_sentence_at_the_first_question_is_asked_about_and_locks_nothing(words: str) -> None:
    talk = screened(Talk(plan_of(PACK, Past(first_use=True))), "nine one one", words)
    assert (talk.state, talk.lines[-2:]) == ("screen", ["yes_or_no", "ask_first"])
    talk.words(words).until("ended")  # an answer that nobody gave is no "no" either
    assert (talk.ended, talk.events("locked")) == ("screened", [])
    assert "screened_first" in talk.lines  # it may have been a disease
    assert not [note for note in talk.events("screen") if note.data["question"] == "ask_first"]


def test_an_answer_counts_after_a_sentence_that_was_none() -> None:
    talk = screened(Talk(plan_of(PACK, Past(first_use=True))), "nine one one", "i dropped my phone", "no")
    assert talk.lines[-1] == "ask_pain"


@pytest.mark.parametrize("words", ["love hurts", "pain"])
def test_a_bare_pain_at_the_first_question_ends_the_day_and_locks_nothing(words: str) -> None:
    talk = screened(Talk(plan_of(PACK, Past(first_use=True))), "nine one one", words).until("ended")
    assert (talk.ended, "screened_out" in talk.lines, talk.events("locked")) == ("screened", True, [])


@pytest.mark.parametrize(
    "words", ["yes", "yes i think so", "i have", "i fainted last year", "i broke my leg last month"]
)
def test_what_answers_the_first_question_locks_both_legs(words: str) -> None:
    talk = screened(Talk(plan_of(PACK, Past(first_use=True))), "nine one one", words).until("ended")
    assert talk.session.state.locked == {"left", "right"}


@pytest.mark.parametrize(
    "words", ["i feel dizzy", "my heart is racing", "i have a sharp pain", "my neck", "my left knee"]
)
def test_a_sign_at_the_question_about_today_is_a_report(words: str) -> None:
    talk = screened(Talk(plan_of(PACK)), words).wait(1)
    assert talk.state == "pain"
    talk.until("ladder")  # nobody answers
    talk.words("i'm okay").until("ended")
    assert talk.events("locked")


@pytest.mark.parametrize("words", ["i broke my leg last month", "i pulled my hamstring two weeks ago"])
def test_an_injury_told_of_is_a_yes(words: str) -> None:
    talk = screened(Talk(plan_of(PACK)), "no", words).until("ended")
    assert talk.ended == "screened"
    assert "screened_out" in talk.lines


@pytest.mark.parametrize(
    "words", ["no pain unless i bend it", "not yet", "never mind", "cancel", "this is hard", "i do"]
)
def test_only_a_clear_nothing_opens_a_lock(words: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(morning_asked=True),))))
    screened(talk, words)
    assert talk.session.state.locked == {"left"}
    assert talk.lines[-1] == "ask_today"


@pytest.mark.parametrize("words", ["my knee hurts", "i hurt my back", "i'm injured in my left hip"])
def test_pain_told_before_the_session_is_asked_about_and_nothing_is_loaded(words: str) -> None:
    talk = Talk(plan_of(PACK))
    screened(talk, words).wait(1)
    assert talk.state == "pain"
    talk.words("sore", "two", "no", "no", "no").until("ended", at_most_seconds=2200)
    assert talk.ended == "pain"
    assert rank(str(only(talk, "pain_report")["level"])) >= rank("stop")
    assert "set_go" not in talk.lines


# ---- nothing answers a question before it was asked


DOCTOR = {"level": "doctor", "sessions_in_a_row": 2, "days_ago": 20.0, "morning_asked": True}


def at_the_question(past: Past, *answers: str) -> Talk:
    """At the moment at which the last of these answers is given."""
    talk = Talk(plan_of(PACK, past)).words("ready", *answers[:-1]).listen()
    return talk.utter(answers[-1]) if answers else talk


@pytest.mark.parametrize("said", ["yes", "correct", "yes that's right", "okay", "no"])
def test_nothing_opens_a_doctors_lock_while_it_is_told(said: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(**DOCTOR),)))).words("ready")
    talk.wait(0.6).utter(said)
    assert talk.session.state.locked == {"left"}
    talk.listen()
    assert talk.lines[-2:] == ["lock_persists", "ask_doctor"]
    talk.utter("yes")
    assert talk.session.state.locked == frozenset()


@pytest.mark.parametrize("said", ["no", "zero", "the pain was two"])
def test_nothing_settles_the_morning_while_the_lock_is_told(said: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(),)))).words("ready")
    for _ in range(3):
        talk.wait(0.8).utter(said)
    assert (talk.events("next_morning"), talk.events("unlocked"), talk.session.state.locked) == ([], [], {"left"})
    assert talk.listen().lines[-1] == "ask_morning"


@pytest.mark.parametrize("said", ["no pain", "no", "okay", "yes", "i do"])
def test_what_follows_an_answer_at_once_does_not_answer_the_next_question(said: str) -> None:
    talk = at_the_question(Past(first_use=False), "no").wait(0.8).utter(said)
    assert (talk.state, talk.listen().lines[-2:]) == ("screen", ["ask_injury", "ask_injury"])


@pytest.mark.parametrize(("seconds", "asked"), [(1.3, "ask_pain"), (1.7, "ask_injury")])
def test_a_question_that_was_understood_may_be_answered_before_its_end(
    seconds: float, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.talk.LINE", samples(5.0))
    talk = Talk(plan_of(PACK, Past(first_use=False))).words("ready").wait(seconds).utter("no")
    assert talk.lines[-1] == asked


def test_a_sign_is_heard_before_any_question_was_asked() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(),)))).words("ready").wait(0.3)
    assert talk.utter("my chest hurts").state in {"pain", "emergency"}


@pytest.mark.parametrize("said", ["repeat", "help"])
def test_a_question_that_was_broken_in_on_is_asked_before_it_is_answered(said: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(**DOCTOR),)))).words("ready").wait(2.2)
    assert talk.lines[-1] == "ask_doctor"
    talk.utter(said).wait(0.5).utter("yes")
    assert talk.session.state.locked == {"left"}
    assert talk.listen().lines[-1] == "ask_doctor"


# ---- the emergency number


@pytest.mark.parametrize(
    ("first", "then", "number", "asked"),
    [
        ("nine nine nine no sorry nine one one", "", "911", "ask_first"),
        ("not nine one one nine nine nine", "", "999", "ask_first"),
        ("nine nine nine not nine one one", "", "999", "ask_first"),
        ("999 no, 911", "", "911", "ask_first"),
        ("nine nine nine", "no nine one one", "911", "ask_first"),
        ("nine nine nine", "nine one one", "911", "ask_first"),
        ("nine nine nine", "no that's wrong", "999", "ask_number"),
        ("nine nine nine", "no", "999", "ask_number"),
    ],
)
def test_the_number_can_be_put_right(first: str, then: str, number: str, asked: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True))).words("ready", first).wait(0.8)
    if then:
        talk.utter(then)
    assert talk.listen().lines[-1] == asked
    assert talk.session.state.number == talk.events("setting")[-1].data["value"] == number
    assert not [note for note in talk.events("screen") if note.data["question"] == "ask_first"]


def test_the_number_can_be_put_right_at_the_next_question() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=True)))
    screened(talk, "nine nine nine", "no nine one one")
    assert talk.lines[-1] == "ask_first"
    assert talk.session.state.number == talk.events("setting")[-1].data["value"] == "911"
    assert talk.words("no").listen().lines[-1] == "ask_pain"


# ---- the lock


def memory(**changes: object) -> PainMemory:
    """A stop for pain on the left two days ago."""
    given: dict[str, object] = {
        **{"side": "left", "days_ago": 2.0, "level": "stop", "place": "knee", "score": 6},
        **{"sessions_in_a_row": 1, "worsening": False, "locked": True, "morning_asked": False},
        **changes,
    }
    return PainMemory(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of", "answers", "opens"),
    [
        ({}, ("two", "zero"), True),
        ({}, ("zero", "zero"), True),
        ({}, ("four", "zero"), False),
        ({"morning_asked": True}, ("zero",), True),
        ({"morning_asked": True, "morning_score": 3}, ("zero",), True),
        ({"morning_asked": True, "morning_score": 4}, ("zero",), False),
        ({"morning_asked": True, "morning_score": 9, "days_ago": 15.0}, ("zero",), True),
        ({"level": "doctor"}, ("one", "yes"), True),
        ({"level": "doctor"}, ("one", "no"), False),
        ({"sessions_in_a_row": 2}, ("zero", "yes"), True),
        ({"sessions_in_a_row": 2}, ("zero", "no"), False),
        ({"worsening": True}, ("zero", "no"), False),
    ],
)
def test_the_lock_opens_only_by_the_table(of: dict[str, object], answers: tuple[str, ...], opens: bool) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(**of),)), sets=2, reps=2))
    screened(talk, *answers)
    assert "lock_told" in talk.lines
    assert ("lock_persists" in talk.lines) == (of.get("sessions_in_a_row") == 2 or of.get("worsening") is True)
    assert (talk.events("unlocked") != []) == opens
    assert talk.lines[-1] == "ask_pain"
    talk.words("no", "no").say("skip", "yes", "yes", "yes", "no_weight", "skip").listen()
    assert talk.state == "ready"
    assert talk.session.state.side == ("left" if opens else "right")
    if not opens:
        talk.say("switch_sides")
        assert talk.lines[-1] == "side_locked"
        talk.say("ready").until("rest")
        assert [result.side for result in talk.session.state.results] == ["right"]


@pytest.mark.parametrize("today", ["one", "three", "eight"])
def test_pain_today_is_not_loaded(today: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(),))))
    screened(talk, "zero", today).until("ended")
    assert talk.ended == "screened"


def test_a_lock_on_both_sides_ends_the_session() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(side="", level="urgent"),))))
    screened(talk, "zero", "no").until("ended")
    assert talk.ended == "screened"
    assert "screened_locked" in talk.lines


@pytest.mark.parametrize("level", ["urgent", "emergency"])
def test_what_was_urgent_locks_both_legs_wherever_it_was_felt(level: str) -> None:
    """Pain that ran from the chest into the left arm, say: nobody trains the right leg meanwhile."""
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(level=level, place="chest arm"),))))
    screened(talk, "zero", "no").until("ended")
    assert talk.ended == "screened"
    assert "screened_locked" in talk.lines


@pytest.mark.parametrize(
    ("of", "answers"),
    [
        ({"side": "", "level": "urgent", "place": "chest"}, ("zero", "yes")),
        ({"side": "left", "level": "emergency", "place": "chest arm"}, ("zero", "yes")),
        ({"side": "", "level": "stop", "place": ""}, ("zero", "zero")),  # dizziness, say
    ],
)
def test_what_was_in_no_leg_is_not_asked_about_as_a_leg(of: dict[str, object], answers: tuple[str, ...]) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(**of),))))
    screened(talk, *answers)
    about_the_lock = " ".join(said_texts(talk)[talk.lines.index("lock_told_whole") : talk.lines.index("ask_pain")])
    assert "leg" not in about_the_lock
    assert "physiotherapist" not in about_the_lock
    assert only(talk, "unlocked") == {"side": of["side"]}
    assert not talk.session.state.locked


@pytest.mark.parametrize(
    ("answers", "locked"),
    [
        (("zero", "zero", "yes"), frozenset()),
        (("zero", "zero", "no"), frozenset({"left", "right"})),
    ],
)
def test_a_leg_with_a_lock_of_its_own_and_one_on_both_needs_both_opened(
    answers: tuple[str, ...], locked: frozenset[str]
) -> None:
    both = memory(side="", level="urgent", place="chest", morning_asked=True)
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(), both))))
    screened(talk, *answers)
    assert talk.session.state.locked == locked
    if locked:
        talk.until("ended")
        assert talk.ended == "screened"


def test_an_open_lock_on_both_does_not_open_a_leg_of_its_own() -> None:
    both = memory(side="", level="stop", place="", morning_asked=True)
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(side="right", level="doctor"), both))))
    screened(talk, "zero", "no", "zero")
    assert talk.session.state.locked == {"right"}
    assert talk.lines[-1] == "ask_pain"


@pytest.mark.parametrize(
    ("answers", "side"), [(("zero", "no", "zero", "yes"), "right"), (("zero", "yes", "zero", "no"), "left")]
)
def test_of_two_locked_legs_the_one_that_opens_is_trained(answers: tuple[str, ...], side: str) -> None:
    pains = (memory(level="doctor"), memory(side="right", level="doctor"))
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=pains)))
    screened(talk, *answers)
    assert talk.session.state.locked == {"left", "right"} - {side}
    assert (talk.lines[-1], talk.session.state.side) == ("ask_pain", side)


@pytest.mark.parametrize(
    ("today", "kilos", "why"), [("zero", "15 kg", "why_pain_before"), (None, "no_weight", "why_locked")]
)
def test_what_is_suggested_is_for_the_legs_that_may_work(today: str | None, kilos: str, why: str) -> None:
    locked = Suggestion(0.0, 2, 8, 0, None, None, (("why_locked", (("side", "left"),)),))
    opened = Suggestion(15.0, 2, 8, 0, None, 20.0, (("why_pain_before", (("side", "left"),)),))
    pains = (memory(morning_asked=True),) if today else (memory(level="doctor", morning_asked=True),)
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=pains, suggestion=locked, unlocked=opened), sets=2, reps=8))
    screened(talk, today or "no")
    talk.words("no", "no").say("skip", "yes", "yes", "yes").listen()
    assert talk.state == "load"
    assert next(dict(say.slots)["load"] for say in talk.says if say.line == "suggest_load") == kilos
    talk.say("why").listen()
    assert why in talk.lines


def test_a_lock_whose_morning_nobody_remembers_opens_by_today() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(days_ago=20.0),))))
    screened(talk, "zero")
    assert only(talk, "unlocked") == {"side": "left"}


@pytest.mark.parametrize("level", ["stop", "doctor"])
def test_over_for_today_is_over_for_both_legs(level: str) -> None:
    """The coach said so minutes ago; and there was no morning after yet that could open the lock."""
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(days_ago=0.42, level=level),))))
    screened(talk, "no" if level == "doctor" else "zero")
    assert "ask_morning" not in talk.lines
    assert "lock_told_whole" in talk.lines
    assert talk.session.state.locked == {"left", "right"}
    talk.until("ended")
    assert talk.ended == "screened"
    assert "screened_locked" in talk.lines


def test_the_morning_is_asked_about_also_without_a_lock() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(locked=False, level="continue"),))))
    screened(talk, "perhaps", "one")
    assert only(talk, "next_morning") == {"side": "left", "score": 1}
    assert talk.lines[-1] == "ask_pain"


@pytest.mark.parametrize(
    ("words", "score"), [("the pain was two", 2), ("the pain was gone", 0), ("my knee was one", 1)]
)
def test_the_morning_after_is_a_number_in_any_words(words: str, score: int) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(),)), sets=2, reps=2))
    talk.say("ready").listen().words(words)
    assert [note.data["score"] for note in talk.events("next_morning")] == [score]
    assert talk.lines[-1] == "ask_today"


@pytest.mark.parametrize(
    "words", ["zero i'm dizzy", "one my back is killing me", "my left knee hurts now", "it hurts"]
)
def test_what_else_is_told_about_the_morning_is_not_put_in_a_number(words: str) -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(),)), sets=2, reps=2))
    talk.say("ready").listen().words(words)
    assert talk.state in {"pain", "farewell"}
    assert talk.events("next_morning") == []


def test_a_grave_report_about_the_morning_is_still_one() -> None:
    talk = Talk(plan_of(PACK, Past(first_use=False, pains=(memory(),)), sets=2, reps=2))
    talk.say("ready").listen().words("i have chest pain")
    assert talk.state in {"pain", "emergency"}
