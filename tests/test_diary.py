"""The diary in real SQLite files: what a workout leaves there, what the next one is told, and what is yours."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app import Record
from assistant.dates import Moment, parse
from assistant.diary import Diary, backups
from assistant.diary.database import Database
from assistant.diary.order import in_order
from assistant.diary.schema import MIGRATIONS
from assistant.errors import DiaryError
from assistant.exercise import Exercise
from assistant.pack import Pack
from assistant.past import Past
from assistant.plan import Plan, Wishes
from assistant.session import lock, screen
from tests.talk import Talk, make_plan, to_ready

BEGIN = parse("2026-03-02T18:00:00+01:00")
DAY = 86_400.0
HOUR = 3600.0


@pytest.fixture
def exercise(pack: Pack) -> Exercise:
    return pack.exercises["single-leg-hip-thrust"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bench-voice" / "diary.sqlite"


@pytest.fixture
def plan(exercise: Exercise) -> Plan:
    return make_plan(exercise, Wishes(sets=2, reps=3, rest_seconds=10, load_kg=10))


Trains = Callable[..., Talk]


@pytest.fixture
def train(file: Path, plan: Plan) -> Trains:
    """A workout that the diary follows; what is done in it is up to the caller. With `cut` the power goes then."""

    def run(act: Callable[[Talk], object], moment: Moment = BEGIN, planned: Plan = plan, cut: bool = False) -> Talk:
        diary = Diary(file, moment)
        recorder = diary.recorder(planned, {"voice": "test"})
        talk = Talk(planned, recorder)
        act(talk)
        if not cut and talk.ended is None:
            talk.close().wait(60)
        assert recorder.close() == 0
        return talk

    return run


def whole(talk: Talk) -> None:
    """Everything that was planned."""
    to_ready(talk)
    for _ in range(talk.session.plan.sets):
        talk.say("ready").until("switch").say("ready")
        while talk.state == "set":
            talk.wait(1)
        if talk.state == "rest":
            talk.until("ready").listen()
        elif talk.state == "unload":
            talk.say("done")
    talk.until("ended")


def first_side(talk: Talk) -> None:
    """The left leg of the first set."""
    to_ready(talk).say("ready").until("switch")


def reps_of_the_left(count: int) -> Callable[[Talk], None]:
    """So many reps on the left, and no further."""

    def act(talk: Talk) -> None:
        to_ready(talk).say("ready")
        while len(talk.events("rep")) < count:
            talk.wait(0.1)

    return act


def past(file: Path, exercise: Exercise, moment: Moment, variation: str = "") -> Past:
    return Diary(file, moment).past(exercise, variation)


# ---- what a workout leaves


def test_a_workout_is_written_down_side_by_side(train: Trains, file: Path) -> None:
    train(whole)
    (session,) = Diary(file, BEGIN).sessions()
    assert (session.started, session.reason, session.hurt) == (BEGIN, "complete", False)
    assert (session.left.sets, session.left.reps, session.left.load_kg, session.left.volume_kg) == (2, 6, 10, 60)
    assert session.left == session.right
    rows = list(Diary(file, BEGIN).work())
    assert [(r.set, r.side, r.reps, r.reps_planned, r.load_kg, r.tempo, r.tempo_kept, r.ended) for r in rows] == [
        (1, "left", 3, 3, 10, "2-1-3-0", True, "complete"),
        (1, "right", 3, 3, 10, "2-1-3-0", True, "complete"),
        (2, "left", 3, 3, 10, "2-1-3-0", True, "complete"),
        (2, "right", 3, 3, 10, "2-1-3-0", True, "complete"),
    ]


def test_a_faster_way_down_is_a_tempo_that_was_not_kept(train: Trains, file: Path) -> None:
    def act(talk: Talk) -> None:
        reps_of_the_left(1)(talk)
        talk.say("faster").until("switch").say("slower", "ready")
        while talk.state == "set":
            talk.wait(1)

    train(act)
    assert [(row.side, row.tempo, row.tempo_kept) for row in Diary(file, BEGIN).work()] == [
        ("left", "2-1-2-0", False),
        ("right", "2-1-3-0", True),
    ]


def test_hello_and_good_bye_leave_nothing(train: Trains, file: Path) -> None:
    train(lambda talk: talk.wait(2000))
    assert Diary(file, BEGIN).sessions() == []


def test_settings_and_answers_are_kept(train: Trains, file: Path) -> None:
    train(lambda talk: to_ready(talk).say("slower", "less_talk"))
    with Database(file) as database:
        found = [(row["event"], row["data"]) for row in database.rows("SELECT * FROM happening ORDER BY id")]
        (session,) = database.rows("SELECT * FROM session")
    assert ("screen", '{"question": "ask_pain", "answer": "no"}') in found
    assert ("tempo", '{"tempo": "2-1-4-0"}') in found
    assert ("chatter", '{"level": "short"}') in found
    assert session["settings"] == '{"voice": "test"}'


REPORT = {
    **{"words": "ow my knee", "place": "knee", "side": "left", "kind": "sharp", "score": 6, "sudden": True},
    **{"numb": False, "chest": None, "row": "sharp", "level": "stop_side", "advice": "advice_sharp"},
    **{"set": 1, "rep": 2, "load_kg": 10.0},
}


def tell(file: Path, plan: Plan, *notes: tuple[str, dict[str, object]], moment: Moment = BEGIN) -> None:
    """Hands records to a recorder, as the app would."""
    recorder = Diary(file, moment).recorder(plan, {})
    recorder(Record(0, "state", {"state": "set", "set": 1, "side": "left", "rep": 0, "item": 0}))
    for n, (event, data) in enumerate(notes, 1):
        recorder(Record(n * 16_000, event, data))
    recorder(Record(99 * 16_000, "ended", {"reason": "pain"}))
    assert recorder.close() == 0


FREE = ("screen", {"question": "ask_first", "answer": "no"})
PAIN = ("pain", {"words": "ow my left knee", "state": "set", "set": 1, "side": "left", "rep": 2})


def test_a_report_of_pain_is_kept_with_its_answers(file: Path, plan: Plan, exercise: Exercise) -> None:
    tell(file, plan, PAIN, ("pain_report", REPORT), ("locked", {"side": "left", "reason": "sharp"}))
    (report,) = Diary(file, BEGIN).pain_reports()
    assert (report.words, report.place, report.kind, report.score) == ("ow my knee", "knee", "sharp", 6)
    assert (report.sudden, report.numb, report.chest) == ("yes", "no", "")
    assert (report.side, report.set, report.rep, report.load_kg) == ("left", 1, 2, 10)
    assert (report.row, report.level, report.advice, report.next_morning) == (
        "sharp",
        "stop_side",
        "advice_sharp",
        None,
    )
    assert report.at == BEGIN.plus(1)
    assert report.exercise == exercise.id

    later = BEGIN.plus(2 * DAY)
    tell(file, plan, ("next_morning", {"side": "left", "score": 2}), ("unlocked", {"side": "left"}), moment=later)
    (report,) = Diary(file, later).pain_reports()
    assert report.next_morning == 2


def test_the_past_remembers_pain_until_it_is_unlocked(file: Path, plan: Plan, exercise: Exercise) -> None:
    worse = {**REPORT, "score": 8}
    tell(file, plan, PAIN, ("pain_report", REPORT), ("locked", {"side": "left", "reason": "sharp"}))
    (memory,) = past(file, exercise, BEGIN.plus(DAY)).pains
    assert (memory.side, memory.level, memory.place, memory.score) == ("left", "stop_side", "knee", 6)
    assert (memory.sessions_in_a_row, memory.worsening, memory.locked, memory.morning_asked) == (
        1,
        False,
        True,
        False,
    )
    assert memory.days_ago == pytest.approx(1, abs=0.01)

    tell(file, plan, ("next_morning", {"side": "left", "score": 3}), moment=BEGIN.plus(DAY))
    assert past(file, exercise, BEGIN.plus(2 * DAY)).pains[0].morning_asked
    tell(file, plan, PAIN, ("pain_report", worse), moment=BEGIN.plus(3 * DAY))
    memory = past(file, exercise, BEGIN.plus(4 * DAY)).pains[0]
    assert (memory.sessions_in_a_row, memory.worsening, memory.locked) == (1, False, True)
    tell(file, plan, PAIN, ("pain_report", {**worse, "score": 9}), moment=BEGIN.plus(5 * DAY))
    memory = past(file, exercise, BEGIN.plus(6 * DAY)).pains[0]
    assert (memory.sessions_in_a_row, memory.worsening) == (2, True)
    tell(file, plan, ("unlocked", {"side": "left"}), moment=BEGIN.plus(7 * DAY))
    memory = past(file, exercise, BEGIN.plus(8 * DAY)).pains[0]
    assert (memory.sessions_in_a_row, memory.locked) == (0, False)


def test_a_report_that_was_never_finished_counts_as_locked(file: Path, plan: Plan, exercise: Exercise) -> None:
    recorder = Diary(file, BEGIN).recorder(plan, {})
    recorder(Record(0, "rep", {"set": 1, "side": "left", "rep": 1, "of": 3}))
    recorder(Record(16_000, "pain", PAIN[1]))
    recorder(Record(16_000, "state", {"state": "pain", "set": 1, "side": "left", "rep": 1, "item": 0}))
    recorder.close()  # and the power went
    told = past(file, exercise, BEGIN.plus(60))
    assert told.unfinished is None
    assert told.pains[0].locked
    assert told.pains[0].level == ""
    # A workout without pain asks nobody about it.
    tell(file, plan, ("screen", {"question": "ask_pain", "answer": "no"}), moment=BEGIN.plus(DAY))
    assert past(file, exercise, BEGIN.plus(2 * DAY)).pains[0].locked
    tell(file, plan, ("unlocked", {"side": "left"}), moment=BEGIN.plus(2 * DAY))
    assert not past(file, exercise, BEGIN.plus(3 * DAY)).pains[0].locked


@pytest.mark.parametrize(
    ("answers", "is_open", "next_question"),
    [
        (("nine nine nine", "no"), False, "ask_pain"),
        (("nine nine nine",), True, "ask_first"),  # and the power goes
        (("nine nine nine", "yes"), False, "ask_doctor_whole"),
        (("nine nine nine", "i broke my leg last month"), False, "ask_doctor_whole"),
        (("nine nine nine", "i dropped my phone", "i need water"), True, "ask_first"),
        (("nine nine nine", "it hurts"), True, "ask_first"),  # over for that day, and perhaps about something else
        (("nine nine nine", "my left knee hurts"), True, "ask_first"),
    ],
)
def test_the_question_of_the_first_time_is_asked_until_it_is_answered(
    file: Path, exercise: Exercise, answers: tuple[str, ...], is_open: bool, next_question: str
) -> None:
    for days in range(2):
        now = BEGIN.plus(days * DAY)
        told = past(file, exercise, now)
        assert told.first_use == (is_open or not days)
        plan = replace(make_plan(exercise, Wishes(), told), emergency_number="999" if days else "")
        recorder = Diary(file, now).recorder(plan, {})
        talk = Talk(plan, recorder).words("ready", *(() if days else answers)).listen()
        assert recorder.close() == 0
    assert talk.lines[-1] == next_question
    hurt = {"left"} if "my left knee hurts" in answers else frozenset()  # and the power goes
    assert talk.session.state.locked == (screen.SIDES if next_question.endswith("whole") else hurt)
    assert ("doctor 0" in screen.questions(plan)) == next_question.endswith("whole")


def test_only_a_doctor_opens_what_the_question_of_the_first_time_locked(
    file: Path, plan: Plan, exercise: Exercise
) -> None:
    dizzy = {**REPORT, "side": "", "row": "dizzy", "level": "stop"}
    tell(file, plan, PAIN, ("pain_report", dizzy), ("locked", {"side": "", "reason": "dizzy"}))
    tell(file, plan, ("locked", {"side": "", "reason": "ask_first"}), moment=BEGIN.plus(DAY))
    (memory,) = past(file, exercise, BEGIN.plus(2 * DAY)).pains
    assert lock.needs_doctor(memory)


@pytest.mark.parametrize(("answer", "is_open"), [("no", False), ("yes", True), ("", True)])
def test_an_answer_that_an_earlier_version_wrote_down_counts_if_it_was_no(
    file: Path, plan: Plan, exercise: Exercise, answer: str, is_open: bool
) -> None:
    notes = [("screen", {"question": "ask_first", "answer": answer})] if answer else []
    tell(file, plan, *notes, ("rep", {"set": 1, "side": "left", "rep": 1, "of": 3}))
    for day in range(1, 4):
        tell(file, plan, ("screen", {"question": "ask_pain", "answer": "no"}), moment=BEGIN.plus(day * DAY))
    with Database(file) as database:
        database.write([("DELETE FROM setting", {})])
    assert past(file, exercise, BEGIN.plus(5 * DAY)).first_use == is_open


@pytest.mark.parametrize(
    "words",
    ["my chest hurts", "i fainted", "my left leg is numb and i can't hold my bladder", "help me i can't get up"],
)
def test_an_emergency_is_locked_before_anybody_is_all_right(
    train: Trains, file: Path, exercise: Exercise, words: str
) -> None:
    def act(talk: Talk) -> None:
        to_ready(talk).say("ready").wait(9).utter(words)
        talk.wait(5)
        assert talk.state in {"emergency", "ladder"}

    train(act, cut=True)
    told = past(file, exercise, BEGIN.plus(DAY))
    assert [(memory.level, memory.locked) for memory in told.pains] == [("emergency", True)]
    assert screen.locked_at_start(make_plan(exercise, Wishes(), told)) == screen.SIDES


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("my right knee hurts", "right"),
        ("my left knee hurts", "left"),
        ("it hurts", ""),
        ("my lower back hurts", ""),
        ("the left side of my lower back hurts", ""),
        ("my left and my right knee hurt", ""),
    ],
)
def test_a_report_that_was_never_finished_locks_the_side_that_was_said(
    train: Trains, file: Path, exercise: Exercise, words: str, side: str
) -> None:
    train(lambda talk: (reps_of_the_left(1)(talk), talk.utter(words), talk.wait(2)), cut=True)
    told = past(file, exercise, BEGIN.plus(DAY))
    assert [(memory.side, memory.level, memory.locked) for memory in told.pains] == [(side, "", True)]
    assert screen.locked_at_start(make_plan(exercise, Wishes(), told)) == ({side} if side else screen.SIDES)


def at_the_screen(talk: Talk) -> None:
    talk.say("ready").words("my knee hurts")


def at_the_check(talk: Talk) -> None:
    reps_of_the_left(1)(talk)
    talk.utter("a dull pain two out of ten in my left knee")
    talk.words("no", "no", "continue").say("ready").until("switch").say("ready").until("pain_check")
    talk.words("now my knee and my hip hurt")


@pytest.mark.parametrize("act", [at_the_screen, at_the_check])
def test_a_report_is_not_forgotten_wherever_it_was_begun(
    train: Trains, file: Path, exercise: Exercise, act: Callable[[Talk], object]
) -> None:
    talk = train(lambda talk: (act(talk), talk.wait(2)), cut=True)
    assert (talk.state, talk.session.state.reported) == ("pain", "")
    told = past(file, exercise, BEGIN.plus(DAY))
    assert ("", "", True) in [(memory.side, memory.level, memory.locked) for memory in told.pains]


def test_a_lock_is_told_of_once_though_more_follows(train: Trains, file: Path) -> None:
    def act(talk: Talk) -> None:
        to_ready(talk).say("ready").wait(9).utter("my chest hurts")
        talk.wait(5).utter("help me")
        talk.wait(5).utter("i'm okay")
        talk.until("ended")
        assert len(talk.events("locked")) == 1

    train(act)


@pytest.mark.parametrize("level", ["stop", "doctor", "urgent", "emergency"])
def test_a_report_whose_lock_was_never_written_counts_as_locked(
    file: Path, plan: Plan, exercise: Exercise, level: str
) -> None:
    tell(file, plan, PAIN, ("pain_report", {**REPORT, "level": level}))
    assert past(file, exercise, BEGIN.plus(DAY)).pains[0].locked
    tell(file, plan, ("unlocked", {"side": "left"}), moment=BEGIN.plus(2 * DAY))
    assert not past(file, exercise, BEGIN.plus(3 * DAY)).pains[0].locked


def test_a_lock_whose_workout_was_deleted_knows_its_day(file: Path, plan: Plan, exercise: Exercise) -> None:
    tell(file, plan, PAIN, ("pain_report", REPORT), ("locked", {"side": "left", "reason": "sharp"}))
    later = BEGIN.plus(5 * DAY)
    tell(file, plan, ("screen", {"question": "ask_pain", "answer": "no"}), moment=BEGIN.plus(4 * DAY))
    diary = Diary(file, later)
    diary.delete(diary.sessions()[0].id)
    (memory,) = diary.past(exercise).pains
    assert (memory.side, memory.locked) == ("left", True)
    assert memory.days_ago == pytest.approx(5, abs=0.01)


def test_a_word_before_the_answer_leaves_the_unfinished_workout_unfinished(
    file: Path, plan: Plan, exercise: Exercise
) -> None:
    recorder = Diary(file, BEGIN).recorder(plan, {}, patience_seconds=10)
    recorder(Record(0, "state", {"state": "set", "set": 1, "side": "left", "rep": 0, "item": 0}))
    recorder(Record(0, "rep", {"set": 1, "side": "left", "rep": 1, "of": 3}))
    recorder.close()  # and the power went
    soon = BEGIN.plus(600)
    asked = replace(plan, past=past(file, exercise, soon))
    assert asked.past.unfinished is not None
    recorder = Diary(file, soon).recorder(asked, {}, patience_seconds=10)
    recorder(Record(0, "state", {"state": "unfinished", "set": 1, "side": "left", "rep": 0, "item": 0}))
    recorder(Record(0, "loudness", {"db": 3.0}))
    recorder.close()  # and went again
    assert past(file, exercise, BEGIN.plus(1200)).unfinished is not None
    assert len(Diary(file, soon).sessions()) == 1


def test_a_muscles_burn_is_no_pain_for_the_past(train: Trains, file: Path, exercise: Exercise) -> None:
    train(
        lambda talk: (
            reps_of_the_left(2)(talk),
            talk.interrupt("pain").wait(1.5).words("only the burn").say("resume"),
        )
    )
    assert [report.level for report in Diary(file, BEGIN).pain_reports()] == ["normal"]
    assert past(file, exercise, BEGIN.plus(DAY)).pains == ()


def test_the_morning_after_belongs_to_the_pain_and_not_to_a_false_alarm(
    file: Path, plan: Plan, exercise: Exercise
) -> None:
    tell(file, plan, PAIN, ("pain_report", REPORT), ("locked", {"side": "left", "reason": "sharp"}))
    burn = {**REPORT, "row": "burn", "level": "normal"}
    answer = ("next_morning", {"side": "left", "score": 7})
    tell(file, plan, PAIN, ("pain_report", burn), answer, moment=BEGIN.plus(DAY))
    pain, false_alarm = Diary(file, BEGIN).pain_reports()
    assert (pain.next_morning, false_alarm.next_morning) == (7, None)
    assert past(file, exercise, BEGIN.plus(2 * DAY)).pains[0].morning_asked


def test_a_mistake_is_kept(file: Path, plan: Plan) -> None:
    tell(file, plan, ("mistake_named", {"mistake": "hip", "words": "my hip drops", "set": 1, "side": "right"}))
    with Database(file) as database:
        (row,) = database.rows("SELECT * FROM mistake")
    assert (row["mistake"], row["words"], row["set_number"], row["side"]) == ("hip", "my hip drops", 1, "right")


def test_the_file_is_for_its_owner_only(train: Trains, file: Path) -> None:
    train(whole)
    for path in (file, *backups.all_of(file)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(train: Trains, file: Path) -> None:
    train(whole)
    file.chmod(0o644)
    train(whole, BEGIN.plus(DAY))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


# ---- what the next workout is told


def test_nobody_was_here_before(file: Path, exercise: Exercise) -> None:
    assert past(file, exercise, BEGIN) == Past()
    assert Past().first_use


def test_last_time_and_the_week_are_told(train: Trains, file: Path, exercise: Exercise) -> None:
    train(whole)
    train(first_side, BEGIN.plus(2 * DAY))
    told = past(file, exercise, BEGIN.plus(4 * DAY))
    assert told.last is not None
    assert (told.last.sets, told.last.left, told.last.right, told.last.load_kg) == (0, 3, 0, 10)
    assert (told.days_trained, told.days_a_week) == (2, exercise.programming.days_a_week.beginner[1])
    assert told.hours_since_intense == pytest.approx(48, abs=0.2)
    assert past(file, exercise, BEGIN.plus(8 * DAY)).days_trained == 1
    assert past(file, exercise, BEGIN.plus(8 * DAY)).hours_since_intense is None


def test_without_a_weight_a_short_workout_is_not_intense(train: Trains, file: Path, exercise: Exercise, plan) -> None:
    train(whole, planned=replace(plan, load_kg=0.0))
    assert past(file, exercise, BEGIN.plus(DAY)).hours_since_intense is None


def test_another_variation_has_its_own_past(train: Trains, file: Path, exercise: Exercise) -> None:
    train(whole, planned=make_plan(exercise, Wishes(sets=1, reps=2, load_kg=5, variation="band")))
    assert past(file, exercise, BEGIN.plus(3 * DAY)).suggestion is None
    suggestion = past(file, exercise, BEGIN.plus(3 * DAY), "band").suggestion
    assert suggestion is not None
    assert suggestion.load_kg == 5


def test_another_variation_is_no_way_around_ten_percent(train: Trains, file: Path, exercise: Exercise) -> None:
    train(whole)
    told = past(file, exercise, BEGIN.plus(7 * DAY), "weighted")
    assert told.suggestion is None
    assert told.most_kg == pytest.approx(11)
    # Also where the variation is known, but without a weight.
    train(whole, BEGIN.plus(DAY), make_plan(exercise, Wishes(sets=1, reps=2, load_kg=0, variation="isometric")))
    told = past(file, exercise, BEGIN.plus(8 * DAY), "isometric")
    for suggestion in (told.suggestion, told.unlocked):
        assert suggestion is not None
        assert suggestion.most_kg == pytest.approx(11)


def test_without_any_weight_there_is_no_measure(train: Trains, file: Path, exercise: Exercise, plan: Plan) -> None:
    train(whole, planned=replace(plan, load_kg=0.0))
    told = past(file, exercise, BEGIN.plus(7 * DAY))
    assert told.suggestion is not None
    assert (told.suggestion.most_kg, told.most_kg) == (None, None)


def test_the_heaviest_set_is_the_measure(file: Path, plan: Plan, exercise: Exercise) -> None:
    """The last set was without the weight, as after a pain that eased."""
    done = {"side": "left", "reps": 3, "of": 3, "tempo": "2-1-3-0", "ended": "complete"}
    tell(file, plan, *(("side_done", {**done, "set": n, "load_kg": kg}) for n, kg in ((1, 10.0), (2, 0.0))))
    suggestion = past(file, exercise, BEGIN.plus(7 * DAY)).suggestion
    assert suggestion is not None
    assert (suggestion.load_kg, suggestion.most_kg) == (0, pytest.approx(11))


def test_a_clock_that_went_back_makes_nothing_negative(train: Trains, file: Path, exercise: Exercise) -> None:
    train(whole)
    told = past(file, exercise, BEGIN.plus(-30 * DAY))
    assert told.last is not None
    assert told.last.days_ago == 0
    assert told.hours_since_intense == 0


WRONG_CLOCK = Moment(600.0, 0)
"""A Raspberry Pi that has just woken up, and knows no better."""


def hurts(talk: Talk) -> None:
    """Two reps on the left, and then a strong pain in that knee."""
    talk.say("ready").words("zero", "zero", "no", "no")
    talk.say("skip", "yes", "yes", "yes")
    if talk.state == "confirm":  # too soon after the one before
        talk.say("yes")
    talk.say("skip").listen().say("ready")
    while len(talk.events("rep")) < 2:
        talk.wait(0.1)
    talk.interrupt("stop").words("my left knee hurts").wait(5).words("dull", "seven", "no", "no").until("ended")


def test_pain_on_a_day_with_a_wrong_clock_counts_as_the_last(train: Trains, file: Path, exercise: Exercise) -> None:
    train(whole)
    train(hurts, WRONG_CLOCK)
    told = past(file, exercise, BEGIN.plus(8 * DAY))
    assert told.last is not None
    assert (told.last.left, told.last.right, told.last.days_ago) == (2, 0, 8)
    (memory,) = told.pains
    assert (memory.score, memory.locked, memory.sessions_in_a_row) == (7, True, 1)
    assert memory.days_ago == pytest.approx(8, abs=0.1)
    assert told.unlocked is not None
    assert (told.unlocked.load_kg, told.unlocked.why[0][0]) == (0, "why_pain_before")
    assert [session.left.reps for session in Diary(file, BEGIN.plus(8 * DAY)).sessions(1)] == [2]


def test_a_lock_that_is_opened_while_the_clock_is_wrong_is_open(file: Path, plan: Plan, exercise: Exercise) -> None:
    recorder = Diary(file, BEGIN).recorder(plan, {})
    recorder(Record(0, "pain", PAIN[1]))
    recorder.close()  # and the power went, before the questions were answered
    answers = ("next_morning", {"side": "left", "score": 2}), ("unlocked", {"side": "left"})
    tell(file, plan, *answers, moment=WRONG_CLOCK)
    (memory,) = past(file, exercise, BEGIN.plus(DAY)).pains
    assert (memory.locked, memory.morning_asked) == (False, True)


@pytest.mark.parametrize(("now", "days"), [(BEGIN.plus(20 * DAY), 3), (BEGIN.plus(8 * DAY), 4), (WRONG_CLOCK, 0)])
def test_what_is_later_than_the_clock_is_not_of_this_week(
    train: Trains, file: Path, exercise: Exercise, now: Moment, days: int
) -> None:
    for day in range(0, 20, 2):
        train(first_side, BEGIN.plus(day * DAY))
    assert past(file, exercise, now).days_trained == days


SHARP = "sharp pain in my left knee two out of ten"


@pytest.mark.parametrize(
    ("act", "variation"),
    [
        (lambda talk: talk.words("ready", SHARP, "no").until("ended"), None),
        (lambda talk: to_ready(talk).say("ready").words(SHARP).wait(5).words("no").until("ended"), None),
        (lambda talk: to_ready(talk).say("ready").words(SHARP).wait(5).words("no").until("ended"), "isometric"),
    ],
)
def test_after_pain_it_begins_lighter_wherever_it_hurt(
    train: Trains, file: Path, exercise: Exercise, act, variation: str | None
) -> None:
    """Before the first rep, in a set, in another variation; and a stop is one though the number is small."""
    Diary(file, BEGIN).set_weights([7.5, 10, 11])
    wishes = Wishes(sets=3, reps=12, rest_seconds=10, load_kg=10)
    train(whole, planned=make_plan(exercise, wishes))
    train(act, BEGIN.plus(5 * DAY), make_plan(exercise, replace(wishes, variation=variation)))
    told = past(file, exercise, BEGIN.plus(7 * DAY))
    assert [(memory.side, memory.level, memory.score, memory.locked) for memory in told.pains] == [
        ("left", "stop", 2, True)
    ]
    assert told.unlocked is not None
    assert (told.unlocked.load_kg, told.unlocked.why[0]) == (7.5, ("why_pain_before", (("side", "left"),)))


def test_pain_counts_once(train: Trains, file: Path, exercise: Exercise, plan: Plan) -> None:
    """With the leg's last work before it, not with all before that."""
    train(whole)
    train(whole, BEGIN.plus(7 * DAY))
    tell(file, plan, PAIN, ("pain_report", {**REPORT, "score": 1, "level": "continue"}), moment=BEGIN.plus(8 * DAY))
    suggestion = past(file, exercise, BEGIN.plus(14 * DAY)).suggestion
    assert suggestion is not None
    assert suggestion.why[0][0] == "why_pain_watch"


