"""Faint words around a command are somebody else's; what one person says stays together."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from assistant.ear import grammar, reports
from assistant.foreground import MOST_WORDS, Foreground
from assistant.recogniser import SURE, Recogniser, Result, Spoken
from assistant.room import BLOCK, RATE, samples

Times = Iterable[tuple[str, float, float]]


class Hears:
    """A recogniser that writes each word when it has been said, and keeps what it was given between its ends."""

    def __init__(self, words: Times, final_at: int = 0, confidence: dict[str, float] | None = None) -> None:
        sure = confidence or {}
        self._all = tuple(Spoken(word, samples(a), samples(b), sure.get(word, 1.0)) for word, a, b in words)
        self._final_at = final_at
        self.given: list[list[np.ndarray]] = [[]]

    def accept(self, sound: np.ndarray, wants_times: Callable[[str], bool]) -> Result:
        self.given[-1].append(sound)
        return self._result(sum(map(len, self.given)) == self._final_at, wants_times)

    def finish(self) -> Result:
        self.given.append([])
        return self._result(True, lambda words: True)

    def _result(self, final: bool, wants_times: Callable[[str], bool]) -> Result:
        heard = sum(map(len, self.given)) * BLOCK
        spoken = tuple(one for one in self._all if one.end <= heard)
        words = " ".join(one.word for one in spoken)
        return Result(words, final, spoken if final or wants_times(words) else ())


def sound(*pieces: tuple[float, float]) -> np.ndarray:
    """(seconds, dB full scale) each."""
    rng = np.random.default_rng(1)
    parts = [rng.standard_normal(samples(length)) * 10 ** (level / 20) for length, level in pieces]
    return np.concatenate(parts).astype(np.float32)


def heard(parts, hears: Hears, what: np.ndarray) -> list[Result]:
    listens = Foreground(hears, parts.interpreter.intent)
    return [result for at in range(0, len(what), BLOCK) for result in listens.accept(what[at : at + BLOCK])]


BEFORE = ("[unk]", 0.0, 1.0)
COMMAND = ("next", 1.0, 1.3), ("set", 1.3, 1.6)


@pytest.mark.parametrize(
    ("words", "before_db", "left"),
    [
        ((BEFORE, *COMMAND), -37.5, "next set"),
        ((BEFORE, *COMMAND), -35, "[unk] next set"),  # 5 dB: somebody goes on talking
        ((BEFORE, *COMMAND), -20, "[unk] next set"),
        ((("my", 0.1, 0.3), ("head", 0.3, 0.8), *COMMAND), -42, "next set"),
        # Known words within 10 dB may be the person's own.
        ((("in", 0.1, 0.3), ("my", 0.3, 0.8), ("left", 1.0, 1.6)), -38.5, "in my left"),
    ],
)
def test_what_is_fainter_than_the_command_is_left_out(parts, words, before_db, left):
    results = heard(parts, Hears(words), sound((1.0, before_db), (0.6, -30)))
    assert results[-1].words == left
    assert not results[-1].final


def test_what_commands_something_as_it_is_stays_whole(parts):
    """However faint the rest: it may say where it hurts."""
    words = (("[unk]", 0.0, 0.5), ("my", 0.5, 0.6), ("knee", 0.6, 1.0), ("stop", 1.0, 1.6))
    assert heard(parts, Hears(words), sound((1.0, -36), (0.6, -30)))[-1].words == "[unk] my knee stop"


@pytest.mark.parametrize("command", [COMMAND, [("stop", 1.0, 1.6)]])
def test_the_utterance_ends_when_only_the_background_goes_on(parts, command):
    hears = Hears((BEFORE, *command))
    results = heard(parts, hears, sound((1.0, -35), (0.6, -30), (0.5, -37.5)))
    assert [result.final for result in results] == [False] * 20 + [True]
    assert [len(blocks) for blocks in hears.given] == [21, 0]


@pytest.mark.parametrize(("words", "after_db"), [((BEFORE, *COMMAND), -35), ((BEFORE,), -60), (COMMAND, -60)])
def test_it_does_not_end_while_somebody_speaks_nor_where_the_recogniser_sees_to_it(parts, words, after_db):
    results = heard(parts, Hears(words), sound((1.0, -35), (0.6, -30), (1.0, after_db)))
    assert not any(result.final for result in results)


def test_a_much_louder_voice_begins_a_new_utterance(parts):
    """With a little of what was just before, in which its first sound may be."""
    hears = Hears((("how", 0.0, 0.4), ("[unk]", 0.4, 1.0)))
    what = sound((1.0, -40), (0.6, -30))
    results = heard(parts, hears, what)
    assert [result.final for result in results] == [False] * 10 + [True] + [False] * 6
    first, second = (np.concatenate(blocks) for blocks in hears.given)
    assert np.array_equal(first, what[: samples(1.0)])
    assert np.array_equal(second[BLOCK:], what[samples(1.0) :])
    onset = second[:BLOCK] / what[samples(0.9) : samples(1.0)]
    assert onset[0] == 0
    assert onset[-1] == pytest.approx(1)


def test_what_is_faint_after_a_voice_over_talk_is_lowered_until_it_ends(parts):
    hears = Hears([("[unk]", 0.0, 1.0)])
    what = sound((1.0, -40), (0.3, -30), (0.2, -40), (0.2, -30), (1.0, -40))
    results = heard(parts, hears, what)
    _, over_talk, after = (np.concatenate(blocks) for blocks in hears.given)
    gain = over_talk[BLOCK:] / what[samples(1.0) : samples(2.2)]
    steps = gain.reshape(-1, BLOCK)
    assert [round(float(step[-1]), 2) for step in steps] == [1] * 3 + [0.1] * 2 + [1] * 2 + [0.1] * 5
    assert np.abs(np.diff(gain)).max() == pytest.approx(0.9)  # only where the voice is back at once
    assert results[-1].final is False
    assert np.array_equal(after, what[samples(2.2) :])


@pytest.mark.parametrize(
    ("words", "before_db"),
    [
        ([("[unk]", 0.0, 0.4)], -35),  # too little louder
        ([], -40),  # nobody has said anything
        ([("pause", 0.0, 0.4)], -40),  # a command, or the beginning of one
        ([("[unk]", 0.0, 0.4), ("pause", 0.4, 0.8)], -40),
    ],
)
def test_otherwise_it_goes_on(parts, words, before_db):
    hears = Hears(words)
    heard(parts, hears, sound((1.0, before_db), (0.3, -30)))
    assert len(hears.given) == 1


def test_how_loud_an_utterance_was_counts_for_no_other(parts):
    hears = Hears([("[unk]", 0.0, 0.4)], final_at=5)
    heard(parts, hears, sound((0.5, -10), (0.5, -40), (0.5, -30)))
    assert [len(blocks) for blocks in hears.given] == [10, 6]


@pytest.mark.parametrize(
    ("words", "doubt", "end"),
    [
        ("next set", {}, "next set"),
        ("next set", {"set": SURE - 0.1}, "next [unk]"),
        ("twenty", {"twenty": SURE - 0.1}, "[unk]"),
        # Better heard once too often: what is urgent, and what is no command but may tell where it hurts.
        ("my knee hurts", {"knee": 0.3, "hurts": 0.2}, "my knee hurts"),
        ("please stop", {"stop": 0.3}, "please stop"),
        ("no pain", {"no": 0.3}, "[unk] pain"),
        ("on the outside", {"outside": 0.3}, "on the outside"),
    ],
)
def test_a_doubtful_command_is_none_at_the_end_unless_it_is_urgent(parts, words, doubt, end):
    times = [(word, 0.2 + 0.2 * n, 0.4 + 0.2 * n) for n, word in enumerate(words.split())]
    hears = Hears(times, final_at=12, confidence=doubt)
    result = heard(parts, hears, sound((1.2, -30)))[11]
    assert (result.words, result.final) == (end, True)
    # What Vosk says of its confidence before the end is of the past, so that nothing is doubted yet.
    assert heard(parts, Hears(times, confidence=doubt), sound((1.2, -30)))[-1].words == words


@pytest.mark.parametrize(
    ("words", "comes_at_the_end", "sure", "end"),
    [
        ("it was [unk] ow", True, SURE - 0.1, "it was [unk] [unk]"),  # it was "cold"
        ("it was [unk] ow", True, SURE, "it was [unk] ow"),
        ("it was [unk] ow", False, SURE - 0.1, "it was [unk] ow"),  # before the end it counted already
        ("ow", True, SURE - 0.1, "ow"),  # in no talk
        ("my ow", True, SURE - 0.1, "my ow"),
    ],
)
def test_a_doubtful_cry_that_only_the_end_of_talk_brought_is_none(parts, words, comes_at_the_end, sure, end):
    times = [(word, 0.2 * n, 0.2 + 0.2 * n) for n, word in enumerate(words.split())]
    ends = 2 * len(times)
    hears = Hears(times, final_at=ends + (0 if comes_at_the_end else 1), confidence={"ow": sure})
    results = heard(parts, hears, sound((0.2 * len(times) + (0.0 if comes_at_the_end else 0.1), -30)))
    assert results[-1] == Result(end, True)
    assert ("ow" in results[-2].words) != comes_at_the_end


def test_a_doubtful_command_beside_faint_words_is_none_at_the_end(parts):
    doubt = {"set": SURE - 0.1}
    results = heard(parts, Hears((BEFORE, *COMMAND), 17, doubt), sound((1.0, -37.5), (0.6, -30)))
    assert results[-2:] == [Result("next set", False), Result("next [unk]", True)]


def test_words_of_which_the_sound_is_forgotten_are_not_faint(parts):
    results = heard(parts, Hears((BEFORE, ("next", 31.0, 31.5))), sound((31.0, -37.5), (0.5, -30)))
    assert results[-1].words == "[unk] next"


def test_the_end_of_a_file_ends_what_is_heard(parts):
    hears = Hears((BEFORE, *COMMAND))
    listens = Foreground(hears, parts.interpreter.intent)
    for block in sound((1.0, -37.5), (0.6, -30)).reshape(-1, BLOCK):
        list(listens.accept(block))
    last = listens.finish()
    assert (last.words, last.final) == ("next set", True)


def test_a_long_utterance_costs_few_questions_a_word(parts):
    """Talk may go on for twenty seconds, and each result repeats all of it."""
    asked = []

    def intent(words: str) -> str | None:
        asked.append(words)
        return parts.interpreter.intent(words)

    listens = Foreground(Hears(("[unk]" if n % 2 else "i", n * 0.4, n * 0.4 + 0.4) for n in range(40)), intent)
    for block in sound((16.0, -30)).reshape(-1, BLOCK):
        list(listens.accept(block))
    assert len(asked) <= 40 * (MOST_WORDS + 1)
    assert len(asked) == len(set(asked))


def test_no_command_is_longer_than_is_looked_for(pack):
    longest = max(len(phrase.split()) for phrase in (*pack.phrases(), *pack.red_flags.grammar()))
    assert longest <= MOST_WORDS


@pytest.mark.parametrize(("words", "mixed_in", "sure"), [("yes", "", True), ("yes", "no", False)])
def test_the_shipped_model_tells_how_sure_it_is(pack, person, words, mixed_in, sure):
    """Of two things said at once it is not."""
    recogniser = Recogniser(pack.folder / "model", grammar(pack), reports(pack))
    take = np.concatenate([sound((0.5, -70)), person.clip(words).samples, sound((0.5, -70))])
    if mixed_in:
        other = person.clip(mixed_in).samples
        take[samples(0.5) :][: len(other)] += other
    for block in take[: len(take) // BLOCK * BLOCK].reshape(-1, BLOCK):
        result = recogniser.accept(block)
    result = recogniser.finish()
    assert {one.word for one in result.spoken} <= {words, mixed_in}
    assert [0.9 < one.confidence <= 1 if sure else 0.2 < one.confidence < 0.7 for one in result.spoken] == [True]


def test_times_go_on_after_an_utterance_was_ended(pack, person):
    """The real recogniser starts anew after each end; its clock does not."""
    recogniser = Recogniser(pack.folder / "model", ["next set"])
    room = sound((1.0, -70))
    take = np.concatenate([room, person.clip("next set").samples, room])[: 2 * RATE].reshape(-1, BLOCK)
    ends = []
    for _ in range(2):
        for block in take:
            recogniser.accept(block)
        ends.append(recogniser.finish())
    assert [result.words for result in ends] == ["next set"] * 2
    first, second = (result.spoken for result in ends)
    assert first[0].start == pytest.approx(samples(1.0), abs=samples(0.15))
    assert [one.start - other.start for one, other in zip(second, first, strict=True)] == pytest.approx(
        [2 * RATE] * 2, abs=samples(0.1)
    )
