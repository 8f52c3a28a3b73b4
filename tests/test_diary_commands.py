"""Looking back and owning the data: the commands in real processes, their formats, and a start that stays quick."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest

from assistant import cli, diary_commands, looking_back
from assistant import report as reports
from assistant.charts import HEIGHT, WIDTH
from assistant.dates import Moment, parse
from assistant.diary import Diary, exchange, remembering, statements
from assistant.diary.alone import alone
from assistant.diary.database import Database, Statement
from assistant.diary.rows import WorkDone
from assistant.errors import DiaryError
from assistant.exercise import Exercise
from assistant.pack import Pack
from scripts.benchmarks import years

NOW = parse("2026-03-30T12:00:00+02:00")
DAY = 86_400.0
ROOT = Path(__file__).parent.parent


@pytest.fixture
def exercise(pack: Pack) -> Exercise:
    return pack.exercises["single-leg-hip-thrust"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bench-voice" / "diary.sqlite"


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The program, in a home of its own."""

    def assistant(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_RUNTIME_DIR": str(tmp_path),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(tmp_path / "cache")),
        }
        return subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            input=typed,
            capture_output=True,
            text=True,
            env=env,
            check=False,
            timeout=120,
        )

    return assistant


# ---- the terminal


def test_history_shows_workouts_a_chart_and_what_comes_next(run: Run, file: Path, exercise: Exercise) -> None:
    years.fill(file, exercise, NOW, sessions=30, rows=180, every_days=3)
    done = run("history", "--last", "5")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == list(looking_back._HEADINGS)
    assert [line.split()[0] for line in lines[1:6]] == ["26", "27", "28", "29", "30"]
    assert "the last 5 workouts" in done.stdout
    assert "Next time: " in done.stdout
    assert len(done.stdout.split("Next time: ")[1].splitlines()) > 1  # and why


def test_an_empty_diary_is_told_kindly(run: Run) -> None:
    done = run("history")
    assert done.returncode == 2
    assert "begins with your first workout" in done.stderr


def test_the_chart_has_a_bar_a_workout_and_leg(file: Path, exercise: Exercise) -> None:
    years.fill(file, exercise, NOW, sessions=9, rows=54)
    title, left, right = looking_back.chart(Diary(file, NOW).sessions()).splitlines()
    assert title.startswith("kilos x reps, the last 9")
    for line, side in ((left, "left"), (right, "right")):
        name, bars, last = line.split()
        assert (name, len(bars), bars[-1]) == (side, 9, looking_back.BARS[-1])
        assert float(last) > 0
    assert looking_back.chart(Diary(file, NOW).sessions(1)) == ""


def test_weights_are_stored_and_shown(run: Run) -> None:
    assert "assistant weights" in run("weights").stdout
    assert run("weights", "10", "5", "7.5").stdout == "Your weights, in kilos: 5, 7.5, 10\n"
    assert run("weights").stdout == "Your weights, in kilos: 5, 7.5, 10\n"
    for wrong in ("0", "-3", "301", "ten"):
        done = run("weights", "--", wrong)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


def test_a_typed_workout_is_in_the_history(run: Run) -> None:
    options = ["--sets", "1", "--reps", "2", "--tempo", "1-0-1-0", "--warmup", "0", "--load", "5"]
    typed = "ready\none one two\nno\nno\nno\nskip\nyes\nyes\nyes\nskip\nready\nready\nnext\nnext\nnext\n"
    assert run("run", "--keyboard", *options, typed=typed).returncode == 0
    assert run("run", "--keyboard", "--guest", *options, typed=typed).returncode == 0
    workouts = [line for line in run("history").stdout.splitlines() if "single-leg" in line]
    assert len(workouts) == 1  # a guest leaves nothing
    assert "2/2" in workouts[0]