ORDERS = [
    # (number, day, whether it was imported); now; numbers in order and the days that count, the newest first
    ("the clocks were right", [(1, 1, 0), (2, 3, 0), (3, 5, 0)], 9, [(3, 5), (2, 3), (1, 1)]),
    ("one was in the past", [(1, 10, 0), (2, 1, 0), (3, 12, 0)], 20, [(3, 12), (2, 10), (1, 10)]),
    ("one was in the future", [(1, 10, 0), (2, 99, 0), (3, 12, 0)], 20, [(3, 12), (2, 10), (1, 10)]),
    ("the first was in the future", [(1, 99, 0), (2, 12, 0)], 20, [(2, 12), (1, 12)]),
    ("all seem to be in the future", [(1, 10, 0), (2, 12, 0), (3, 11, 0)], 5, [(3, 5), (2, 5), (1, 5)]),
    ("an import stands by its time", [(1, 10, 0), (2, 14, 0), (3, 12, 1)], 20, [(2, 14), (3, 12), (1, 10)]),
    ("the newest is an import", [(1, 10, 0), (2, 1, 0), (3, 12, 1)], 20, [(3, 12), (2, 10), (1, 10)]),
    ("an import of a wrong date", [(1, 99, 1), (2, 12, 0), (3, 14, 0)], 20, [(3, 14), (2, 12), (1, 12)]),
]


