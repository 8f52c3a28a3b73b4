"""The ear with the real recogniser: it obeys a person and not the coach, and knows when it is deaf."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from assistant import echo
from assistant.ear import COMMAND_WEIGHT, Ear, grammar, hear_file, reports
from assistant.events import Deaf, Event, Heard, Hearing
from assistant.mouth import Mouth
from assistant.recogniser import Recogniser, Result
from assistant.room import BLOCK, RATE, Block, samples, seconds
from assistant.simulation import Acoustics, SimulatedRoom


def nothing_audible(_since: int, _until: int) -> list[str]:
    return []


@dataclass
class Scene:
    """A simulated room with a mouth and an ear in it."""

    room: SimulatedRoom
    mouth: Mouth
    ear: Ear
    ducks: list[tuple[float, bool]] = field(default_factory=list)
    now: int = 0

    def run(self, until_seconds: float, each: Callable[[Block], None] = lambda block: None) -> list[Event]:
        events = []
        for block in self.room.blocks(self.mouth.read):
            self.now = block.end
            events += self.ear.hear(block)
            each(block)
            if block.end >= samples(until_seconds):
                break
        return events

    def intents(self, until_seconds: float) -> list[str]:
        return [event.intent for event in self.run(until_seconds) if isinstance(event, Heard)]


@pytest.fixture
def scene(pack, parts) -> Callable[..., Scene]:
    def make(canceller: echo.EchoCanceller | None = None, audible=None, **acoustics) -> Scene:
        mouth = Mouth()

        def duck(ducked: bool) -> None:
            mouth.ducked = ducked
            made.ducks.append((seconds(made.now), ducked))

        # The model that ships, whatever else may be on this machine.
        def recogniser() -> Recogniser:
            return Recogniser(pack.folder / "model", grammar(pack), reports(pack))

        hears = Ear(recogniser, canceller or echo.make("software"), parts.interpreter, audible or mouth.audible, duck)
        made = Scene(SimulatedRoom(Acoustics(**acoustics)), mouth, hears)
        return made

    return make


# ---- a person


@pytest.mark.parametrize(
    ("words", "intent", "value"),
    [
        ("stop", "stop", None),
        ("pain", "pain", None),
        ("it hurts", "pain", None),
        ("help", "help", None),
        ("pause", "pause", None),
        ("next", "next", None),
        ("ready", "ready", None),
        ("repeat", "repeat", None),
        ("yes", "yes", None),
        ("skip rest", "skip_rest", None),
        ("how many left", "where", None),
        ("ten kilos", "number", 10),
        ("forty two point five kilos", "number", 42.5),
    ],
)
def test_a_command_is_heard_once(scene, person, words, intent, value):
    here = scene()
    end = here.room.say(samples(0.5), person.clip(words).samples)
    heard = here.run(seconds(end) + 1.5)
    assert [(event.intent, event.value) for event in heard] == [(intent, value)]
    assert heard[0].at <= end + samples(1.2)


@pytest.mark.parametrize(("words", "intent"), [("yeah", "yes"), ("finish", "finish")])
@pytest.mark.parametrize("voice", ["gmw/en-us+f3", "gmw/en+m3", "gmw/en-gb-scotland"])
def test_a_word_with_near_relatives_is_sure_enough(scene, parts, voice, words, intent):
    here = scene()
    with parts.studio(voice, 165) as somebody:
        end = here.room.say(samples(0.5), somebody.clip(words).samples)
    assert here.intents(seconds(end) + 1.5) == [intent]


def test_what_is_urgent_is_obeyed_before_the_utterance_has_ended(scene, person):
    here = scene()
    end = here.room.say(samples(0.5), person.clip("stop").samples)
    [heard] = here.run(seconds(end) + 1.5)
    assert not heard.final


@pytest.mark.parametrize("words", ["ow my knee", "ow my back", "ow my left knee", "my hip"])
def test_what_hurts_is_heard_with_its_cry_or_without(scene, person, words):
    here = scene()
    end = here.room.say(samples(0.5), person.clip(words).samples)
    assert here.intents(seconds(end) + 1.5) == ["pain"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [("i don't know", "answer"), ("i think so", "answer"), ("i do", "answer"), ("yes i'm okay", "okay")],
)
def test_an_answer_is_heard_as_it_is_said(scene, parts, pack, person, words, intent):
    """ "I don't know" without its last word would be a "no"."""
    here = scene()

    def recogniser() -> Recogniser:
        return Recogniser(pack.folder / "model", grammar(pack), reports(pack))

    here.ear = Ear(recogniser, echo.Bypass(), parts.interpreter, nothing_audible, asks=lambda: True)
    end = here.room.say(samples(0.5), person.clip(words).samples)
    assert [(heard.intent, heard.words) for heard in here.run(seconds(end) + 1.5)] == [(intent, words)]


@pytest.mark.parametrize("words", ["the paint is dry", "turn the music off", "one more", "what time is it"])
def test_other_words_are_no_command(scene, person, words):
    here = scene()
    end = here.room.say(samples(0.5), person.clip(words).samples)
    assert here.run(seconds(end) + 1.5) == []


def heard_after_talk(scene, person, gain_db: float, words: str) -> list[str]:
    """What is understood of a command while a voice in the background never pauses."""
    here = scene()
    for n, text in enumerate(["how was your weekend", "we went to the park with the dog", "it was rather cold"] * 2):
        here.room.say(samples(0.5 + 1.2 * n), person.clip(text).samples, gain_db)
    here.room.say(samples(3.0), person.clip(words).samples)
    return here.intents(9)


@pytest.mark.parametrize(
    ("words", "gain_db"),
    [("stop", -18.0), ("pain", -18.0), ("pause", -18.0), ("skip rest", -18.0), ("stop", -12.0), ("pain", -12.0)],
)
def test_a_command_is_heard_though_somebody_talks_in_the_background(scene, person, words, gain_db):
    assert heard_after_talk(scene, person, gain_db, words) == [words.replace(" ", "_")]


def test_pain_is_heard_that_is_said_more_quietly_after_a_cry_over_talk(scene, person):
    here = scene()
    for n in range(4):
        here.room.say(samples(0.5 + 1.2 * n), person.clip("we went to the park with the dog").samples, -18.0)
    end = here.room.say(samples(3.0), person.clip("good grief").samples)
    here.room.say(end + samples(0.3), person.clip("pain").samples, -8.0)
    assert "pain" in here.intents(7)


def test_a_command_in_the_middle_of_talk_as_loud_as_itself_is_none(scene, person):
    assert heard_after_talk(scene, person, 0.0, "skip rest") == []


def test_a_quiet_room_is_neither_a_command_nor_deafness(scene):
    assert scene().run(5) == []


@pytest.mark.parametrize(("words", "intents"), [("stop", ["stop"]), ("the paint is dry", [])])
def test_a_recording_is_heard_to_its_end(scene, person, words, intents):
    assert [event.intent for event in hear_file(scene().ear, person.clip(words).samples)] == intents


def test_what_was_being_said_at_the_end_of_a_file_counts(scene, person):
    here = scene()
    sound = person.clip("ten kilos").samples
    sound = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
    events = [event for n, part in enumerate(sound) for event in here.ear.hear(Block(n * BLOCK, part, 0 * part))]
    assert events == []
    [heard] = here.ear.finish(sound.size)
    assert (heard.value, heard.at, heard.final) == (10, sound.size, True)


def test_an_empty_recording_is_nothing(scene):
    assert list(hear_file(scene().ear, np.zeros(0, dtype=np.float32))) == []


# ---- the coach's own voice

OWN_LINES = ["pain_stop", "stopped", "help_always"]
"""Lines in which the bare recogniser hears commands."""


def own(pack, studio, line: str):
    return studio.clip(pack.text(line, pack.exercises["single-leg-hip-thrust"].facts()))


@pytest.mark.parametrize("line", [*OWN_LINES, "ask_injury", "ask_pain"])
def test_the_coach_does_not_command_itself(scene, pack, studio, line):
    here = scene(echo_db=0.0)
    end = here.mouth.say(own(pack, studio, line), at=samples(0.5)).end
    assert here.run(seconds(end) + 1.5) == []
    assert here.ducks == []


@pytest.mark.parametrize("line", OWN_LINES)
def test_but_it_would_without_cancellation_and_without_knowing_what_it_says(scene, pack, studio, line):
    here = scene(canceller=echo.Bypass(), audible=nothing_audible, echo_db=0.0)
    end = here.mouth.say(own(pack, studio, line), at=samples(0.5)).end
    assert here.intents(seconds(end) + 1.5) != []


def test_a_stop_after_the_coachs_own_stop_is_obeyed(scene, pack, studio, person):
    here = scene(echo_db=0.0)
    end = here.mouth.say(own(pack, studio, "pain_stop"), at=samples(0.5)).end
    end = here.room.say(end + samples(1.0), person.clip("stop").samples)
    assert here.intents(seconds(end) + 1.5) == ["stop"]


@pytest.mark.parametrize("after_ms", [0, 150, 300])
@pytest.mark.parametrize("echo_db", [0.0, 5.0, 10.0])
def test_a_stop_over_the_coachs_own_stop_is_obeyed(scene, pack, studio, person, echo_db, after_ms):
    """The same clips as in the test that the coach does not command itself."""
    here = scene(echo_db=echo_db)
    end = here.mouth.say(own(pack, studio, "help_always"), at=samples(0.5)).end  # the canceller learns the room
    ours = here.mouth.say(own(pack, studio, "pain_stop"), at=end + samples(0.3))
    end = here.room.say(ours.start + samples(after_ms / 1000), person.clip("stop").samples)
    assert here.intents(seconds(end) + 2.5) == ["stop"]


@pytest.mark.parametrize(("line", "words"), [("pain_stop", "stop"), ("pain_passed", "yes"), ("ask_ready", "ready")])
def test_an_answer_counts_however_loud_the_question_was(scene, pack, studio, person, line, words):
    here = scene(echo_db=18.0)
    end = here.mouth.say(own(pack, studio, line), at=samples(0.5)).end
    end = here.room.say(end + samples(0.4), person.clip(words).samples)
    assert here.intents(seconds(end) + 1.5) == [words]


def test_a_command_over_the_coachs_voice_is_obeyed(scene, pack, studio, person):
    here = scene(echo_db=-12.0)
    here.mouth.say(own(pack, studio, "help_always"), at=samples(0.5))
    here.room.say(samples(2.0), person.clip("louder").samples)
    assert here.intents(5) == ["louder"]


@pytest.mark.parametrize(("ours", "intents"), [(["Stop. Put the weight down."], []), (["Put it down."], ["stop"])])
def test_where_the_device_cancels_a_command_that_we_are_saying_is_ours(scene, person, ours, intents):
    here = scene(canceller=echo.Bypass(), audible=lambda since, until: ours)
    here.room.say(samples(0.5), person.clip("stop").samples)
    assert here.intents(2.5) == intents


class Writes:
    """A recogniser that has already heard everything: one result a block."""

    def __init__(self, *results: str) -> None:
        self._results = iter(results)

    def accept(self, _sound: np.ndarray, _wants_times: Callable[[str], bool]) -> Result:
        return Result(next(self._results), False)


def test_a_stop_counts_in_the_same_breath_as_our_own(parts):
    ours = 5 * BLOCK  # so long our own "stop" is audible
    hears = Ear(
        lambda: Writes(*["stop"] * 30, *["stop stop"] * 5),
        echo.Bypass(),
        parts.interpreter,
        lambda since, until: ["Stop."] if since < ours else [],
    )
    sound = np.random.default_rng(1).normal(0, 1e-2, BLOCK).astype(np.float32)
    events = [event for n in range(35) for event in hears.hear(Block(n * BLOCK, sound, sound))]
    assert [event.intent for event in events] == ["stop"]


def test_where_the_device_cancels_a_quick_answer_to_our_question_is_heard(parts):
    """Our questions end in their answers: "Yes or no?"."""
    ends = 10 * BLOCK  # our question
    says = [""] * 18 + ["yes"] * 5
    hears = Ear(
        lambda: Writes(*says),
        echo.Bypass(),
        parts.interpreter,
        lambda since, until: ["Yes or no?"] if since < ends else [],
    )
    sound = np.random.default_rng(1).normal(0, 1e-2, BLOCK).astype(np.float32)
    events = [event for n in range(len(says)) for event in hears.hear(Block(n * BLOCK, sound, sound))]
    assert [event.intent for event in events] == ["yes"]


class Says(echo.Bypass):
    """A canceller that takes little away, and tells in which blocks somebody else is."""

    measures = True

    def __init__(self, others: Iterable[bool]) -> None:
        self._others = iter(others)

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        self.somebody = next(self._others)
        return near


ALARM = ["Attention in the house! Somebody needs you at the bench."]


@pytest.mark.parametrize(
    ("loud", "others", "says", "intents"),
    [(1, 1, ALARM, []), (2, 1, ALARM, ["stop"]), (1, 2, ALARM, ["stop"]), (1, 1, [], ["stop"])],
)
def test_what_is_made_of_the_rest_of_our_own_voice_is_no_command(parts, loud, others, says, intents):
    """The beginning of "somebody", of which the canceller left a tenth of a second, was once a "stop"."""
    hears = Ear(
        lambda: Writes(*[""] * 8, "stop", "stop", "stop"),
        Says([*[False] * 5, *[True] * others, *[False] * 5]),
        parts.interpreter,
        lambda since, until: says,
    )
    sound = np.random.default_rng(1).normal(0, 1e-2, BLOCK).astype(np.float32)
    levels = [0.2] * 5 + [1.0] * loud + [0.2] * 5
    blocks = [Block(n * BLOCK, sound * levels[n], sound) for n in range(11)]
    assert [event.intent for block in blocks for event in hears.hear(block)] == intents


@pytest.mark.parametrize("after_ms", range(0, 100, 20))
def test_a_stop_over_a_call_for_help_is_obeyed_wherever_it_falls_on_blocks(scene, pack, studio, person, after_ms):
    here = scene(echo_db=5.0)
    here.mouth.say(studio.clip(pack.text("ladder_call", {"digits": "one one two"})), at=samples(0.5))
    here.room.say(samples(4.0 + after_ms / 1000), person.clip("stop").samples)
    assert here.intents(7) == ["stop"]


def test_a_word_in_the_very_first_block_stops_nobody(parts):
    hears = Ear(lambda: Writes("stop", "stop"), Says([True, True]), parts.interpreter, lambda since, until: ALARM)
    sound = np.random.default_rng(1).normal(0, 1e-2, BLOCK).astype(np.float32)
    assert [e.intent for n in range(2) for e in hears.hear(Block(n * BLOCK, sound, sound))] == ["stop"]


def test_a_command_is_thought_likelier_than_a_rare_report(pack):
    listened = Counter(grammar(pack))
    assert {listened[phrase] for command in pack.commands.values() for phrase in command.phrases} == {COMMAND_WEIGHT}
    assert {listened[phrase] for phrase in ("my neck is bent", "the paint is dry")} == {1}


# ---- ducking


def test_the_coach_is_lowered_while_somebody_speaks_over_it_for_two_seconds(scene, pack, studio, person):
    here = scene(echo_db=-12.0)
    here.mouth.say(own(pack, studio, "help_always"), at=samples(0.5))
    here.room.say(samples(2.0), person.clip("how was your weekend").samples)
    lowered = []
    here.run(6, lambda block: lowered.append(here.mouth.ducked))
    [(down, first), (up, second)] = here.ducks
    assert (first, second) == (True, False)
    assert 2.0 < down <= 2.6
    assert up - down == pytest.approx(2.0, abs=0.05)
    assert lowered.count(True) == 20


def test_whoever_talks_on_does_not_keep_the_coach_down(scene, pack, studio, person):
    here = scene(echo_db=-12.0)
    for line in range(3):
        here.mouth.say(own(pack, studio, "help_always"), at=samples(0.5 + 6 * line))
    talk = person.clip("how was your weekend").samples
    for at in range(2, 16):
        here.room.say(samples(at), talk)
    lowered = []
    here.run(18, lambda block: lowered.append(here.mouth.ducked))
    assert len(here.ducks) >= 4
    ups = [at for at, ducked in here.ducks if not ducked]
    downs = [at for at, ducked in here.ducks if ducked]
    assert all(down - up >= 5.0 for up, down in zip(ups, downs[1:], strict=False))


def test_a_command_ends_the_duck_at_once(scene, pack, studio, person):
    here = scene(echo_db=-12.0)
    here.mouth.say(own(pack, studio, "help_always"), at=samples(0.5))
    here.room.say(samples(2.0), person.clip("pause").samples)
    [heard] = here.run(6)
    assert [ducked for _, ducked in here.ducks] == [True, False]
    assert here.ducks[1][0] == seconds(heard.at)
    assert here.ducks[1][0] - here.ducks[0][0] < 1.9


def test_nothing_is_lowered_while_the_coach_is_silent(scene, person):
    here = scene()
    here.room.say(samples(0.5), person.clip("how was your weekend").samples)
    here.run(3)
    assert here.ducks == []


# ---- deafness


def test_a_dead_microphone_is_told_once_and_its_return_too(scene):
    here = scene()

    def cable(block: Block) -> None:
        here.room.unplugged = samples(2.0) <= block.end < samples(6.0)

    events = here.run(9, cable)
    assert events == [Deaf(samples(3.5)), Hearing(samples(6.5))]


def test_a_moment_of_zeros_is_no_deafness(scene):
    here = scene()

    def cable(block: Block) -> None:
        here.room.unplugged = samples(2.0) <= block.end < samples(3.4)

    assert here.run(6, cable) == []


def test_a_person_is_heard_after_the_cable_was_out(scene, person):
    here = scene()
    here.room.unplugged = True
    assert here.run(3) == [Deaf(samples(1.5))]
    here.room.unplugged = False
    here.room.say(samples(1.0), person.clip("stop").samples)
    events = here.run(3)
    assert [type(event) for event in events] == [Hearing, Heard]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_makes_nobody_deaf(scene, studio, person, bad):
    here = scene()
    here.mouth.say(studio.clip("One."), at=samples(0.1))
    here.room.say(samples(2.0), person.clip("stop").samples)
    events = []
    for block in here.room.blocks(here.mouth.read):
        if BLOCK <= block.at < 3 * BLOCK:
            block.heard[100] = bad
        events += here.ear.hear(block)
        if block.end >= samples(4):
            break
    assert [event.intent for event in events] == ["stop"]


def test_a_microphone_that_gives_no_numbers_is_dead(scene):
    hears, sound = scene().ear, np.full(BLOCK, np.nan, np.float32)
    events = [event for n in range(30) for event in hears.hear(Block(n * BLOCK, sound, np.zeros_like(sound)))]
    assert events == [Deaf(samples(1.5))]


class CountsResets(echo.Bypass):
    """A canceller that remembers how often it was told to forget."""

    def __init__(self) -> None:
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1


def test_after_lost_samples_the_canceller_starts_anew(scene):
    canceller = CountsResets()
    here = scene(canceller=canceller)
    sound = np.random.default_rng(1).normal(0, 1e-4, BLOCK).astype(np.float32)
    for at, lost in [(0, 0), (BLOCK, 0), (RATE // 2, RATE // 2 - 2 * BLOCK), (RATE // 2 + BLOCK, 0)]:
        list(here.ear.hear(Block(at, sound, np.zeros_like(sound), lost)))
    assert canceller.resets == 1


class DiesOnce:
    """A real recogniser, of which the first one stops working after a second, as one does that runs out of memory."""

    def __init__(self, folder: Path, phrases: tuple[str, ...]) -> None:
        self._folder, self._phrases = folder, phrases
        self.made = 0

    def __call__(self) -> "DiesOnce | Recogniser":
        self.made += 1
        self.takes = 10
        return self if self.made == 1 else Recogniser(self._folder, self._phrases)

    def accept(self, _sound: np.ndarray, _wants_times: Callable[[str], bool]) -> Result:
        self.takes -= 1
        if self.takes < 0:
            raise RuntimeError("Failed to process waveform")
        return Result("", False)


def test_what_was_said_to_a_recogniser_that_died_does_not_answer_for_what_comes(parts):
    """A "stop" was obeyed in an utterance that never ended; the next "stop" is another one."""

    class Dies(Writes):
        def accept(self, sound: np.ndarray, wants_times: Callable[[str], bool]) -> Result:
            result = super().accept(sound, wants_times)
            if result.words == "dies":
                raise RuntimeError("Failed to process waveform")
            return result

    made = iter([Dies(*["stop"] * 5, "dies"), Dies(*["stop"] * 40)])
    hears = Ear(lambda: next(made), echo.Bypass(), parts.interpreter, lambda since, until: [])
    sound = np.random.default_rng(1).normal(0, 1e-2, BLOCK).astype(np.float32)
    events = [event for n in range(30) for event in hears.hear(Block(n * BLOCK, sound, sound))]
    assert [event.intent for event in events if isinstance(event, Heard)] == ["stop", "stop"]


@pytest.mark.parametrize("words", ["stop", "pause", "next set", "i can't breathe"])
def test_a_microphone_that_is_shut_between_words_is_no_worse(pack, person, words):
    """A speakerphone with a noise gate delivers zeros where nobody speaks."""
    recogniser = Recogniser(pack.folder / "model", grammar(pack), reports(pack))
    shut = np.zeros(RATE, np.float32)
    sound = np.concatenate([shut, 0.3 * person.clip(words).samples, shut, np.zeros(RATE, np.float32)])
    results = [recogniser.accept(sound[at : at + BLOCK]) for at in range(0, len(sound), BLOCK)]
    said = [result.words for result in (*results, recogniser.finish()) if result.final and result.words]
    assert said == [words]


def test_a_recogniser_that_dies_is_told_and_replaced(scene, parts, pack, person):
    maker = DiesOnce(pack.folder / "model", grammar(pack))
    here = scene()
    here.ear = Ear(maker, echo.Bypass(), parts.interpreter, here.mouth.audible)
    here.room.say(samples(3.5), person.clip("stop").samples)
    events = here.run(6)
    assert events[:2] == [Deaf(samples(1.1)), Hearing(samples(2.5))]
    assert [event.intent for event in events[2:]] == ["stop"]
    assert maker.made == 2
