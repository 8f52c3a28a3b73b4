"""What the past changes in a session: the suggestion, too soon, too much, the weaker side, and notices."""

from dataclasses import replace

import pytest

from assistant.exercise import Exercise
from assistant.pack import Pack
from assistant.past import LastTime, Past, Unfinished
from assistant.plan import Plan, Wishes
from assistant.progress import Suggestion
from tests.talk import Talk, make_plan, to_ready

SUGGESTED = Suggestion(10.0, 3, 10, 2, "right", 11.0, (("why_more_reps", (("percent", 10),)), ("why_tempo", ())))
BEFORE = Past(
    first_use=False, last=LastTime(3.2, 3, 30, 29, 10.0), suggestion=SUGGESTED, days_trained=1, days_a_week=2
)
YESTERDAY = replace(BEFORE, hours_since_intense=26.0)


@pytest.fixture
def exercise(pack: Pack) -> Exercise:
    return pack.exercises["single-leg-hip-thrust"]


def planned(exercise: Exercise, past: Past, **wishes) -> Plan:
    return make_plan(exercise, Wishes(**{"rest_seconds": 30, **wishes}), past)


def at_the_load(plan: Plan) -> Talk:
    talk = Talk(plan).say("ready", "no", "no", "skip", "yes", "yes", "yes").listen()
    assert talk.state == "load"
    return talk


# ---- the plan


def test_a_plan_takes_what_is_suggested(exercise: Exercise) -> None:
    plan = planned(exercise, BEFORE)
    assert [plan.reps_in(n) for n in (1, 2, 3)] == [11, 11, 10]
    assert (plan.first_side, plan.leads, plan.load_kg) == ("right", "right", None)


def test_a_wish_counts_more(exercise: Exercise) -> None:
    plan = planned(exercise, BEFORE, reps=9, first_side="left", sets=2)
    assert [plan.reps_in(n) for n in (1, 2)] == [9, 9]
    assert (plan.first_side, plan.sets) == ("left", 2)


# ---- the load


def test_a_suggestion_is_said_explained_and_taken(exercise: Exercise) -> None:
    talk = at_the_load(planned(exercise, BEFORE))
    assert talk.lines[-4:] == ["load_last", "suggest_load", "suggest_more", "ask_suggested"]
    assert dict(talk.says[-3].slots) == {"load": "10 kg", "reps": 10}
    talk.say("why")
    assert talk.lines[-2:] == [line for line, _ in SUGGESTED.why]
    talk.say("yes")
    assert talk.state == "steps"
    assert talk.session.state.load_kg == 10
    assert [note.data for note in talk.events("load")] == [{"kg": 10.0}]


@pytest.mark.parametrize("answer", ["okay", "ready", "next", "yes"])
def test_there_are_many_ways_to_agree(exercise: Exercise, answer: str) -> None:
    assert at_the_load(planned(exercise, BEFORE)).say(answer).session.state.load_kg == 10


def test_no_asks_which_other_weight(exercise: Exercise) -> None:
    talk = at_the_load(planned(exercise, BEFORE)).say("no")
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    talk.say("number", value=7.5).say("yes")
    assert talk.session.state.load_kg == 7.5


@pytest.mark.parametrize("between", [(), ("pause", "resume"), ("15 kilos", "no")])
def test_a_suggestion_that_was_refused_is_not_taken(exercise: Exercise, between: tuple[str, ...]) -> None:
    talk = at_the_load(planned(exercise, BEFORE)).words("no", *between, "okay")
    assert (talk.state, talk.lines[-1]) == ("load", "ask_load")
    talk.words("why")
    assert talk.lines[-2:] == [line for line, _ in SUGGESTED.why]
    talk.words("no")
    assert (talk.state, talk.session.state.load_kg) == ("steps", 0.0)


def test_a_yes_without_a_suggestion_asks_for_the_weight(exercise: Exercise) -> None:
    talk = at_the_load(planned(exercise, Past(first_use=False))).say("yes")
    assert (talk.state, talk.lines[-2:]) == ("load", ["ask_load", "ask_load"])


def test_no_weight_is_always_allowed(exercise: Exercise) -> None:
    assert at_the_load(planned(exercise, YESTERDAY)).say("no_weight").state == "steps"


@pytest.mark.parametrize(("kg", "question"), [(22.0, "load"), (80.0, "load_over")])
def test_a_first_time_in_a_variation_is_measured_by_the_others(exercise: Exercise, kg: float, question: str) -> None:
    talk = at_the_load(planned(exercise, Past(first_use=False, most_kg=22.0))).say("number", value=kg)
    assert talk.lines[-1] == f"confirm_{question}"


@pytest.mark.parametrize(("kg", "question"), [(11.0, "load"), (11.5, "load_over")])
def test_more_than_ten_percent_is_warned_about(exercise: Exercise, kg: float, question: str) -> None:
    talk = at_the_load(planned(exercise, BEFORE)).say("number", value=kg)
    assert talk.lines[-1] == f"confirm_{question}"
    assert talk.events("state")[-1].data["question"] == question
    assert talk.say("no").state == "load"
    assert talk.say("number", value=kg).say("yes").session.state.load_kg == kg