def test_a_rehearsal_leaves_the_diary_alone(run: Run, file: Path) -> None:
    done = run("rehearse", ROOT / "tests/rehearsals/complete.toml")
    assert done.returncode == 0, done.stdout
    assert not file.exists()


# ---- out and in


@pytest.mark.parametrize("form", exchange.FORMATS)
def test_what_is_exported_comes_in_again_on_another_machine(
    run: Run, file: Path, exercise: Exercise, tmp_path: Path, form: str
) -> None:
    years.fill(file, exercise, NOW, sessions=120, rows=720)
    out = tmp_path / f"mine.{form}"
    assert run("export", "--format", form, "--out", out).returncode == 0
    before = list(Diary(file, NOW).work())
    assert any(row.pain_level for row in before)
    assert run("delete", "--all", "--yes").returncode == 0
    assert not file.exists()

    assert run("import", out).stdout == "120 workouts added, 0 were there already\n"
    after = list(Diary(file, NOW).work())
    assert exported(after, form) == exported(before, form)
    assert run("import", out).stdout == "0 workouts added, 120 were there already\n"
    assert run("export", "--format", form).stdout == out.read_text()
    with Database(file) as database:
        assert database.is_whole()


def on_a_new_machine(rows: Iterable[WorkDone], file: Path) -> Diary:
    """An export, imported into a diary that is empty."""
    with Database(file) as database:
        exchange.merge(exchange.read(exported(rows, "csv"), "mine.csv"), database)
    return Diary(file, NOW)


def side(at: Moment, id: int, name: str, reps: int = 12) -> Iterator[Statement]:
    """So many reps of one leg, in set one."""
    done = {"set": 1, "side": name, "reps": reps, "of": 12, "load_kg": 20.0, "tempo": "2-1-3-0", "ended": "early"}
    sql, values = statements.work(at.at + 900, done, True)
    yield sql, {**values, "session": id}


def workout(
    file: Path, exercise: Exercise, begin: Moment, id: int, *reports: tuple[int, str, int | None, str]
) -> None:
    """Both legs in set one, and these reports of pain: (set, side, score, level)."""
    plan = {"exercise": exercise.id, "variation": "", "sets": 1, "reps": 12, "tempo": "2-1-3-0", "first_side": "left"}
    with Database(file) as database:
        database.write(
            [
                statements.imported_session(id, begin, **plan),  # type: ignore[arg-type]
                *side(begin, id, "left"),
                *side(begin, id, "right"),
                *(
                    statements.imported_pain(id, begin.at + 60 * n, set_number, name, score, level)
                    for n, (set_number, name, score, level) in enumerate(reports)
                ),
            ]
        )


@pytest.mark.parametrize(
    ("reports", "left", "right"),
    [
        ([(1, "", 7, "stop")], (7, "stop"), (7, "stop")),
        ([(1, "left", 2, "continue"), (1, "", None, "stop")], (2, "stop"), (None, "stop")),
        ([(1, "left", 5, "lighten"), (1, "left", 2, "stop")], (5, "stop"), (None, "")),
        ([(2, "left", 7, "stop")], (7, "stop"), (None, "")),  # in the rest, before a set that never was
        ([(1, "left", 7, "normal")], (None, ""), (None, "")),
    ],
)
def test_all_pain_of_a_set_is_in_the_export(file: Path, exercise: Exercise, reports, left, right) -> None:
    workout(file, exercise, NOW.plus(-7 * DAY), 1, *reports)
    assert [(row.side, row.pain_score, row.pain_level) for row in Diary(file, NOW).work()] == [
        ("left", *left),
        ("right", *right),
    ]


def test_a_report_that_was_never_finished_is_exported_as_a_stop(file: Path, exercise: Exercise) -> None:
    workout(file, exercise, NOW.plus(-7 * DAY), 1, (1, "left", None, "stop"))
    with Database(file) as database:
        database.write([("UPDATE pain SET level = ''", {})])
    assert [row.pain_level for row in Diary(file, NOW).work()] == ["stop", ""]


