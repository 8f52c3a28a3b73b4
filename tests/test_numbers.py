"""Number words: what is spelled is understood again, and nonsense is not a number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.numbers import NumberWords


@pytest.fixture(scope="module")
def words(pack) -> NumberWords:
    return pack.numbers


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        (0, "zero"),
        (12, "twelve"),
        (20, "twenty"),
        (42, "forty two"),
        (100, "one hundred"),
        (115, "one hundred fifteen"),
        (999, "nine hundred ninety nine"),
        (1050, "one zero five zero"),
        (2.5, "two point five"),
        (42.5, "forty two point five"),
        (1.25, "one point two five"),
        (3.05, "three point zero five"),
        (10.0, "ten"),
        (4.999, "five"),
    ],
)
def test_spelling(words, number, spelled):
    assert words.spell(number) == spelled


@pytest.mark.parametrize("number", [-1, -0.5, 10_000, 123_456])
def test_what_has_no_words_is_refused(words, number):
    with pytest.raises(ValueError, match="no words for"):
        words.spell(number)


def test_every_whole_number_is_understood_as_it_is_spelled(words):
    assert [n for n in range(1000) if words.parse(words.spell(n)) != n] == []


@pytest.mark.parametrize("fraction", [0.5, 0.25, 0.75, 0.1, 0.05, 0.01, 0.99])
def test_every_fraction_is_understood_as_it_is_spelled(words, fraction):
    numbers = [round(n + fraction, 2) for n in range(1000)]
    assert [n for n in numbers if words.parse(words.spell(n)) != n] == []


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("ten kilos", 10),
        ("forty two and a half", 42.5),
        ("forty two and a half kilos", 42.5),
        ("hundred", 100),
        ("hundred five", 105),
        ("two hundred and a half", 200.5),
        ("one hundred and twenty kilos", 120),
        ("hundred and five", 105),
        ("one hundred and twenty two and a half", 122.5),
        ("seven point seventy five", 7.75),
        ("seven point twenty five kilos", 7.25),
        ("seven point fifty", 7.5),
        ("seven point zero five", 7.05),
    ],
)
def test_other_ways_to_say_it(words, said, number):
    assert words.parse(said) == number


@pytest.mark.parametrize(
    "said",
    [
        "",
        "kilos",
        "point",
        "and a half",
        "and",
        "hundred hundred",
        "one hundred and",
        "hundred and and five",
        "twenty and five",
        "twenty twenty",
        "five twenty",
        "twenty ten",
        "ten zero",
        "one two",
        "zero hundred",
        "ten hundred",
        "point five",
        "five point",
        "five point five point five",
        "five point one two three",
        "five point five and a half",
        "kilos ten",
        "ten potatoes",
        "pause",
    ],
)
def test_nonsense_is_no_number(words, said):
    assert words.parse(said) is None


def test_every_number_word_is_in_the_grammar(words):
    taught = {word for phrase in words.examples() for word in phrase.split()}
    assert set(words.vocabulary()) == taught


@settings(deadline=None, max_examples=500)
@given(st.data())
def test_whatever_is_said_it_is_nothing_or_a_number_that_can_be_said_back(words, data):
    said = " ".join(data.draw(st.lists(st.sampled_from(words.vocabulary()), max_size=7)))
    number = words.parse(said)
    if number is not None:
        assert 0 <= number < 1000
        assert words.parse(words.spell(number)) == number
