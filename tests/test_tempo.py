"""Tempo: which word stands on which second of a rep."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.room import RATE
from assistant.tempo import Beat, Cue, Tempo, beats, fitting, ticks

HEEL = Cue("lift", "HEEL")
SLOW = Cue("lower", "SLOW")
SHORT = {"4": 0.3, "hold": 0.4}
"""Words that leave "hold" its half second."""


def written(found: tuple[Beat, ...]) -> str:
    """Beats as "0 lift, 2 number 4": second, kind, value."""
    return ", ".join(
        " ".join(str(part) for part in (f"{beat.offset / RATE:g}", beat.kind, beat.value) if part is not None)
        for beat in found
    )


@pytest.mark.parametrize(
    ("tempo", "expected"),
    [
        ("2-1-3-0", "0 lift, 2 number 4, 2.5 hold, 3 lower, 4 count 2, 5 count 3"),
        ("1-1-3-0", "0 lift, 1 number 4, 1.5 hold, 2 lower, 3 count 2, 4 count 3"),
        ("2-3-3-0", "0 lift, 2 number 4, 3 hold, 5 lower, 6 count 2, 7 count 3"),
        ("2-0-3-0", "0 number 4, 2 lower, 3 count 2, 4 count 3"),
        ("1-0-1-2", "0 number 4, 1 lower"),
    ],
)
def test_the_words_without_a_cue(tempo, expected):
    assert written(beats(Tempo.parse(tempo), 4, None, SHORT)) == expected


@pytest.mark.parametrize(
    ("tempo", "lengths", "has_hold"),
    [
        ("2-1-3-0", {"4": 0.45, "hold": 0.45}, True),
        ("2-1-3-0", {"4": 0.46, "hold": 0.3}, False),
        ("2-1-3-0", {"4": 0.3, "hold": 0.46}, False),
        ("2-1-3-0", {"4": 0.3}, False),
        ("2-1-3-0", {"hold": 0.3}, False),
        ("2-2-3-0", {"4": 0.9, "hold": 0.9}, True),
        ("2-2-3-0", {"4": 0.96, "hold": 0.9}, False),
        ("2-3-3-0", {"4": 0.9, "hold": 1.9}, True),
    ],
)
def test_hold_is_said_only_where_it_fits(tempo, lengths, has_hold):
    kinds = [beat.kind for beat in beats(Tempo.parse(tempo), 4, None, lengths)]
    assert kinds == ["lift", "number", *["hold"] * has_hold, "lower", "count", "count"]


@pytest.mark.parametrize(
    ("tempo", "cue", "cue_seconds", "expected"),
    [
        # It fits: it takes the place of its phase's words.
        ("2-1-3-0", HEEL, 1.9, "0 cue HEEL, 2 number 4, 3 lower, 4 count 2, 5 count 3"),
        ("2-1-3-0", SLOW, 2.9, "0 lift, 2 number 4, 3 cue SLOW"),
        ("2-0-3-0", SLOW, 2.9, "0 number 4, 2 cue SLOW"),
        # It does not: the words are said.
        ("2-1-3-0", HEEL, 1.96, "0 lift, 2 number 4, 3 lower, 4 count 2, 5 count 3"),
        ("1-1-3-0", HEEL, 1.5, "0 lift, 1 number 4, 2 lower, 3 count 2, 4 count 3"),
        ("2-1-2-0", SLOW, 2.5, "0 lift, 2 number 4, 3 lower, 4 count 2"),
        # Without a hold the number has the place of the lift's words.
        ("2-0-3-0", HEEL, 1.0, "0 number 4, 2 lower, 3 count 2, 4 count 3"),
    ],
)
def test_a_cue_is_said_only_where_it_fits(tempo, cue, cue_seconds, expected):
    lengths = {"4": 0.6, cue.text: cue_seconds}
    assert written(beats(Tempo.parse(tempo), 4, cue, lengths)) == expected


@pytest.mark.parametrize(
    ("tempo", "cue", "cue_seconds", "expected"),
    [
        ("2-1-3-0", HEEL, 1.9, HEEL),
        ("2-1-3-0", SLOW, 2.9, SLOW),
        # In the other part of the rep.
        ("1-1-3-0", HEEL, 0.97, Cue("lower", "HEEL")),
        ("2-0-3-0", HEEL, 0.8, Cue("lower", "HEEL")),
        ("3-1-2-0", SLOW, 2.5, Cue("lift", "SLOW")),
        # In neither.
        ("2-1-3-0", HEEL, 2.96, None),
        ("3-0-1-2", SLOW, 0.96, None),
    ],
)
def test_a_cue_that_is_waited_for_may_stand_in_either_part_of_a_rep(tempo, cue, cue_seconds, expected):
    lengths = {"4": 0.6, cue.text: cue_seconds}
    found = fitting(cue, Tempo.parse(tempo), lengths)
    assert found == expected
    said = beats(Tempo.parse(tempo), 4, found, lengths)
    assert [beat.value for beat in said if beat.kind == "cue"] == ([cue.text] if expected else [])


def test_a_cue_of_unknown_length_is_left_out():
    assert beats(Tempo.parse("2-1-3-0"), 4, HEEL, SHORT) == beats(Tempo.parse("2-1-3-0"), 4, None, SHORT)


tempos = st.builds(Tempo, st.integers(1, 10), st.integers(0, 10), st.integers(1, 10), st.integers(0, 10))
lengths = st.fixed_dictionaries(
    {str(n): st.floats(0.1, 0.9) for n in range(1, 13)} | {"hold": st.floats(0.1, 12), "cue": st.floats(0.1, 12)}
)
cues = st.sampled_from([None, Cue("lift", "cue"), Cue("lower", "cue")])


@settings(deadline=None)
@given(tempos, st.integers(1, 12), cues, lengths)
def test_no_word_is_late_whatever_the_tempo(tempo, rep, cue, lengths):
    """Given that "lift", "lower" and every number fit a second, as the brisk voice says them."""
    found = beats(tempo, rep, cue, lengths)
    starts = [beat.offset for beat in found]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert [beat.value for beat in found if beat.kind == "number"] == [rep]
    for beat, end in zip(found, [*starts[1:], tempo.rep_samples], strict=True):
        seconds = {"lift": 0.9, "lower": 0.9, "hold": lengths["hold"], "cue": lengths["cue"]}.get(beat.kind)
        said = lengths[str(beat.value)] if seconds is None else seconds
        assert beat.offset + said * RATE < end


@settings(deadline=None)
@given(tempos, st.integers(1, 30))
def test_ticks_are_a_second_apart_and_one_of_them_is_the_number(tempo, rep):
    found = ticks(tempo, rep)
    assert [beat.offset for beat in found] == list(range(0, tempo.rep_samples, RATE))
    assert [beat.value for beat in found if beat.kind != "tick"] == [rep]


@settings(deadline=None)
@given(tempos, st.integers(1, 12), cues, lengths)
def test_a_cue_among_ticks_moves_none_of_them(tempo, rep, cue, lengths):
    placed = fitting(cue, tempo, lengths) if cue else None
    plain, found = ticks(tempo, rep), ticks(tempo, rep, placed)
    starts = [beat.offset for beat in found]
    assert starts == sorted(set(starts))
    assert {beat for beat in found if beat.kind != "cue"} <= set(plain)
    assert [beat for beat in found if beat.kind == "number"] == [beat for beat in plain if beat.kind == "number"]
    assert [beat.value for beat in found if beat.kind == "cue"] == ["cue"] * (placed is not None)
    for beat, end in zip(found, [*starts[1:], tempo.rep_samples], strict=True):
        assert beat.kind != "cue" or beat.offset + lengths["cue"] * RATE < end


@pytest.mark.parametrize(
    ("tempo", "cue", "kinds"),
    [
        ("2-1-3-0", HEEL, "cue number tick tick tick"),
        ("2-1-3-1", SLOW, "tick tick number cue tick"),
        ("2-0-2-0", SLOW, "number tick cue"),
        ("2-3-1-0", HEEL, "cue number tick tick tick"),
    ],
)
def test_a_cue_takes_the_place_of_the_ticks_of_its_phase(tempo, cue, kinds):
    assert " ".join(beat.kind for beat in ticks(Tempo.parse(tempo), 7, cue)) == kinds


@pytest.mark.parametrize(
    ("tempo", "kinds"),
    [
        ("2-1-3-0", "tick tick number tick tick tick"),
        ("1-1-3-1", "tick number tick tick tick tick"),
        ("2-0-2-0", "number tick tick tick"),
    ],
)
def test_the_number_ticks_at_the_top(tempo, kinds):
    assert " ".join(beat.kind for beat in ticks(Tempo.parse(tempo), 7)) == kinds


# ---- how it is written, and its limits


def test_a_tempo_is_read_and_written():
    tempo = Tempo.parse(" 2-1-3-0 ")
    assert (tempo.lift, tempo.hold, tempo.lower, tempo.wait) == (2, 1, 3, 0)
    assert str(tempo) == "2-1-3-0"
    assert (tempo.rep_samples, tempo.top_samples) == (96_000, 32_000)


@pytest.mark.parametrize("text", ["", "2-1-3", "2-1-3-0-0", "2-1-x-0", "2--3-0", "2-1-3.5-0", "-2-1-3-0", "2 1 3 0"])
def test_what_is_no_tempo_is_told_how_to_write_one(text):
    with pytest.raises(AssistantError, match="four whole numbers of seconds, lift-hold-lower-wait"):
        Tempo.parse(text)


@pytest.mark.parametrize("text", ["2-²-3-0", "2-1-3-" + 5000 * "0"])
def test_digits_of_another_kind_are_told_the_same(text):
    with pytest.raises(AssistantError):
        Tempo.parse(text)


@pytest.mark.parametrize("text", ["0-1-3-0", "2-1-0-0", "11-1-3-0", "2-11-3-0", "2-1-11-0", "2-1-3-11"])
def test_a_tempo_that_nobody_can_train_is_refused(text):
    with pytest.raises(AssistantError, match="lift and lower take 1 to 10 seconds"):
        Tempo.parse(text)


@pytest.mark.parametrize(
    ("lower", "slower", "faster"),
    [(1, 2, 1), (2, 3, 2), (3, 4, 2), (4, 5, 3), (5, 5, 4), (6, 6, 5), (9, 9, 8)],
)
def test_slower_and_faster_change_the_way_down_within_limits(lower, slower, faster):
    tempo = Tempo(2, 1, lower, 0)
    assert tempo.slower() == Tempo(2, 1, slower, 0)
    assert tempo.faster() == Tempo(2, 1, faster, 0)