def test_an_import_locks_as_a_report_here_would(file: Path, exercise: Exercise, tmp_path: Path) -> None:
    workout(file, exercise, NOW.plus(-20 * DAY), 1, (1, "left", 8, "stop"))  # opened later: it was trained again
    workout(file, exercise, NOW.plus(-9 * DAY), 2, (1, "right", 6, "doctor"), (1, "left", 2, "continue"))
    diary = on_a_new_machine(Diary(file, NOW).work(), tmp_path / "new.sqlite")
    pains = {memory.side: (memory.level, memory.score, memory.locked) for memory in diary.past(exercise).pains}
    assert pains == {"left": ("continue", 2, False), "right": ("doctor", 6, True)}


def test_two_exports_in_one_file_add_each_workout_once(file: Path, exercise: Exercise, tmp_path: Path) -> None:
    """Numbers differ from machine to machine, and so does the zone that a time is written in."""
    for number in (1, 2):
        workout(file, exercise, NOW.plus((number - 9) * DAY), number)
    text = exported(Diary(file, NOW).work(), "jsonl")
    rows = [json.loads(line) for line in text.splitlines()]
    again = [
        {**row, "session": row["session"] + 50, "started": Moment(parse(row["started"]).at, 0).iso()} for row in rows
    ]
    both = "\n".join(json.dumps(row) for row in [*rows[:1], *again, *rows[2:]])  # the first was cut off early
    with Database(tmp_path / "new.sqlite") as database:
        assert exchange.merge(exchange.read(both, "two"), database) == (2, 0)
        assert exchange.merge(exchange.read(both, "two"), database) == (0, 2)
    found = Diary(tmp_path / "new.sqlite", NOW).sessions()
    assert [(one.left.reps, one.right.reps) for one in found] == [(12, 12), (12, 12)]


def test_an_export_that_fails_leaves_the_earlier_one(
    run: Run, file: Path, exercise: Exercise, tmp_path: Path
) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("earlier")
    years.fill(file, exercise, NOW, sessions=9, rows=54)
    file.write_bytes(b"no diary at all" * 1000)
    assert run("export", "--out", str(out)).returncode == 2
    assert out.read_text() == "earlier"
    assert not list(tmp_path.glob("*.part"))


def exported(rows, form: str) -> str:
    out = io.StringIO()
    exchange.write(rows, form, out)
    return out.getvalue()


def test_the_columns_are_those_of_the_docs(file: Path, exercise: Exercise) -> None:
    years.fill(file, exercise, NOW, sessions=3, rows=18)
    text = exported(Diary(file, NOW).work(), "csv")
    header, first, *_ = csv.reader(io.StringIO(text))
    docs = (ROOT / "docs/DIARY.md").read_text(encoding="utf-8")
    table = docs[docs.index("| column |") :]
    documented = [line.split("`")[1] for line in table.splitlines()[2:] if line.startswith("| `")]
    assert documented[: len(header)] == header
    assert list(json.loads(exported(Diary(file, NOW).work(), "jsonl").splitlines()[0])) == header
    row = dict(zip(header, first, strict=True))
    assert (row["set"], row["side"], row["tempo"]) == ("1", "left", "2-1-3-0")
    assert parse(row["started"]).iso() == row["started"]