@pytest.mark.parametrize(("sessions", "now", "expected"), [case[1:] for case in ORDERS], ids=[c[0] for c in ORDERS])
def test_what_came_after_what(sessions, now: int, expected) -> None:
    rows = [{"id": id, "started": float(day), "reason": "imported" if imp else ""} for id, day, imp in sessions]
    assert [(one.row["id"], one.began) for one in in_order(rows, now)] == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("hours", "days"), [(3, 0), (13, 1), (29.9, 1), (30.1, 2)])
def test_yesterday_is_yesterday_by_the_calendar(
    train: Trains, file: Path, exercise: Exercise, hours: float, days: int
) -> None:
    """BEGIN is at six in the evening."""
    train(whole)
    last = past(file, exercise, BEGIN.plus(hours * 3600)).last
    assert last is not None
    assert last.days_ago == days


def test_weights_are_kept_in_order_and_once(file: Path) -> None:
    diary = Diary(file, BEGIN)
    assert diary.weights() == ()
    diary.set_weights([10, 5, 7.5, 10])
    assert diary.weights() == (5, 7.5, 10)
    diary.set_weights([12])
    assert Diary(file, BEGIN).weights() == (12,)


def test_a_setting_that_was_spoken_is_kept(file: Path, plan: Plan) -> None:
    assert Diary(file, BEGIN).setting("emergency_number") == ""
    for value in ("112", "999"):
        tell(file, plan, ("setting", {"key": "emergency_number", "value": value}))
        assert Diary(file, BEGIN).setting("emergency_number") == value