def test_without_a_past_the_weight_is_asked(exercise: Exercise) -> None:
    talk = at_the_load(planned(exercise, Past(first_use=False)))
    assert talk.lines[-1] == "ask_load"
    assert talk.say("why").lines[-1] == "why_first_time"


def test_a_suggestion_without_weight_is_taken_too(exercise: Exercise) -> None:
    past = replace(BEFORE, suggestion=replace(SUGGESTED, load_kg=0.0, most_kg=None))
    talk = at_the_load(planned(exercise, past)).say("yes")
    assert (talk.state, talk.session.state.load_kg) == ("steps", 0.0)


# ---- too soon


def test_the_hard_workout_before_is_announced(exercise: Exercise) -> None:
    talk = Talk(planned(exercise, YESTERDAY)).listen()
    assert talk.lines == ["greeting", "recovery_now", "greeting_ready"]
    assert dict(talk.says[1].slots)["hours"] == 26
    often = Talk(planned(exercise, replace(BEFORE, days_trained=2))).listen()
    assert "often_enough" in often.lines


@pytest.mark.parametrize("load_kg", [None, 8.0])
def test_weight_too_soon_takes_a_yes(exercise: Exercise, load_kg: float | None) -> None:
    talk = Talk(planned(exercise, YESTERDAY, load_kg=load_kg)).say("ready", "no", "no", "skip", "yes", "yes", "yes")
    if load_kg is None:
        talk.say("yes")
    assert talk.lines[-1] == "confirm_recovery"
    assert talk.say("yes").state == "steps"
    assert talk.session.state.load_kg == (load_kg or 10)
    assert talk.events("recovery")[0].data == {"hours": 26.0, "answer": "yes"}


@pytest.mark.parametrize("answer", ["no", "no_weight", "back", "silence"])
def test_anything_else_is_without_weight(exercise: Exercise, answer: str) -> None:
    talk = at_the_load(planned(exercise, YESTERDAY)).say("yes")
    assert talk.state == "confirm"
    if answer == "silence":
        talk.until("steps")
    else:
        talk.say(answer)
    assert (talk.state, talk.session.state.load_kg) == ("steps", 0.0)


@pytest.mark.parametrize("way", [("resume",), ("back",), ("pause", "resume"), ("stop", "resume")])
def test_no_way_through_the_questions_of_the_weight_breaks_it(exercise: Exercise, way: tuple[str, ...]) -> None:
    talk = at_the_load(planned(exercise, YESTERDAY))
    talk.say("number", value=9.0).say("yes")
    assert (talk.state, talk.lines[-1]) == ("confirm", "confirm_recovery")
    talk.say(*way)
    if talk.state == "load":
        talk.say("number", value=9.0).say("no")
        assert talk.state == "load"
        talk.say("no_weight")
    assert (talk.state, talk.session.state.load_kg) == ("steps", 0.0)


@pytest.mark.parametrize("detour", ["pause", "stop"])
def test_a_detour_does_not_get_around_the_question(exercise: Exercise, detour: str) -> None:
    talk = at_the_load(planned(exercise, YESTERDAY)).say("yes").say(detour).say("resume")
    assert talk.state == "load"
    talk.say("yes")
    assert (talk.state, talk.lines[-1]) == ("confirm", "confirm_recovery")


def test_after_48_hours_nobody_asks(exercise: Exercise) -> None:
    past = replace(BEFORE, hours_since_intense=49.0)
    talk = at_the_load(planned(exercise, past))
    assert "recovery_now" in talk.lines
    assert talk.say("yes").state == "steps"


# ---- the weaker side


def test_the_other_leg_never_does_more_than_the_leading_one(exercise: Exercise) -> None:
    plan = planned(exercise, replace(BEFORE, suggestion=replace(SUGGESTED, more_sets=0)), load_kg=0, tempo="1-0-1-0")
    talk = to_ready(Talk(plan))
    assert talk.session.state.side == "right"
    talk.say("ready")
    while len(talk.events("rep")) < 4:
        talk.wait(0.1)
    talk.say("done").until("ready")
    assert talk.lines[-3:-1] == ["set_intro", "as_the_other"]
    talk.say("ready").until("rest")
    assert [(r.side, r.reps, r.ended) for r in talk.session.state.results] == [
        ("right", 4, "early"),
        ("left", 4, "complete"),
    ]
    assert talk.events("side_done")[-1].data["of"] == 4
    talk.until("ready").say("ready").until("switch")
    assert talk.session.state.results[-1].reps == 10  # a new set, a new chance