GOOD = {
    **{"session": 1, "started": "2026-01-05T18:00:00+01:00", "exercise": "single-leg-hip-thrust", "variation": ""},
    **{"set": 1, "side": "left", "reps": 8, "reps_planned": 10, "load_kg": 7.5, "tempo": "2-1-3-0"},
    **{"tempo_kept": True, "ended": "early"},
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"side": "middle"}, "side: 'middle' must be left or right"),
        ({"reps": "many"}, "reps"),
        ({"reps": -1}, "reps: -1 is out of range; it must be 0 to 1000"),
        ({"load_kg": 5000}, "load_kg: 5000 is out of range"),
        ({"tempo": "slow"}, "tempo 'slow': write four whole numbers"),
        ({"started": "yesterday"}, "yesterday"),
        ({"pain_level": "bad"}, "pain_level: 'bad' must be empty or one of normal, continue, lighten, stop"),
        ({"started": "0001-01-01T00:00:00+12:00"}, "started: 0001-01-01T00:00:00+12:00 is before 1970-01-01"),
        ({"started": "9999-12-31T23:59:59-12:00"}, "is later than now"),
        ({"ended": "tired"}, "ended: 'tired' must be one of complete"),
        ({"pain_score": 11}, "pain_score: 11 is out of range; it must be 0 to 10"),
        ({"mood": "good"}, "mood"),
        ({"exercise": " "}, "exercise: is empty"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_comes_in(
    run: Run, file: Path, tmp_path: Path, change: dict[str, object], told: str
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(f"{json.dumps(GOOD)}\n{json.dumps({**GOOD, 'session': 2, **change})}\n")
    with pytest.raises(DiaryError) as caught:
        exchange.read(source.read_text(), "in.jsonl")
    assert str(caught.value).startswith("in.jsonl: line 2: ")
    assert told in str(caught.value)
    assert "nothing was imported" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no rows"),
        ("a,b\n1,2\n", "line 1: lacks the column(s) session, started"),
        ('{"session": \n', "line 1: is no JSON object"),
        (",".join(GOOD) + "\n" + "1," * 30 + "\n", "line 2: has too many values"),
    ],
)
def test_what_is_no_export_is_told(text: str, told: str) -> None:
    with pytest.raises(DiaryError, match=r"in: ") as caught:
        exchange.read(text, "in")
    assert told in str(caught.value)


def test_a_workout_that_is_yet_to_come_is_no_workout(run: Run, file: Path, tmp_path: Path) -> None:
    """A typing error in a year: it would be the newest workout until then. A day may be the zone's."""
    for hours, is_read in ((23, True), (25, False)):
        text = json.dumps({**GOOD, "started": NOW.plus(hours * 3600).iso()})
        if is_read:
            assert len(exchange.read(text, "in", NOW)) == 1
        else:
            with pytest.raises(DiaryError, match="later than now, which is 2026-03-30T12:00:00"):
                exchange.read(text, "in", NOW)
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({**GOOD, "started": "2962-02-20T18:00:00+01:00"}))
    done = run("import", source)
    assert done.returncode == 2
    assert "by this machine's clock; nothing was imported" in done.stderr
    assert not file.exists()


def test_a_csv_of_a_spreadsheet_is_read(file: Path) -> None:
    """With a byte order mark, other line ends, and the columns that need not be there left out."""
    head = ",".join(GOOD)
    line = ",".join("1" if value is True else str(value) for value in GOOD.values())
    (row,) = exchange.read(f"\ufeff{head}\r\n{line}\r\n", "sheet.csv")
    assert (row.reps, row.load_kg, row.tempo_kept, row.pain_score) == (8, 7.5, True, None)


def test_a_half_wrong_import_leaves_no_trace(run: Run, file: Path, exercise: Exercise, tmp_path: Path) -> None:
    years.fill(file, exercise, NOW, sessions=2, rows=12)
    twice = tmp_path / "twice.jsonl"
    twice.write_text(f"{json.dumps(GOOD)}\n" + 2 * f"{json.dumps({**GOOD, 'session': 2})}\n")
    done = run("import", twice)
    assert done.returncode == 2
    assert "has a set and side twice; nothing was imported" in done.stderr
    assert len(Diary(file, NOW).sessions()) == 2


# ---- delete and back up