# ---- cut off, and gone on with


def test_a_workout_that_was_cut_off_is_offered(train: Trains, file: Path, exercise: Exercise) -> None:
    train(reps_of_the_left(2), cut=True)
    was = past(file, exercise, BEGIN.plus(HOUR)).unfinished
    assert was is not None
    assert (was.set, was.side, was.reps, was.load_kg, was.tempo) == (1, "left", 2, 10, "2-1-3-0")
    assert (was.sets, was.reps_planned, was.rest_seconds, was.done) == (2, 3, 10, ())


@pytest.mark.parametrize(("hours", "is_offered"), [(0.0, True), (1.9, True), (2.2, False), (-5.0, True)])
def test_it_is_offered_for_a_while(train: Trains, file: Path, exercise: Exercise, hours: float, is_offered) -> None:
    train(reps_of_the_left(2), cut=True)
    assert (past(file, exercise, BEGIN.plus(hours * HOUR)).unfinished is not None) == is_offered


@pytest.mark.parametrize("act", [to_ready, lambda talk: talk.say("ready", "no", "no")])
def test_without_a_rep_there_is_nothing_to_go_on_with(train: Trains, file: Path, exercise: Exercise, act) -> None:
    train(act, cut=True)
    assert past(file, exercise, BEGIN.plus(60)).unfinished is None