def test_the_leading_leg_may_do_more(exercise: Exercise) -> None:
    plan = planned(exercise, BEFORE, load_kg=0, first_side="left", tempo="1-0-1-0")
    talk = to_ready(Talk(plan)).say("ready")
    while len(talk.events("rep")) < 4:
        talk.wait(0.1)
    talk.say("done").until("ready").say("ready").until("rest")
    assert [(r.side, r.reps) for r in talk.session.state.results] == [("left", 4), ("right", 11)]


# ---- last time


def test_how_did_i_do_last_time(exercise: Exercise) -> None:
    talk = to_ready(Talk(planned(exercise, BEFORE, load_kg=10))).say("last_time").listen()
    assert talk.lines[-2:] == ["last_time_days", "last_time"]
    assert dict(talk.says[-1].slots) == {"sets": 3, "left": 30, "right": 29, "load": "10 kg"}
    assert talk.state == "ready"
    for days, line in ((0.2, "last_time_today"), (1.1, "last_time_yesterday")):
        assert BEFORE.last is not None
        past = replace(BEFORE, last=replace(BEFORE.last, days_ago=days))
        assert Talk(planned(exercise, past)).say("last_time").lines[-2] == line
    assert Talk(planned(exercise, Past(first_use=False))).say("last_time").lines[-1] == "last_time_none"


def test_the_summary_compares(exercise: Exercise) -> None:
    talk = to_ready(Talk(planned(exercise, BEFORE, load_kg=0, sets=1, reps=1)))
    talk.say("ready").until("switch").say("ready").until("ended")
    assert talk.lines[talk.lines.index("summary") + 1] == "summary_last"


# ---- cut off


WAS = Unfinished(4, 0.1, 2, "left", 5, 10.0, "2-1-3-0", (), 3, 10, 0, "2-1-3-0", 90, "left", None, "")


@pytest.mark.parametrize("answer", ["yes", "resume", "ready", "start", "okay"])
def test_continue(exercise: Exercise, answer: str) -> None:
    talk = Talk(planned(exercise, replace(BEFORE, unfinished=WAS))).listen()
    assert talk.lines == ["ask_unfinished"]
    talk.say(answer).listen()
    state = talk.session.state
    assert (state.phase, state.set, state.side, state.reps, state.load_kg) == ("ready", 2, "left", 5, 10)
    assert "screen" not in [note.data["state"] for note in talk.events("state")]
    talk.say("ready").until("switch")
    assert [note.data["rep"] for note in talk.events("rep")] == [6, 7, 8, 9, 10]
    assert "set_resume" in talk.lines


def test_before_a_side_it_asks_otherwise(exercise: Exercise) -> None:
    talk = Talk(planned(exercise, replace(BEFORE, unfinished=replace(WAS, reps=0))))
    assert talk.lines == ["ask_unfinished_set"]


def test_who_may_have_cooled_down_is_told(exercise: Exercise) -> None:
    talk = Talk(planned(exercise, replace(BEFORE, unfinished=replace(WAS, hours_ago=1.0)))).say("yes")
    assert "unfinished_cold" in talk.lines


@pytest.mark.parametrize("answer", ["no", "skip", "done"])
def test_no_begins_anew_with_all_its_questions(exercise: Exercise, answer: str) -> None:
    talk = Talk(planned(exercise, replace(BEFORE, unfinished=WAS))).say(answer)
    assert talk.state == "greeting"
    assert talk.events("unfinished")[0].data == {"answer": "no"}
    assert talk.session.state.reps == 0


def test_pain_and_stop_come_first_here_too(exercise: Exercise) -> None:
    for word, state in (("pain", "pain"), ("stop", "stopped")):
        talk = Talk(planned(exercise, replace(BEFORE, unfinished=WAS))).interrupt(word)
        assert talk.state == state


# ---- notices


def test_a_notice_waits_for_the_end_of_the_count(exercise: Exercise) -> None:
    talk = to_ready(Talk(planned(exercise, Past(first_use=False), sets=1, reps=3, load_kg=0))).say("ready").wait(6)
    talk.notice("diary_cannot_write")
    assert talk.state == "set"
    assert "diary_cannot_write" not in talk.lines
    talk.until("switch").listen()
    assert talk.lines[-1] == "diary_cannot_write"


def test_a_notice_that_was_hushed_is_told_once_more(exercise: Exercise) -> None:
    talk = to_ready(Talk(planned(exercise, Past(first_use=False), sets=1, reps=3, load_kg=0)))
    talk.notice("diary_cannot_write").interrupt("ready")
    talk.until("switch").listen()
    assert talk.lines.count("diary_cannot_write") == 2
    talk.say("ready").until("ended")
    assert talk.lines.count("diary_cannot_write") == 2


def test_a_notice_never_stands_between_pain_and_its_answer(exercise: Exercise) -> None:
    talk = to_ready(Talk(planned(exercise, Past(first_use=False), sets=1, reps=3, load_kg=0))).say("pain")
    talk.notice("diary_cannot_write").listen()
    assert talk.state == "pain"
    assert "diary_cannot_write" not in talk.lines