def test_a_backup_is_a_whole_diary(run: Run, file: Path, exercise: Exercise, tmp_path: Path) -> None:
    years.fill(file, exercise, NOW, sessions=5, rows=30)
    (tmp_path / "stick").mkdir()
    assert run("backup", tmp_path / "stick").returncode == 0
    with Database(tmp_path / "stick" / "diary.sqlite", create=False) as copy:
        assert copy.is_whole()
        assert copy.rows("SELECT count(*) FROM work")[0][0] == 30
    mine = tmp_path / "new" / "folder" / "mine.sqlite"
    done = run("backup", mine)
    assert done.returncode == 2
    assert f"{mine.parent}: there is no such folder" in done.stderr
    assert not mine.parent.parent.exists()
    mine.parent.mkdir(parents=True)
    assert run("backup", mine).returncode == 0
    assert mine.is_file()
    assert run("backup", "/proc/mine.sqlite").returncode == 2
    before = file.stat().st_ino
    assert "is the diary itself" in run("backup", file.parent).stderr
    assert file.stat().st_ino == before


def test_who_ends_the_input_instead_of_a_yes_deletes_nothing(
    file: Path, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    years.fill(file, exercise, NOW, sessions=1, rows=6)
    monkeypatch.setattr("sys.stdin", Mock(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", Mock(side_effect=EOFError))
    assert not diary_commands._is_sure(yes=False)


def test_delete_says_what_it_does(run: Run, file: Path, exercise: Exercise) -> None:
    years.fill(file, exercise, NOW, sessions=3, rows=18)
    assert run("delete", "--session", "9").returncode == 2
    assert "also from the backups" in run("delete", "--session", "2").stdout
    assert [session.id for session in Diary(file, NOW).sessions()] == [1, 3]
    asked = run("delete", "--all")
    assert asked.returncode == 2
    assert "--yes" in asked.stderr
    assert file.exists()


@pytest.mark.parametrize("which", [["--session", "2"], ["--all", "--yes"]])
def test_nothing_is_deleted_while_the_coach_is_running(
    run: Run, file: Path, exercise: Exercise, which: list[str]
) -> None:
    """The workout that is going on would lose its lock after pain, or be back in the diary at its end."""
    years.fill(file, exercise, NOW, sessions=3, rows=18)
    with alone(file.parent):
        done = run("delete", *which)
        assert done.returncode == 2
        assert "the coach is running already" in done.stderr
        assert "--guest" not in done.stderr
        assert len(Diary(file, NOW).sessions()) == 3
    assert run("delete", *which).returncode == 0


MISTAKES = [
    (["delete"], "--help"),
    (["export", "--format", "xml"], "--help"),
    (["export", "--out", "/nowhere/out.csv"], "choose another place"),
    (["report", "--out", "/nowhere/report.html"], "choose another place"),
    (["report", "frobnicate"], "single-leg-hip-thrust"),
    (["import", "nowhere.csv"], "nowhere.csv: cannot be read"),
    (["import", str(ROOT / "tests")], "cannot be read"),
]


@pytest.mark.parametrize(("arguments", "hint"), MISTAKES, ids=[" ".join(a[:2]) for a, _ in MISTAKES])
def test_mistakes_get_one_line_that_helps(run: Run, file: Path, exercise: Exercise, arguments, hint) -> None:
    years.fill(file, exercise, NOW, sessions=1, rows=6)
    done = run(*arguments)
    assert done.returncode == 2
    assert hint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


# ---- the report


class Page(HTMLParser):
    """Checks that every tag is closed, and collects what could reach for a network."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(file: Path, exercise: Exercise) -> str:
    return reports.page(Diary(file, NOW).sessions(), exercise.programming, exercise.name, NOW)


@pytest.mark.parametrize("sessions", [1, 2, 60, 400])
def test_the_page_is_whole_and_needs_nothing_else(file: Path, exercise: Exercise, sessions: int) -> None:
    years.fill(file, exercise, NOW, sessions=sessions, rows=6 * sessions, every_days=2.5)
    text = page(file, exercise)
    found = Page(text).found
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in found}
    assert not [name for _, attributes in found for name in attributes if name in {"src", "href", "style", "onload"}]
    assert "url(" not in text
    assert "@import" not in text
    charts = [attributes for tag, attributes in found if tag == "svg"]
    assert len(charts) == (8 if sessions == 1 else 9)
    assert all(attributes["aria-label"] for attributes in charts)
    # Everything that is drawn stands inside its chart.
    for tag, attributes in found:
        for name, limit in (("cx", WIDTH), ("cy", HEIGHT), ("x", WIDTH), ("y", HEIGHT)):
            if tag in {"circle", "rect", "text"} and name in attributes:
                assert 0 <= float(str(attributes[name])) <= limit, (tag, attributes)
    points = text.count("<circle")
    assert points > 0
    assert points <= 8 * reports.MOST_POINTS + 8


def test_a_page_of_nothing_says_so(file: Path, exercise: Exercise) -> None:
    with Database(file):
        pass
    assert "No reps are in the diary yet." in page(file, exercise)


def test_a_name_cannot_break_out_of_the_page(file: Path, exercise: Exercise) -> None:
    years.fill(file, exercise, NOW, sessions=2, rows=12)
    text = reports.page(Diary(file, NOW).sessions(), exercise.programming, "<script>alert(1)</script>", NOW)
    Page(text)
    assert "<script" not in text


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--no-first-run", "--hide-scrollbars"),
]


@pytest.mark.skipif(not CHROMIUM, reason="no chromium; the page is checked by a parser above")
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_real_browser_shows_it(file: Path, exercise: Exercise, tmp_path: Path, width: int, theme: str) -> None:
    """In a frame of the width of a phone or a screen: it fits, every chart is drawn, and the theme is followed."""
    years.fill(file, exercise, NOW, sessions=60, rows=360, every_days=2.5)
    report = tmp_path / "report.html"
    report.write_text(page(file, exercise), encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe id="f" src="report.html" style="width:{width}px;height:3000px;border:0"></iframe><pre></pre>'
        "<script>f.onload = () => { const d = f.contentDocument, w = f.contentWindow;"
        "const box = e => e.getBoundingClientRect();"
        "document.querySelector('pre').textContent = JSON.stringify({"
        " wide: d.documentElement.scrollWidth, charts: [...d.querySelectorAll('svg')].map(s => box(s).width),"
        " dots: [...d.querySelectorAll('circle')].filter(c => box(c).width > 0).length,"
        " side: [...d.querySelectorAll('.left')].map(e => box(e).left)[0],"
        " other: [...d.querySelectorAll('.right')].map(e => box(e).left)[0],"
        " tick: Math.min(...[...d.querySelectorAll('.tick')].map(t => box(t).height)),"
        " page: w.getComputedStyle(d.body).backgroundColor, ink: w.getComputedStyle(d.body).color }) }</script>"
    )
    dark = (
        ["--blink-settings=preferredColorScheme=0"]
        if theme == "dark"
        else ["--blink-settings=preferredColorScheme=1"]
    )
    done = subprocess.run(
        [
            *(str(CHROMIUM), *CHROMIUM_OPTIONS, *dark, f"--user-data-dir={tmp_path / 'profile'}"),
            *("--allow-file-access-from-files", "--virtual-time-budget=3000", "--dump-dom", frame.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    shown = json.loads(done.stdout[done.stdout.index("<pre>{") + 5 : done.stdout.index("}</pre>") + 1])
    assert shown["wide"] <= width
    assert len(shown["charts"]) == 9
    assert all(250 < chart <= width for chart in shown["charts"])
    assert shown["dots"] > 100
    assert shown["tick"] > 9  # pixels: can be read on a phone
    assert (shown["side"] == shown["other"]) == (width == 390)  # below each other, or beside
    is_dark = sum(map(int, shown["page"][4:-1].split(","))) < 200
    assert is_dark == (theme == "dark")
    assert shown["page"] != shown["ink"]


def test_the_report_is_written(run: Run, file: Path, exercise: Exercise, tmp_path: Path) -> None:
    years.fill(file, exercise, NOW, sessions=4, rows=24)
    done = run("report", "--out", tmp_path / "r.html")
    assert done.returncode == 0, done.stderr
    assert "4 workouts" in done.stdout
    Page((tmp_path / "r.html").read_text(encoding="utf-8"))


def test_the_report_is_of_the_exercise_that_was_trained_last(
    pack: Pack,
    file: Path,
    exercise: Exercise,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    language = shutil.copytree(pack.folder, tmp_path / "voices/en", ignore=shutil.ignore_patterns("model"))
    shipped = (language / "exercises/single-leg-hip-thrust.toml").read_text(encoding="utf-8")
    own = shipped.replace('"single-leg-hip-thrust"', '"step-up"').replace('"single leg hip thrust"', '"step up"')
    (language / "exercises/step-up.toml").write_text(own, encoding="utf-8")
    monkeypatch.setattr("assistant.parts.voices_folder", lambda: language.parent)
    monkeypatch.setattr("assistant.diary_commands.diary_file", lambda: file)
    years.fill(file, msgspec.structs.replace(exercise, id="step-up"), NOW, sessions=3, rows=18)
    out = tmp_path / "r.html"
    for arguments, count, title in ((["report"], 3, "Step up"), (["report", "thrust"], 0, "Single leg hip thrust")):
        assert cli.run([*arguments, "--out", str(out)]) == 0
        assert f"{count} workouts" in capsys.readouterr().out
        assert f"<h1>{title}</h1>" in out.read_text(encoding="utf-8")


# ---- a long history


def start(file: Path, exercise: Exercise, now: Moment) -> tuple[list[str], int, list[str]]:
    """(the statements of the start path, the steps SQLite takes for them, how it looks things up)."""
    with Database(file) as database:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        told: list[str] = []
        database.trace(told)
        database._connection.set_progress_handler(count, 1)
        assert remembering.past(database, exercise, "", now.at).suggestion is not None
        database._connection.set_progress_handler(None, 1)
        database.trace([])
        plans = [f"{step} [{' '.join(sql.split())}]" for sql in dict.fromkeys(told) for step in database.plan_of(sql)]
    return told, steps, plans


def test_the_start_finds_everything_by_an_index(file: Path, exercise: Exercise) -> None:
    years.fill(file, exercise, NOW, sessions=300, rows=1800)
    told, _, plans = start(file, exercise, NOW)
    assert len(told) > 20
    assert any("session_by_exercise" in plan for plan in plans)
    for plan in plans:
        if plan.startswith("SCAN"):
            # A walk along an index is fine where it ends after a few rows.
            assert "USING" in plan and "INDEX" in plan, plan
            is_bounded = "LIMIT" in plan or "session_open" in plan or "pain_lock_shut" in plan
            assert is_bounded or "SCAN CONSTANT ROW" in plan, plan


def test_the_start_does_not_grow_with_the_history(file: Path, exercise: Exercise, tmp_path: Path) -> None:
    """Counted in SQLite's own steps, which no other work on this machine changes."""
    years.fill(file, exercise, NOW, sessions=40, rows=240)
    long = tmp_path / "long.sqlite"
    years.fill(long, exercise, NOW, sessions=2000, rows=12_000)
    _, short_steps, _ = start(file, exercise, NOW)
    _, long_steps, _ = start(long, exercise, NOW)
    assert long_steps < 1.3 * short_steps


def test_rows_that_are_no_rows_are_told(run: Run, file: Path, tmp_path: Path) -> None:
    nested = tmp_path / "nested.jsonl"
    nested.write_text('{"session": ' + "[" * 100_000)
    assert "line 1: is no JSON object" in run("import", nested).stderr
    assert run("delete", "--session", "9" * 20).returncode == 2
    assert not file.exists()