@pytest.mark.parametrize(
    ("act", "place"),
    [
        (first_side, (1, "right", 0)),
        (lambda talk: (first_side(talk), talk.say("ready").wait(8)), (1, "right", 1)),
        (lambda talk: (first_side(talk), talk.say("ready").until("rest")), (2, "left", 0)),
        (lambda talk: (reps_of_the_left(2)(talk), talk.say("pause")), (1, "left", 2)),
        (lambda talk: (reps_of_the_left(1)(talk), talk.say("done")), (1, "right", 0)),
        (lambda talk: (reps_of_the_left(2)(talk), talk.say("stop").say("change_load")), (1, "left", 2)),
    ],
)
def test_it_goes_on_at_the_place(train: Trains, file: Path, exercise: Exercise, act, place) -> None:
    train(act, cut=True)
    was = past(file, exercise, BEGIN.plus(60)).unfinished
    assert was is not None
    assert (was.set, was.side, was.reps) == place


def test_after_the_last_side_there_is_nothing_left(train: Trains, file: Path, exercise: Exercise) -> None:
    def act(talk: Talk) -> None:
        first_side(talk)
        talk.say("ready").until("rest").until("ready").say("ready").until("switch").say("ready").until("unload")

    train(act, cut=True)
    assert past(file, exercise, BEGIN.plus(60)).unfinished is None


