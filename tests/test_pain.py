"""Pain in the session: from the first word to the lock, the ladder, the screen. No sound, no clock."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import pack as packs
from assistant.exercise import Mistake
from assistant.interpret import Trust
from assistant.parts import voices_folder
from assistant.red_flags import rank
from assistant.room import samples
from assistant.session.ladder import CALL_EVERY_SECONDS, CALL_MINUTES, STEP_SECONDS
from assistant.session.pain import LOOK_AGAIN_SECONDS, PASSING_SECONDS
from assistant.session.watch import each
from assistant.triage import Report, added, decide, is_live
from tests.talk import LINE, Talk, in_a_set, plan_of, to_ready

PACK = packs.load(voices_folder() / "en")


@pytest.fixture
def talk() -> Talk:
    return Talk(plan_of(PACK, sets=3, reps=3, rest_seconds=60, load_kg=10))


def only(talk: Talk, event: str) -> dict[str, object]:
    """The data of the one note of this kind."""
    (note,) = talk.events(event)
    return note.data


def said_texts(talk: Talk) -> list[str]:
    """All that was said, as texts."""
    return [PACK.text(say.line, dict(say.slots)) for say in talk.says]


# ---- a report


def test_a_sharp_pain_in_full_leads_to_one_question_and_a_lock(talk: Talk) -> None:
    in_a_set(talk).utter("sharp pain in my left knee")
    talk.listen().wait(0.2).words("no")
    report = only(talk, "pain_report")
    assert (report["place"], report["side"], report["kind"]) == ("knee", "left", "sharp")
    assert (report["row"], report["level"], report["set"], report["rep"]) == ("sharp", "stop", 1, 1)
    assert (report["load_kg"], report["numb"], report["words"]) == (10, False, "sharp pain in my left knee / no")
    assert only(talk, "locked") == {"side": "left", "reason": "sharp"}
    assert talk.lines.count("pain_question") == 1
    talk.until("ended")
    assert talk.ended == "pain"
    assert talk.session.state.results[0].ended == "pain"


def test_what_follows_the_first_word_belongs_to_the_report(talk: Talk) -> None:
    in_a_set(talk).utter("ow")
    talk.wait(0.5).utter("in my right hip it's sharp")
    talk.wait(2).words("no")
    report = only(talk, "pain_report")
    assert (report["place"], report["side"], report["row"]) == ("hip", "right", "sharp")
    assert talk.lines.count("pain_question") == 1


def test_a_slight_pain_may_go_on_and_is_asked_about_after_the_next_set(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee")
    talk.wait(1.2).words("no", "no")
    assert only(talk, "pain_report")["level"] == "continue"
    talk.say("resume").listen()
    assert talk.state == "ready"
    talk.say("ready").until("switch").say("ready").until("pain_check")
    talk.words("two")
    assert talk.state == "rest"
    talk.until("ready").say("ready").until("switch").say("ready").until("pain_check")
    talk.words("three")
    assert talk.state == "rest"
    assert talk.events("locked") == []


@pytest.mark.parametrize("scores", [("four",), ("three", "four"), ("",), ("yes", "yes")])
def test_a_pain_that_rises_or_is_not_told_of_ends_the_loaded_work(talk: Talk, scores: tuple[str, ...]) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee")
    talk.wait(1.2).words("no", "no").say("resume", "ready").until("switch").say("ready").until("pain_check")
    talk.words(*filter(None, scores[:1]))
    if talk.state == "rest":
        talk.until("ready").say("ready").until("switch").say("ready").until("pain_check")
    talk.words(*scores[1:]).wait(30).words("no").wait(3)
    first, again = talk.events("pain_report")
    assert first.data["level"] == "continue"
    assert (again.data["place"], again.data["level"]) == ("knee", "lighten")
    assert talk.state == "pain"


def test_a_part_of_the_body_behind_a_stop_is_heard_also_when_the_stop_was_obeyed_at_once(talk: Talk) -> None:
    in_a_set(talk).words("my left knee hurts").listen()
    trust = Trust(talk.interpreter, asks=lambda: talk.session.asks)
    talk.wait(5)
    for n, look in enumerate(["stop"] * 3 + ["stop it's my chest"] * 4):
        for understood in trust.look(look, final=n == 6):
            talk.interrupt(understood.meaning.intent, understood.meaning.words)
    assert talk.state == "emergency"


def tell(talk: Talk, words: str) -> None:
    """A dull pain in the set that is going on, asked about to its end."""
    talk.utter(words)
    for _ in range(4):
        if talk.listen().session.state.asking not in {"go on", "look again"}:
            talk.words("no")


KNEE, HIP = "a dull pain {} out of ten in my left knee", "a dull pain {} out of ten in my right hip"


def up_to(talk: Talk, state: str) -> Talk:
    """Ready whenever it is asked, until a phase is entered."""
    for _ in range(200):
        if talk.state == state:
            return talk
        talk.say("ready") if talk.state in {"switch", "ready", "unload"} else talk.wait(1)
    raise AssertionError(f"still in {talk.state}")


@pytest.mark.parametrize(
    ("steps", "level"),
    [
        ("told one, told two, told three", "lighten"),
        ("told one, told two, check three", "lighten"),
        ("told one, check two, told three", "lighten"),
        ("told one, told two, check two, told three", "lighten"),  # the check asks about what was told just before
        ("check two, check two, check three", "lighten"),
        ("told one, told two, check one, told two", "continue"),
        ("told three, told two, told three", "continue"),
        ("told one, told one, told two", "continue"),
    ],
)
def test_a_pain_that_rises_twice_may_not_stay_wherever_it_is_told(talk: Talk, steps: str, level: str) -> None:
    in_a_set(talk)
    if steps.startswith("check"):
        steps = f"told one, {steps}"
    for how, score in (step.split() for step in steps.split(", ")):
        if how == "check":
            up_to(talk, "pain_check").words(score).listen()
        else:
            tell(up_to(talk, "set").wait(4), KNEE.format(score))
        if talk.state == "pain" and talk.session.state.asking == "go on":
            talk.words("continue").listen()
    assert talk.events("pain_report")[-1].data["level"] == level
    assert (talk.state == "pain") == (level == "lighten")


def at_the_check_of_two(talk: Talk) -> Talk:
    """A knee of three and, told after it, a hip of one were let go on; the set after that is over."""
    in_a_set(talk)
    for words in (KNEE.format("three"), HIP.format("one")):
        tell(talk, words)
        talk.words("continue").say("ready")
    return up_to(talk, "pain_check")


def test_a_second_pain_does_not_take_the_place_of_the_first(talk: Talk) -> None:
    at_the_check_of_two(talk).words("zero")
    assert [one.score for one in each(talk.session.state.watch)] == [3]  # it was not said of which
    assert "knee" in talk.session.state.watch.report.families
    up_to(talk, "pain_check").words("zero")
    assert talk.session.state.watch is None


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("zero", {"knee": 3}),
        ("the knee is zero", {"hip": 1}),
        ("no pain in my knee", {"hip": 1}),
        ("the left is zero", {"hip": 1}),
        ("my left knee is zero", {"hip": 1}),
        ("the hip is zero", {"knee": 3}),
        ("the back is zero", {"knee": 3}),  # nobody asked about it
        ("both zero", {}),
        ("two", {"hip": 2, "knee": 2}),
        ("both are two", {"hip": 2, "knee": 2}),
        ("the knee is two", {"knee": 2, "hip": 1}),
        ("the hip is two", {"hip": 2, "knee": 3}),
        ("the knee is zero the hip is two", {"hip": 2, "knee": 2}),  # which is which, nobody can tell
    ],
)
def test_a_number_at_the_check_is_that_of_the_place_it_names(talk: Talk, words: str, left: dict[str, int]) -> None:
    at_the_check_of_two(talk).words(words)
    watched = [(*(one.report.families & {"knee", "hip"}), one.score) for one in each(talk.session.state.watch)]
    assert watched == list(left.items())
    assert talk.state != "pain"


def test_a_named_pain_that_is_too_bad_leaves_the_other_one_watched(talk: Talk) -> None:
    at_the_check_of_two(talk).words("the knee is five").wait(1)
    assert (talk.state, "knee" in talk.session.state.report.families) == ("pain", True)
    assert [one.report.families & {"knee", "hip"} for one in each(talk.session.state.watch)] == [{"hip"}]


def test_another_pain_at_the_check_leaves_the_first_watched(talk: Talk) -> None:
    tell(in_a_set(talk), KNEE.format("two"))
    up_to(talk.words("continue"), "pain_check")
    tell(talk, HIP.format("one"))
    assert [one.score for one in each(talk.session.state.watch)] == [1, 2]


def at_the_check(talk: Talk) -> Talk:
    """A pain of two was let go on; the set after it is over."""
    in_a_set(talk).words("a dull pain two out of ten in my left knee")
    return talk.wait(1.2).words("no", "no").say("resume", "ready").until("switch").say("ready").until("pain_check")


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("my chest hurts", "emergency"),
        ("three but my leg is numb", "doctor"),
        ("sharp pain three", "stop"),
        ("my knee is swollen", "doctor"),
        ("eight", "stop"),
        ("it hurts", "lighten"),
        ("pain", "lighten"),
    ],
)
def test_whatever_else_is_told_at_the_check_counts(talk: Talk, words: str, level: str) -> None:
    at_the_check(talk).words(words)
    assert talk.state in {"pain", "emergency", "ladder"}
    assert rank(decide(talk.session.state.report, PACK.red_flags).level) >= rank(level)
    talk.wait(1000)
    assert rank(talk.events("pain_report")[-1].data["level"]) >= rank(level)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("my right calf hurts two", "calf"),
        ("two but my back hurts now", "back"),
        ("the other knee hurts now", "knee"),
    ],
)
def test_another_pain_at_the_check_is_a_report_of_its_own(talk: Talk, words: str, place: str) -> None:
    at_the_check(talk).words(words).listen()
    assert talk.state == "pain"
    assert "left" not in talk.session.state.report.families
    assert talk.session.state.report.score is None
    talk.wait(1000)
    assert talk.events("pain_report")[-1].data["place"] == place


@pytest.mark.parametrize("words", ["it doesn't hurt unless i lift", "never mind", "cancel"])
def test_half_a_denial_at_the_check_is_no_zero(talk: Talk, words: str) -> None:
    at_the_check(talk).words(words)
    assert talk.state == "pain_check"
    assert talk.session.state.watch is not None


@pytest.mark.parametrize("words", ["it went down to two", "two my back is fine"])
def test_good_news_at_the_check_is_no_new_report(talk: Talk, words: str) -> None:
    assert at_the_check(talk).words(words).state == "rest"


@pytest.mark.parametrize("words", ["stop", "end workout"])
def test_the_check_can_be_ended(talk: Talk, words: str) -> None:
    at_the_check(talk).words(words).until("ended")
    assert talk.ended == "pain"


@pytest.mark.parametrize(
    ("off", "then"), [("it's off", "cooldown"), ("skip", "cooldown"), ("end workout", "summary")]
)
@pytest.mark.parametrize(("score", "stays"), [("two", True), ("five", False), ("", False)])
def test_the_last_weight_is_off_before_it_is_asked_how_the_pain_is(
    off: str, then: str, score: str, stays: bool
) -> None:
    talk = in_a_set(Talk(plan_of(PACK, sets=1, reps=3, load_kg=10)))
    tell(talk, KNEE.format("two"))
    up_to(talk.words("continue"), "unload").listen()
    said = len(talk.lines)
    assert ("pain_check" in talk.lines, talk.lines.count("unload")) == (False, 1)
    talk.words(off).listen()
    assert (talk.state, talk.lines[said:]) == ("pain_check", ["pain_check"])
    talk.words(score) if score else talk.wait(100)
    assert (talk.state == then) == stays
    assert talk.lines.count("unload") == 1
    talk.until("ended", at_most_seconds=3000)
    assert (talk.ended == "complete") == stays
    assert bool(talk.events("locked")) != stays


def test_deafness_does_not_skip_the_check(talk: Talk) -> None:
    at_the_check(talk).deaf().hearing().listen()
    assert talk.state == "pain_check"
    assert talk.lines[-1] == "pain_check"
    assert talk.words("two").state == "rest"


@pytest.mark.parametrize("how", ["end workout", "i'm okay"])
def test_a_slight_pain_whose_questions_stay_open_ends_with_guidance(talk: Talk, how: str) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2)
    if how == "i'm okay":
        talk.until("ladder")
    talk.words(how).until("ended")
    assert set(talk.lines) <= set(PACK.lines)
    assert "raised_stop" in talk.lines
    assert only(talk, "locked")["side"] == "left"


def test_a_slight_pain_raised_by_an_unclear_answer_gets_the_words_of_a_middling_one(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2)
    talk.wait(4).words("ready", "ready", "no").listen()
    assert only(talk, "pain_report")["level"] == "lighten"
    told = " ".join(said_texts(talk))
    assert "may stay" not in told
    assert "we look again" in told


@pytest.mark.parametrize("words", ["my leg is numb", "my knee is swollen", "sharp pain"])
def test_worse_news_while_a_middling_pain_rests_ends_the_session(talk: Talk, words: str) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee")
    talk.wait(1.2).words("no", "no").listen().wait(5)
    talk.words(words).words("no").until("ended")
    assert talk.ended == "pain"
    assert "pain_score_again" not in talk.lines
    assert "pain_eased" not in talk.lines
    assert only(talk, "locked")["side"] == "left"


@pytest.mark.parametrize(("ending", "ended"), [(("end workout", "yes"), "stopped"), (("switch sides",), "early")])
def test_reps_of_a_set_that_was_not_gone_on_with_are_kept(talk: Talk, ending: tuple[str, ...], ended: str) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2).words("no", "no").say("resume")
    assert (talk.state, talk.session.state.reps) == ("ready", 1)
    talk.words(*ending).listen()
    (done,) = talk.events("side_done")
    assert (done.data["side"], done.data["reps"], done.data["ended"]) == ("left", 1, ended)


@pytest.mark.parametrize(
    ("after_the_rest", "goes_on"), [("two", True), ("three", True), ("four", False), ("yes", False)]
)
def test_a_middling_pain_goes_on_only_when_it_eases_and_without_weight(
    talk: Talk, after_the_rest: str, goes_on: bool
) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee")
    talk.wait(1.2).words("no", "no").listen()
    assert only(talk, "pain_report")["level"] == "lighten"
    talk.wait(LOOK_AGAIN_SECONDS + 1)
    assert talk.lines[-1] == "pain_score_again"
    talk.words(after_the_rest, after_the_rest)
    if goes_on:
        talk.say("resume").listen()
        assert talk.state == "ready"
        assert talk.session.state.load_kg == 0
    else:
        talk.until("ended")
        assert talk.ended == "pain"
        assert only(talk, "locked")["side"] == "left"


@pytest.mark.parametrize(
    ("answers", "state"),
    [(["yes"], "farewell"), (["no"], "emergency"), (["five", "my knee"], "emergency"), ([], "ladder")],
)
def test_dizziness_has_a_few_minutes_to_pass(talk: Talk, answers: list[str], state: str) -> None:
    in_a_set(talk).utter("i'm dizzy")
    talk.wait(2).words("no").wait(PASSING_SECONDS + 3)
    assert talk.lines[-1] == "pain_passed"
    talk.words(*answers).wait(1 if answers else 20)
    assert talk.state == state


def test_nothing_goes_on_by_itself_after_pain(talk: Talk) -> None:
    in_a_set(talk).utter("pain")
    talk.wait(1.5).words("only the burn")
    reps = len(talk.events("rep"))
    talk.wait(40)
    assert len(talk.events("rep")) == reps


def test_a_bare_report_can_be_taken_back_but_not_a_sharp_one(talk: Talk) -> None:
    in_a_set(talk).utter("ouch")
    talk.wait(1.5).words("nothing hurts").say("resume")
    assert talk.state == "ready"
    assert only(talk, "pain_report")["level"] == "normal"  # the diary must not take it for unanswered
    talk.say("ready").wait(5).utter("a sharp pain in my left knee")
    talk.wait(1.5).words("nothing hurts", "nothing hurts").until("ended")
    assert rank(str(talk.events("pain_report")[-1].data["level"])) >= rank("stop")


def test_pain_is_heard_even_in_the_good_bye(talk: Talk) -> None:
    in_a_set(talk).utter("sharp pain in my left knee")
    talk.wait(1.5).words("no").wait(0.2)
    assert talk.state == "farewell"
    talk.utter("my chest hurts")
    assert talk.state == "emergency"


def test_deafness_does_not_lose_a_report(talk: Talk) -> None:
    in_a_set(talk).utter("sharp pain in my left knee")
    talk.wait(1.5).deaf().wait(400)
    assert talk.ended == "pain"
    assert only(talk, "locked")["side"] == "left"


# ---- the emergency tier


@pytest.mark.parametrize("row", [row for row in PACK.red_flags.rows if row.level == "emergency"], ids=lambda r: r.id)
def test_an_emergency_says_what_to_do_and_the_number_digit_by_digit(talk: Talk, row) -> None:
    in_a_set(talk).utter(row.phrases[0])
    hushed = len(talk.hushed_at)
    assert hushed
    talk.listen()
    assert only(talk, "emergency") == {"row": row.id}
    assert only(talk, "pain_report")["level"] == "emergency"
    texts = said_texts(talk)
    assert " ".join(row.say) in texts
    assert any("one one two" in text for text in texts)
    assert "pain_question" not in talk.lines
    talk.utter("i'm okay").until("ended")
    assert talk.ended == "pain"


def test_an_emergency_is_repeated_and_then_called_out() -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=3, load_kg=0))
    talk.utter("my chest hurts")
    talk.until("ladder", at_most_seconds=90)
    assert talk.lines.count("emergency_call") == 3
    assert only(talk, "ladder") == {"step": "call"}


def test_a_worse_word_in_the_emergency_calls_out_at_once(talk: Talk) -> None:
    in_a_set(talk).utter("my chest hurts")
    talk.wait(2).utter("help me")
    assert talk.state == "ladder"


# ---- the ladder, on the sample clock


def test_no_answer_climbs_the_ladder(talk: Talk) -> None:
    in_a_set(talk).utter("pain")
    began = talk.now
    talk.until("ladder", at_most_seconds=60)
    # The safe words, the question, the patience twice, the question once more.
    assert talk.now - began <= 3 * LINE + 2 * samples(8.0) + samples(0.5)
    assert talk.lines[-4:] == ["pain_stop", "pain_question", "pain_question", "ladder_ask"]
    entered = talk.now
    while not any(note.data == {"step": "call"} for note in talk.events("ladder")):
        talk.wait(0.1)
    assert talk.now - entered <= 2 * (LINE + samples(STEP_SECONDS)) + samples(0.5)
    calls = [n for n, line in enumerate(talk.lines) if line == "ladder_call"]
    assert len(calls) == 1
    talk.wait(CALL_EVERY_SECONDS + 3)
    assert talk.lines.count("ladder_call") == 2
    talk.utter("i'm okay").until("ended")
    assert talk.ended == "pain"
    assert only(talk, "pain_report")["level"] == "doctor"  # unclear, so one level up


@pytest.mark.parametrize("cry", ["help me", "i can't get up", "it's on top of me"])
@pytest.mark.parametrize("state", ["greeting", "set"])
def test_a_cry_for_help_calls_at_once(cry: str, state: str) -> None:
    talk = Talk(plan_of(PACK, sets=1, reps=3, load_kg=10))
    if state == "set":
        in_a_set(talk)
    talk.utter(cry)
    assert talk.state == "ladder"
    assert "ladder_call" in talk.lines
    assert talk.hushed_at[-1] == talk.now


def test_help_alone_is_the_list_of_commands_but_not_in_pain(talk: Talk) -> None:
    to_ready(talk).words("help")
    assert talk.state == "ready"
    talk.utter("my knee hurts")
    talk.wait(2).words("help")
    assert talk.state == "ladder"


def test_stop_silences_the_call_and_asks(talk: Talk) -> None:
    in_a_set(talk).utter("help me")
    talk.wait(2).utter("stop")
    assert talk.state == "ladder"
    assert talk.lines[-1] == "ladder_ask"
    talk.wait(3 * (STEP_SECONDS + 2))
    assert talk.lines.count("ladder_call") >= 2


def test_small_talk_does_not_end_the_call(talk: Talk) -> None:
    in_a_set(talk).utter("help me")
    hushed = len(talk.hushed_at)
    talk.wait(1).utter("left")
    talk.utter("my knee")
    assert len(talk.hushed_at) == hushed
    assert talk.state == "ladder"


def test_the_call_ends_at_last(talk: Talk) -> None:
    in_a_set(talk).utter("help me")
    talk.wait(CALL_MINUTES * 60 + 60)
    assert talk.ended == "pain"


@pytest.mark.parametrize(("load_kg", "called"), [(10, True), (0, False)])
def test_silence_after_a_loaded_set_is_followed_up(load_kg: float, called: bool) -> None:
    talk = Talk(plan_of(PACK, sets=2, reps=2, rest_seconds=10, load_kg=load_kg))
    to_ready(talk).say("ready").until("switch").wait(250)
    assert (talk.events("ladder") != []) == called
    if called:
        talk.utter("i'm okay").wait(1)
        assert talk.state == "ready"


def test_silence_before_the_first_set_is_not(talk: Talk) -> None:
    to_ready(talk).wait(400)
    assert talk.events("ladder") == []


def test_yes_i_am_okay_ends_a_call_and_no_is_none(talk: Talk) -> None:
    in_a_set(talk).utter("help me")
    talk.wait(1).utter("no i'm okay")
    assert talk.state == "ladder"
    talk.utter("yes i'm okay").until("ended")
    assert talk.ended == "pain"


@pytest.mark.parametrize("said", ["stop", "done", "finish"])
def test_only_i_am_okay_ends_an_emergency(talk: Talk, said: str) -> None:
    in_a_set(talk).words("my chest hurts")
    talk.wait(1).say(said).wait(5)
    assert talk.state == "emergency"
    talk.until("ladder", 200)
    talk.words("i'm okay").until("ended")
    assert talk.ended == "pain"


def test_a_pause_is_where_a_finish_that_was_not_meant_leads_back_to(talk: Talk) -> None:
    in_a_set(talk).say("pause", "finish", "no")
    assert talk.state == "paused"
    assert talk.wait(5).state == "paused"
    in_a_set(talk2 := Talk(plan_of(PACK, sets=1, reps=3, load_kg=10))).say("finish", "no")
    assert talk2.state == "paused"  # the weight is down here too


def test_reps_with_weight_before_an_eased_pain_stay_reps_with_weight(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(LOOK_AGAIN_SECONDS + 3).words("two").say("resume", "ready").until("switch").say("ready")
    talk.until("pain_check").words("one")
    assert [(r.side, r.reps, r.load_kg) for r in talk.session.state.results] == [("left", 3, 10.0), ("right", 3, 0.0)]


def test_reps_before_a_silence_that_was_called_out_are_kept(talk: Talk) -> None:
    in_a_set(talk).words("a dull pain two out of ten in my left knee").wait(1.2).words("no", "no").say("resume")
    talk.until("ended", 4000)
    assert [(r.side, r.reps) for r in talk.session.state.results] == [("left", 1)]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("two and my chest hurts", "emergency"),
        ("three but my leg is numb", "farewell"),
        ("three but now it's sharp", "farewell"),
        ("my leg is numb", "farewell"),
    ],
)
def test_what_else_is_told_when_asked_again_counts(talk: Talk, words: str, state: str) -> None:
    in_a_set(talk).words("a dull pain five out of ten in my left knee").wait(1.2).words("no", "no").listen()
    talk.wait(LOOK_AGAIN_SECONDS + 3).words(words)
    assert talk.state == state


@pytest.mark.parametrize(
    ("words", "passed"),
    [
        ("i am still dizzy", False),
        ("yes but my chest hurts", False),
        ("yes but i can't breathe", False),
        ("kind of dizzy", False),
        ("yes", True),
        ("not dizzy any more", True),
        ("it has passed", True),
        ("it's gone", True),
        ("i feel fine", True),
        ("i feel better", True),
        ("no i'm fine", True),
    ],
)
def test_whether_dizziness_has_passed_is_not_taken_from_a_stray_word(talk: Talk, words: str, passed: bool) -> None:
    asked_whether_it_passed(talk).words(words)
    assert talk.state == ("farewell" if passed else "emergency")


@pytest.mark.parametrize(
    "words",
    [
        *("no better", "it's no better", "no i am no better", "it never passed", "it's better but still there"),
        *("almost gone", "nearly gone", "mostly gone", "yes almost", "it's far from over", "i wish it was over"),
        *("i'd better lie down", "only better when i lie", "it's gone but i'm shaky", "it hasn't gone", "not gone"),
    ],
)
def test_no_better_is_not_passed(talk: Talk, words: str) -> None:
    asked_whether_it_passed(talk).words(words)
    assert talk.state in {"pain", "emergency"}


@pytest.mark.parametrize(
    "words",
    ["it's passed", "gone", "Much better!", "yes, much better", "i'm better", "no i'm fine now", "no it's over"],
)
def test_a_whole_answer_says_that_it_has_passed(talk: Talk, words: str) -> None:
    asked_whether_it_passed(talk).words(words)
    assert talk.state == "farewell"


@pytest.mark.parametrize("words", ["too fast", "the volume is too high", "the band is too tight", "yes too tight"])
def test_what_is_said_of_a_thing_does_not_tell_whether_it_has_passed(talk: Talk, words: str) -> None:
    asked_whether_it_passed(talk).words(words)
    assert (talk.state, talk.session.state.asking) == ("pain", "passed")


@pytest.mark.parametrize("words", ["it's worse", "i feel weak", "my head", "my pulse is too high"])
def test_a_sign_tells_that_it_has_not_passed(talk: Talk, words: str) -> None:
    asked_whether_it_passed(talk).words(words)
    assert talk.state == "emergency"


def asked_whether_it_passed(talk: Talk) -> Talk:
    """Dizzy, and a few minutes later."""
    in_a_set(talk).words("i'm dizzy").wait(5).words("no").listen().wait(PASSING_SECONDS + 3)
    assert talk.session.state.asking == "passed"
    return talk


@pytest.mark.parametrize(
    "words",
    ["no pain just pressure on my chest", "never mind my leg is numb", "nothing hurts but my leg is tingling"],
)
def test_a_retraction_with_a_sign_in_it_is_none(talk: Talk, words: str) -> None:
    in_a_set(talk).utter("ouch")
    talk.wait(5).words(words)
    assert "pain_retracted" not in talk.lines
    assert rank(decide(talk.session.state.report, PACK.red_flags).level) >= rank("doctor")


# ---- mistakes


HIP_THRUST = PACK.exercises["single-leg-hip-thrust"]


@pytest.mark.parametrize("mistake", HIP_THRUST.mistakes, ids=lambda mistake: mistake.name)
def test_a_mistake_that_is_named_gets_its_cue_and_comes_back_in_the_next_set(mistake: Mistake) -> None:
    plan = plan_of(PACK, sets=2, reps=3, rest_seconds=60, load_kg=10)
    talk = Talk(replace(plan, seconds_of={cue.cue: 1.5 for cue in HIP_THRUST.mistakes}))
    in_a_set(talk).utter(mistake.phrases[0])
    assert only(talk, "mistake_named") == {
        **{"mistake": mistake.name, "words": mistake.phrases[0], "set": 1, "side": "left"}
    }
    reps = [note.at for note in talk.events("rep")]
    talk.until("ready")
    texts = said_texts(talk)
    assert mistake.cue in texts
    assert texts[-2] == f"From last set, remember: {mistake.fix}"
    assert len(talk.events("rep")) == 3
    assert reps  # the beat was not broken: see test_session


@pytest.mark.parametrize("mistake", HIP_THRUST.mistakes, ids=lambda mistake: mistake.name)
def test_every_way_to_name_a_mistake_names_it_and_between_sets_gets_the_fix(mistake: Mistake) -> None:
    talk = to_ready(Talk(plan_of(PACK)))
    for phrase in mistake.phrases:
        talk.words(phrase)
        assert dict(talk.says[-1].slots) == {"fix": mistake.fix}
        assert talk.events("mistake_named")[-1].data["mistake"] == mistake.name


@pytest.mark.parametrize("less_talk", [0, 1, 2])
@pytest.mark.parametrize("tempo", ["2-1-3-0", "2-0-3-0", "1-1-3-0"])
def test_a_mistake_that_is_named_gets_its_cue_on_the_next_rep_whatever_the_rhythm(tempo: str, less_talk: int) -> None:
    plan = plan_of(PACK, sets=1, reps=4, tempo=tempo, load_kg=10)
    talk = to_ready(Talk(replace(plan, seconds_of={"Belt level.": 0.97})))  # too long for a lift of one second
    talk.say(*["less_talk"] * less_talk, "ready")
    while not talk.events("rep"):
        talk.wait(0.1)
    talk.utter("my hips are dropping").until("switch")
    one, two, *_ = tops = [note.at for note in talk.events("rep")]
    cue = next(say for say in talk.says if dict(say.slots).get("text") == "Belt level.")
    assert one < cue.at < two + talk.session.plan.tempo.rep_samples - talk.session.plan.tempo.top_samples
    assert {b - a for a, b in pairwise(tops)} == {talk.session.plan.tempo.rep_samples}
    assert (talk.session.state.fresh, "mistake_fix" in talk.lines) == (False, False)


@pytest.mark.parametrize("rest_seconds", [30, 60])
@pytest.mark.parametrize("reps", [2, 3])
def test_what_helps_is_said_after_the_set_where_the_cue_fits_no_rep_or_none_is_left(
    reps: int, rest_seconds: int
) -> None:
    plan = plan_of(PACK, sets=2, reps=reps, rest_seconds=rest_seconds, load_kg=10)
    talk = to_ready(Talk(replace(plan, seconds_of={"Belt level.": 1.5} if reps == 2 else {})))
    for after in ("switch", "rest"):
        talk.say("ready")
        while talk.session.state.reps < 2:
            talk.wait(0.1)
        talk.utter("my hips are dropping")
        said = len(talk.says)
        talk.until(after)
        # A long rest has a word about this mistake anyway.
        line = "mistake" if after == "rest" and rest_seconds == 60 else "mistake_fix"
        assert talk.lines[-2:] == [after, line]
        assert dict(talk.says[-1].slots)["fix"] == HIP_THRUST.mistakes[1].fix
        assert "text" not in talk.lines[said:]
        assert not talk.session.state.fresh


def test_too_fast_also_slows_the_count(talk: Talk) -> None:
    in_a_set(talk).utter("too fast")
    assert talk.session.state.tempo.lower == 4


# ---- never below the worst

WORDS = st.sampled_from(
    [phrase for row in PACK.red_flags.rows for phrase in row.phrases]
    + [
        "yes",
        "no",
        "sore",
        "it's sharp",
        "only the burn",
        "two",
        "nine",
        "nothing hurts",
        "left",
        "i'm okay",
        "resume",
    ]
)


@settings(max_examples=40, deadline=None)
@given(first=WORDS, then=st.lists(st.one_of(WORDS, st.just("<silence>")), max_size=6))
def test_no_conversation_ends_below_the_worst_thing_said(first: str, then: list[str]) -> None:
    talk = in_a_set(Talk(plan_of(PACK, sets=1, reps=3, load_kg=10)))
    worst = rank("normal")
    for words in (first, *then):
        if words == "<silence>":
            talk.wait(12)
            continue
        talk.listen()
        if talk.ended is None and (talk.events("pain") or is_live(words, PACK.reader)):
            decision = decide(added(Report(), words, PACK.reader.read(words), PACK.red_flags), PACK.red_flags)
            if decision.row and not decision.row.provisional:
                worst = max(worst, rank(decision.level))
        talk.utter(words)
        talk.wait(2.5)
    talk.close().wait(60)
    reached = max((rank(str(note.data["level"])) for note in talk.events("pain_report")), default=rank("normal"))
    assert reached >= worst
