"""The sheet for an appointment."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant import doctor_sheet
from assistant.pack import Pack
from assistant.past import PainRow

REPORT = PainRow(
    date="2026-01-31 18:05",
    exercise="single leg hip thrust",
    side="left",
    set=2,
    rep=6,
    load_kg=12.5,
    words="ow my left knee / it's sharp / no",
    place="knee",
    kind="sharp",
    score=7,
    sudden=None,
    numb=False,
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
    sheet = make(
        [REPORT, replace(REPORT, date="2026-02-02 18:00", score=None, load_kg=0, next_morning=None)], pack.red_flags
    )
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


def test_it_is_made_for_paper(pack: Pack) -> None:
    lines = doctor_sheet.text([REPORT] * 3, pack.red_flags).splitlines()
    assert max(map(len, lines)) <= doctor_sheet.WIDTH
