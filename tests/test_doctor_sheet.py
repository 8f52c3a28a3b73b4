"""The sheet for an appointment."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant import cli, doctor_sheet
from assistant.dates import parse
from assistant.diary import Diary
from assistant.diary.rows import PainReport
from assistant.errors import AssistantError
from assistant.pack import Pack
from assistant.past import Past
from assistant.settings import diary_file
from tests.talk import Talk, plan_of, to_ready

REPORT = PainReport(
    id=1,
    at=parse("2026-01-31T18:05:00+01:00"),
    session=1,
    exercise="single-leg-hip-thrust",
    phase="set",
    side="left",
    set=2,
    rep=6,
    load_kg=12.5,
    words="ow my left knee / it's sharp / no",
    place="knee",
    kind="sharp",
    score=7,
    sudden="",
    numb="no",
    chest="",
    row="sharp",
    level="stop",
    advice="Rest the part.",
    next_morning=3,
)


class Reader(HTMLParser):
    """The text of a page, and whether its tags match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        self.outside += [value for name, value in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("as_page", [False, True])
def test_all_that_is_known_is_on_the_sheet(pack: Pack, as_page: bool) -> None:
    make = doctor_sheet.page if as_page else doctor_sheet.text
    later = parse("2026-02-02T18:00:00+01:00")
    other = replace(REPORT, at=later, score=None, load_kg=0, next_morning=None)
    sheet = make([REPORT, other], pack.red_flags)
    shown = sheet
    if as_page:
        reader = Reader()
        reader.feed(sheet)
        assert reader.open == []
        assert reader.outside == []
        shown = " ".join(reader.text)
    shown = " ".join(shown.split())
    for fact in (
        *("2026-01-31 18:05", "2026-02-02 18:00", "single leg hip thrust", "knee, left", "sharp", "7 of 10"),
        *("set 2, after 6 reps, 12.5 kg", "body weight", "ow my left knee / it's sharp / no", "Rest the part."),
        *(
            "3 of 10",
            "not told",
            "2 reports",
            "Most often: left knee (2)",
            "Worst score: 7",
            "not said",
            "no diagnosis",
        ),
        pack.red_flags.row("sharp").title,
    ):
        assert fact in shown, fact


def test_words_are_no_markup(pack: Pack) -> None:
    sheet = doctor_sheet.page([replace(REPORT, words="<b>ow</b> & more")], pack.red_flags)
    assert "<b>" not in sheet
    assert "&lt;b&gt;ow&lt;/b&gt; &amp; more" in sheet


def test_nothing_to_tell_is_told(pack: Pack) -> None:
    assert "No pain has been reported." in doctor_sheet.text([], pack.red_flags)
    assert "No pain has been reported." in doctor_sheet.page([], pack.red_flags)


def test_a_row_that_the_table_has_lost_is_no_error(pack: Pack) -> None:
    assert "not in the table (stop)" in doctor_sheet.text([replace(REPORT, row="gone")], pack.red_flags)


@pytest.mark.parametrize(
    ("phase", "rep", "during"),
    [
        ("set", 6, "set 2, after 6 reps, 12.5 kg"),
        ("rest", 0, "in the rest before set 2, 12.5 kg"),
        ("ready", 0, "before set 2"),
        ("ready", 6, "set 2, after 6 reps, 12.5 kg"),
        ("cooldown", 6, "in the cool-down"),
        ("pain", 0, "not known"),
        ("paused", 6, "set 2, after 6 reps, 12.5 kg"),
    ],
)
def test_what_was_being_done_is_told(pack: Pack, phase: str, rep: int, during: str) -> None:
    facts = dict(doctor_sheet.facts(replace(REPORT, phase=phase, rep=rep), pack.red_flags))
    assert facts["During"] == during


@pytest.mark.parametrize(
    ("act", "during"),
    [
        (lambda talk: talk.words("ready", "my left knee hurts", "sharp", "no"), "before the workout"),
        (lambda talk: talk.say("ready", "no", "no").wait(20).utter("sharp pain in my left knee"), "in the warm-up"),
        (
            lambda talk: to_ready(talk).say("ready").wait(9).interrupt("pause").words("sharp pain in my left knee"),
            "set 1, after 1 reps, 10 kg",
        ),
    ],
)
def test_pain_before_the_first_rep_was_in_no_set(tmp_path: Path, pack: Pack, act, during: str) -> None:
    plan, begin = plan_of(pack, sets=2, reps=3, load_kg=10), parse("2026-03-02T18:00:00+01:00")
    recorder = Diary(tmp_path / "diary.sqlite", begin).recorder(plan, {})
    talk = Talk(plan, recorder)
    act(talk)
    talk.wait(1.5).words("no").until("ended")
    assert recorder.close() == 0
    (report,) = Diary(tmp_path / "diary.sqlite", begin).pain_reports()
    assert dict(doctor_sheet.facts(report, pack.red_flags))["During"] == during


def test_it_is_made_for_paper(pack: Pack) -> None:
    lines = doctor_sheet.text([REPORT] * 3, pack.red_flags).splitlines()
    assert max(map(len, lines)) <= doctor_sheet.WIDTH


def test_the_command_reads_the_diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, pack: Pack) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert cli.run(["doctor-sheet"]) == 0
    assert "No pain has been reported." in capsys.readouterr().out

    plan = plan_of(pack, sets=2, reps=3, rest_seconds=10, load_kg=10)
    recorder = Diary(diary_file(), parse("2026-03-02T18:00:00+01:00")).recorder(plan, {})
    talk = to_ready(Talk(plan, recorder)).say("ready").wait(9)
    talk.utter("sharp pain in my left knee")
    talk.wait(1.5).words("no").until("ended")
    assert recorder.close() == 0

    assert cli.run(["doctor-sheet"]) == 0
    shown = capsys.readouterr().out
    for fact in ("2026-03-02", "knee, left", "sharp pain in my left knee / no", "10 kg", "Numb or weak:      no"):
        assert fact in shown
    assert cli.run(["doctor-sheet", "--out", str(tmp_path / "sheet.html")]) == 0
    assert "sharp pain in my left knee" in (tmp_path / "sheet.html").read_text(encoding="utf-8")
    with pytest.raises(AssistantError, match=r"choose a name that ends in \.html or \.txt"):
        cli.run(["doctor-sheet", "--out", "sheet.pdf"])