def test_yes_goes_on_in_the_same_session(train: Trains, file: Path, exercise: Exercise) -> None:
    train(reps_of_the_left(2), cut=True)
    later = BEGIN.plus(600)
    # Other wishes than before: an unfinished workout keeps its own plan.
    planned = make_plan(exercise, Wishes(sets=4, reps=9), past(file, exercise, later))

    def act(talk: Talk) -> None:
        assert talk.lines == ["ask_unfinished"]
        assert dict(talk.says[0].slots) == {"set": 1, "side": "left", "reps": 2}
        talk.say("yes").listen()
        assert talk.state == "ready"
        talk.say("ready").until("switch").say("ready").until("rest").until("ready").say("ready").until("switch")
        talk.say("ready").until("unload").say("done").until("ended")

    talk = train(act, later, planned)
    assert [note.data["rep"] for note in talk.events("rep")] == [3, 1, 2, 3, 1, 2, 3, 1, 2, 3]
    (session,) = Diary(file, later).sessions()
    assert (session.left.reps, session.right.reps, session.reason) == (6, 6, "complete")
    assert session.started == BEGIN


@pytest.mark.parametrize(
    ("words", "answers", "score", "eased"),
    [
        ("a dull pain two out of ten in my left knee", ("no", "no"), 2, False),
        ("a dull pain five out of ten in my left knee", ("no", "no", "two"), 3, True),
    ],
)
def test_a_pain_that_was_allowed_to_stay_is_watched_when_it_goes_on(
    train: Trains, file: Path, exercise: Exercise, words: str, answers: tuple[str, ...], score: float, eased: bool
) -> None:
    def act(talk: Talk) -> None:
        reps_of_the_left(1)(talk)
        talk.utter(words).words(*answers[:2]).listen()
        if eased:
            talk.wait(70).words(answers[2])
        talk.words("continue").say("ready").wait(4)
        assert talk.state == "set"

    train(act, cut=True)
    later = BEGIN.plus(600)
    talk = Talk(make_plan(exercise, Wishes(), past(file, exercise, later))).words("yes")
    watch = talk.session.state.watch
    assert watch is not None
    assert (watch.score, "knee" in watch.report.families, talk.session.state.eased) == (score, True, eased)
    talk.say("ready").until("switch").say("ready").until("pain_check")