def test_what_pain_leaves_behind_comes_back_in_the_next_session(tmp_path: Path, pack: Pack) -> None:
    """The way through the diary: a stop for pain, and two days later the lock, the morning, the number."""
    exercise, file = pack.exercises["single-leg-hip-thrust"], tmp_path / "diary.sqlite"
    begin = parse("2026-03-02T18:00:00+01:00")
    diary = Diary(file, begin)
    plan = plan_of(pack, Past(first_use=True), sets=2, reps=3, load_kg=10)
    recorder = diary.recorder(plan, {})
    talk = Talk(plan, recorder).words("ready", "nine nine nine", "no", "no", "no")
    talk.say("skip", "yes", "yes", "yes", "skip").listen().say("ready").wait(9).utter("sharp pain in my left knee")
    talk.wait(1.5).words("no").until("ended")
    assert recorder.close() == 0

    later = begin.plus(2 * 86_400)
    past = Diary(file, later).past(exercise)
    assert Diary(file, later).setting("emergency_number") == "999"
    assert not past.first_use
    (memory,) = past.pains
    assert (memory.side, memory.level, memory.place, memory.locked) == ("left", "stop", "knee", True)

    again = plan_of(pack, past, sets=2, reps=3, load_kg=10)
    recorder = Diary(file, later).recorder(again, {})
    talk = Talk(again, recorder).words("ready", "one", "zero").listen()
    assert talk.lines[-1] == "ask_pain"
    assert [note.event for note in talk.notes if note.event in {"next_morning", "unlocked"}] == [
        "next_morning",
        "unlocked",
    ]
    assert recorder.close() == 0
    (memory,) = Diary(file, later.plus(60)).past(exercise).pains
    assert not memory.locked
    assert memory.morning_asked