def test_no_closes_it_with_what_was_done(train: Trains, file: Path, exercise: Exercise) -> None:
    train(reps_of_the_left(2), cut=True)
    later = BEGIN.plus(600)
    told = replace(past(file, exercise, later), first_use=False)
    planned = make_plan(exercise, Wishes(sets=1, reps=1, load_kg=5), told)
    train(lambda talk: (talk.say("no"), whole(talk)), later, planned)
    first, second = Diary(file, later).sessions()
    assert (first.reason, first.left.reps, first.right.reps) == ("interrupted", 2, 0)
    assert (second.reason, second.left.reps) == ("complete", 1)
    assert [row.ended for row in Diary(file, later).work()] == ["interrupted", "complete", "complete"]


def test_silence_leaves_it_open_until_another_workout_begins(train: Trains, file: Path, exercise: Exercise) -> None:
    train(reps_of_the_left(2), cut=True)
    planned = make_plan(exercise, Wishes(), past(file, exercise, BEGIN.plus(60)))
    talk = train(lambda talk: talk.wait(2000), BEGIN.plus(60), planned)
    assert talk.lines.count("ask_unfinished") == 2
    assert "greeting" in talk.lines
    assert past(file, exercise, BEGIN.plus(600)).unfinished is not None
    train(whole, BEGIN.plus(700))
    assert past(file, exercise, BEGIN.plus(800)).unfinished is None
    assert [session.reason for session in Diary(file, BEGIN).sessions()] == ["interrupted", "complete"]


def test_cut_off_twice_it_still_goes_on(train: Trains, file: Path, exercise: Exercise) -> None:
    train(reps_of_the_left(2), cut=True)
    for minute, state in ((10, "switch"), (20, "rest")):
        now = BEGIN.plus(60 * minute)
        planned = make_plan(exercise, Wishes(), past(file, exercise, now))
        train(lambda talk, state=state: talk.say("yes", "ready").until(state), now, planned, cut=True)
    (session,) = Diary(file, BEGIN).sessions()
    assert (session.left.reps, session.right.reps) == (3, 3)


# ---- numbered migrations


def test_a_newer_diary_is_left_alone(file: Path, exercise: Exercise) -> None:
    with Database(file) as database:
        database.write([(f"PRAGMA user_version = {len(MIGRATIONS) + 1}", {})])
    before = file.read_bytes()
    with pytest.raises(DiaryError, match="newer version of this program; please update"):
        Database(file)
    diary = Diary(file, BEGIN)
    assert diary.past(exercise) == Past()
    assert "please update" in diary.trouble
    assert file.read_bytes() == before


def test_opening_twice_migrates_once(file: Path) -> None:
    for _ in range(2):
        with Database(file) as database:
            assert database.rows("PRAGMA user_version")[0][0] == len(MIGRATIONS)


# ---- what is yours


def test_a_session_that_is_deleted_is_in_no_byte_of_any_file(train: Trains, file: Path, plan: Plan) -> None:
    tell(file, plan, ("pain", {**PAIN[1], "words": "zebrafish"}), moment=BEGIN)
    train(whole, BEGIN.plus(DAY))
    train(whole, BEGIN.plus(2 * DAY))
    files = [path for path in file.parent.rglob("*") if path.is_file()]
    assert sum(b"zebrafish" in path.read_bytes() for path in files) >= 2  # the diary and a backup
    assert Diary(file, BEGIN).delete(1) == []
    files = [path for path in file.parent.rglob("*") if path.is_file()]
    assert not [path for path in files if b"zebrafish" in path.read_bytes()]
    assert [session.id for session in Diary(file, BEGIN).sessions()] == [2, 3]
    with pytest.raises(DiaryError, match="assistant history"):
        Diary(file, BEGIN).delete(1)


def test_forgetting_a_session_unlocks_nothing(file: Path, plan: Plan, exercise: Exercise) -> None:
    tell(file, plan, PAIN, ("pain_report", REPORT), ("locked", {"side": "left", "reason": "sharp"}))
    tell(file, plan, ("load", {"kg": 5.0}), moment=BEGIN.plus(DAY))
    Diary(file, BEGIN).delete(1)
    assert [memory.locked for memory in past(file, exercise, BEGIN.plus(2 * DAY)).pains] == [True]


@pytest.mark.parametrize("side", ["left", ""])
@pytest.mark.parametrize("others", [0, 2])
def test_a_lock_whose_workout_was_deleted_takes_a_doctors_word(
    file: Path, plan: Plan, exercise: Exercise, side: str, others: int
) -> None:
    """Whether it was the only workout, or there are others, in one of which the same side hurt a little."""
    if others:
        mild = {**REPORT, "side": side, "row": "mild", "level": "continue", "score": 2}
        tell(file, plan, FREE, PAIN, ("pain_report", mild), moment=BEGIN.plus(-9 * DAY))
    bad = {**REPORT, "side": side, "row": "nerves", "level": "doctor"}
    tell(file, plan, PAIN, ("pain_report", bad), ("locked", {"side": side, "reason": "nerves"}))
    if others:
        tell(file, plan, ("screen", {"question": "ask_pain", "answer": "no"}), moment=BEGIN.plus(DAY))
    diary = Diary(file, BEGIN.plus(2 * DAY))
    before = make_plan(exercise, Wishes(), diary.past(exercise))
    diary.delete(diary.sessions()[min(others, 1)].id)
    told = diary.past(exercise)
    assert len(diary.sessions()) == others
    assert told.first_use == (not others)
    (memory,) = told.pains
    assert (memory.side, memory.locked, lock.needs_doctor(memory)) == (side, True, True)
    assert "doctor 0" in screen.questions(before)
    assert "doctor 0" in screen.questions(make_plan(exercise, Wishes(), told))


def test_all_is_all(train: Trains, file: Path) -> None:
    train(whole)
    assert Diary(file, BEGIN).delete_all() >= 2
    assert [path for path in file.parent.rglob("*") if path.is_file()] == []


def test_zeros_are_on_the_disk_before_a_file_is_deleted(
    train: Trains, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the kernel has not written when a file is deleted never reaches the disk."""
    train(whole)
    files = {path for path in file.parent.rglob("*") if path.is_file()}
    synced: dict[Path, bytes] = {}

    def sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        synced[path] = path.read_bytes()

    monkeypatch.setattr("os.fsync", sync)
    Diary(file, BEGIN).delete_all()
    assert synced.keys() == files
    assert not any(data.strip(b"\0") for data in synced.values())


def test_numbers_of_deleted_sessions_are_not_used_again(train: Trains, file: Path) -> None:
    train(whole)
    train(whole, BEGIN.plus(DAY))
    Diary(file, BEGIN).delete(2)
    train(whole, BEGIN.plus(2 * DAY))
    assert [session.id for session in Diary(file, BEGIN).sessions()] == [1, 3]


def test_seven_daily_backups_are_kept_and_today_has_the_newest(train: Trains, file: Path) -> None:
    for day in range(9):
        train(first_side, BEGIN.plus(day * DAY))
    kept = backups.all_of(file)
    assert [path.stem for path in kept] == [f"diary-{BEGIN.plus(day * DAY).day()}" for day in range(8, 1, -1)]
    with Database(kept[0]) as newest:
        assert newest.rows("SELECT count(*) FROM session")[0][0] == 9


def test_the_backup_of_a_day_with_a_wrong_clock_is_kept_and_is_the_newest(
    train: Trains, file: Path, exercise: Exercise
) -> None:
    for day in range(8):
        train(first_side, BEGIN.plus(day * DAY))
    train(hurts, WRONG_CLOCK)
    kept = backups.all_of(file)
    assert (len(kept), kept[-1].stem) == (backups.KEPT, "diary-1970-01-01")
    file.write_bytes(b"damaged" * 1000)
    later = BEGIN.plus(9 * DAY)
    assert [memory.locked for memory in past(file, exercise, later).pains] == [True]
    assert len(Diary(file, later).sessions()) == 9
