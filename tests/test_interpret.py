"""What words mean (the twin file heard.toml), and when they are trusted."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import pack as packs
from assistant.ear import grammar
from assistant.interpret import Interpreter, Trust
from assistant.session.intents import INTENTS, URGENT
from assistant.tables import Table, read
from assistant.words import UNKNOWN


class Said(Table, frozen=True):
    """An entry of heard.toml."""

    says: str
    intent: str
    value: float | None = None


class Twin(Table, frozen=True):
    """heard.toml."""

    heard: tuple[Said, ...]


FOLDER = Path(__file__).parents[1] / "voices" / "en"
TWIN = read(FOLDER / "heard.toml", Twin).heard
PACK = packs.load(FOLDER)
VOCABULARY = sorted({word for phrase in grammar(PACK) for word in phrase.split()} | {UNKNOWN})


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter(PACK)


# ---- what words mean


@pytest.mark.parametrize("said", TWIN, ids=lambda said: said.says)
def test_the_twin_file(interpreter, said):
    meaning = interpreter.meaning(said.says)
    assert (meaning.intent if meaning else "") == said.intent
    assert (meaning.value if meaning else None) == said.value


def test_the_twin_file_covers_every_command():
    ways = Counter(said.intent for said in TWIN)
    assert [intent for intent in sorted(INTENTS) if ways[intent] < 5] == []
    assert ways[""] >= 40
    assert set(ways) - INTENTS == {"number", ""}
    assert [says for says, times in Counter(said.says for said in TWIN).items() if times > 1] == []


def test_every_phrase_of_the_pack_means_its_command(interpreter):
    missed = [
        phrase
        for intent, command in PACK.commands.items()
        for phrase in command.phrases
        if getattr(interpreter.meaning(phrase), "intent", None) != intent
    ]
    assert missed == []


def test_no_decoy_means_a_command(interpreter):
    assert [decoy for decoy in PACK.decoys if interpreter.meaning(decoy)] == []


def test_an_excuse_holds_however_often_it_is_said(interpreter):
    assert interpreter.meaning("no pain and no pain") is None
    assert interpreter.meaning("no pain no pain").intent == "no"


@pytest.mark.parametrize("words", ["", UNKNOWN, f"{UNKNOWN} next", f"next {UNKNOWN}", f"ten {UNKNOWN}"])
def test_what_was_half_understood_means_nothing(interpreter, words):
    assert interpreter.meaning(words) is None


@pytest.mark.parametrize("words", [f"{UNKNOWN} stop", f"stop {UNKNOWN}", f"{UNKNOWN} stop {UNKNOWN}"])
def test_but_what_is_urgent_counts_all_the_same(interpreter, words):
    assert interpreter.meaning(words).intent == "stop"


@pytest.mark.parametrize(
    ("says", "intent", "asks"),
    [
        ("no keep going", "resume", False),
        ("no please resume now", "resume", False),
        ("no no keep going", "resume", False),
        ("no twelve kilos", "number", False),
        ("no wait", "pause", False),
        ("okay continue", "resume", False),
        ("yes next", "next", False),
        ("yes i'm okay", "okay", True),  # "yes" alone ends no emergency
        ("okay no", "no", True),
        # A denial stays one.
        ("no i'm okay", "no", True),
        ("no not yet", "no", True),
        ("no sharp pain", "", True),
        ("no pain in my knee", "", True),
        # What contradicts itself, or may be a negation, means nothing.
        ("no yes", "", False),
        ("yes no", "", False),
        ("no ready", "", False),
        ("no more rest", "", False),
        ("no end workout", "", False),
        ("no [unk] resume", "", False),
        # Where a "no" is the answer, nothing behind it goes on.
        ("no continue", "", True),
    ],
)
def test_a_whole_utterance_means_what_follows_a_plain_answer(interpreter, says, intent, asks):
    meaning = interpreter.meaning_at_end(says, asks=asks)
    assert (meaning.intent if meaning else "") == intent
    assert meaning is None or meaning.words == says


# ---- when words are trusted


def obeyed(interpreter: Interpreter, looks: str, *, asks: bool = False) -> str:
    """What is obeyed at which look. Looks are written "stop*2, stop.": two at an utterance that goes on, one at
    its end. `asks`: a question is open."""
    each = []
    for look in looks.split(", "):
        words, _, times = look.partition("*")
        each += [words] * int(times or 1)
    trust = Trust(interpreter, asks=lambda: asks)
    return ", ".join(
        f"{understood.meaning.intent} {number}"
        for number, words in enumerate(each, 1)
        for understood in trust.look(words.removesuffix("."), final=words.endswith("."))
    )


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        # The second look at the same words, or the end of the utterance.
        ("stop", ""),
        ("stop*2", "stop 2"),
        ("pause", ""),
        ("pause*2", "pause 2"),
        ("stop.", "stop 1"),
        ("pause.", "pause 1"),
        ("pause, pause.", "pause 2"),
        # The same command in more words is the same command.
        ("stop, stop it", "stop 2"),
        ("hold on, please hold on", "pause 2"),
        # Looks must follow each other.
        ("stop, , stop", ""),
        ("stop, top, stop", ""),
        ("stop, pain, stop", ""),
        ("pause, louder, pause, louder", ""),
        ("pause, louder*2", "louder 3"),
        # Not while it may become another command; but what is urgent does not wait for that.
        ("next*9", ""),
        ("next*9, next.", "next 10"),
        ("next*2, next set*2", "next_set 4"),
        ("skip*2, skip rest.", "skip_rest 3"),
        ("help*2", "help 2"),
        # Once, however long it stands there; and again in the next utterance.
        ("stop*9, stop.", "stop 2"),
        ("pause*7, pause.", "pause 2"),
        ("stop*2, stop stop*3, stop stop.", "stop 2"),
        ("stop*2, stop., stop*2, stop.", "stop 2, stop 5"),
        ("pause., pause.", "pause 1, pause 2"),
        # A look at the utterance before does not count for the next one.
        ("pause, top., pause", ""),
        ("next, next set., next set", "next_set 2"),
        ("stop., stop", "stop 1"),
        # More urgent words are obeyed after less urgent ones, never the other way round.
        ("help*2, help me*3, help me.", "help 2, pain 5"),
        ("help*2, stop*2", "help 2, stop 4"),
        ("louder*2, louder stop*2", "louder 2, stop 4"),
        ("stop*2, help*5, help.", "stop 2"),
        ("pain*2", ""),
        ("pain*3, stop*2, stop.", "pain 3"),
        ("stop*2, stop resume*5, stop resume.", "stop 2"),
        # Said twice in one breath it is meant once: "yes yes" must not answer the next question too.
        ("louder*2, louder louder*2, louder louder.", "louder 2"),
        ("yes*2, yes yes*2, yes yes.", "yes 2"),
        ("louder*2, louder slower.", "louder 2, slower 3"),
        # And the second answer of one breath would answer what the first one led to, which nobody has heard yet.
        ("yes*2, yes i'm okay*3, yes i'm okay.", "yes 2"),
        ("yes*3, yes continue*3, yes continue.", "yes 2"),
        ("okay*3, okay skip.", "okay 2"),
        ("okay*3, okay got it*3, okay got it.", "okay 2"),
        ("ready*2, ready switch sides*3", "ready 2"),
        ("yes*2, yes louder*2, yes louder okay.", "yes 2, louder 4"),
        ("okay*2, okay pause*2, okay pause.", "okay 2, pause 4"),
        ("okay*2, okay stop*2", "okay 2, stop 4"),
        ("yes*2, yes., okay*2", "yes 2, okay 5"),
        # A recogniser that changes its mind cannot undo what was obeyed, nor have it done twice.
        ("pause*2, louder*2, louder.", "pause 2"),
        ("louder*2, quieter.", "louder 2"),
        # Numbers and what ends the workout: only at the end of the utterance.
        ("ten*9", ""),
        ("ten*2, ten kilos.", "number 3"),
        ("finish*9", ""),
        ("finish*2, finish workout.", "finish 3"),
        # The same for no weight, which a number may sound like while it is being said.
        ("no*3, no weight*9, no weight.", "no_weight 13"),
        ("no*5, no weight*2, no*1, no twelve*2, no twelve kilos*5, no twelve kilos.", "number 16"),
        ("no*4, no rest*3, no resume*4, no resume.", "resume 12"),
        # Half understood.
        ("[unk] pause*9, [unk] pause.", ""),
        ("[unk] stop, stop [unk]", "stop 2"),
        ("that's enough*3, that's enough.", "too_much 2"),
        ("not*2, not too heavy*3, not too heavy.", ""),
        ("[unk]*3, [unk].", ""),
    ],
)
def test_when_words_are_obeyed(interpreter, looks, expected):
    assert obeyed(interpreter, looks) == expected


def test_a_filler_in_front_changes_nothing(interpreter):
    assert obeyed(interpreter, "please skip*4, please skip rest.") == "skip_rest 5"


def test_a_command_said_twice_because_nothing_happened_counts(interpreter):
    assert obeyed(interpreter, "next*3, next next*3, next next.") == "next 7"


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ("yes*9, yes.", "yes 10"),
        ("yes*3, yes i*4, yes i think*3, yes but only when i lift.", "answer 11"),
        ("continue*9, continue.", "resume 10"),
        # What is urgent does not wait.
        ("stop*2, stop.", "stop 2"),
        ("help*2, help me*3, help me.", "help 2, pain 5"),
        ("yes*3, yes it hurts*3, yes it hurts.", "pain 6"),
        # Too much is no command here, and what follows it belongs to the answer.
        ("that's enough*3, that's enough it's*2, that's enough it's a seven.", "too_much 6"),
    ],
)
def test_an_answer_counts_at_its_end(interpreter, looks, expected):
    assert obeyed(interpreter, looks, asks=True) == expected


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ("i do*5, i do.", "answer 6"),
        ("yes*2, yes i*4, yes i think*3, yes i think so.", "answer 10"),
        ("i don't think so.", "answer 1"),
        ("a little.", "answer 1"),
        ("this is hard.", "answer 1"),
        # What was not understood is nobody's answer, but for a "yes" that was.
        ("[unk].", ""),
        ("this is [unk].", ""),
        ("no*3, no [unk].", ""),
        ("[unk] yes [unk].", ""),
        ("yes*4, yes [unk].", "answer 5"),
        (".", ""),
        # More of what was obeyed already is an answer only if it tells something.
        ("ow*3, ow so.", "pain 3, answer 4"),
        ("stop*2, stop so.", "stop 2"),
    ],
)
def test_to_an_open_question_whatever_is_said_is_an_answer(interpreter, looks, expected):
    assert obeyed(interpreter, looks, asks=True) == expected


def test_our_own_words_answer_no_question(interpreter):
    assert list(Trust(interpreter, lambda meaning: True, lambda: True).look("i do", final=True)) == []


def test_what_was_said_before_a_question_answers_it_no_more_than_silence(interpreter):
    """ "Okay" leads to a question while more is being said."""
    heard: list[str] = []
    trust = Trust(interpreter, asks=lambda: bool(heard))
    for look in ["okay"] * 3 + ["okay no"] * 3 + ["okay no my left knee"]:
        for one in trust.look(look, final=look.endswith("knee")):
            heard.append(one.meaning.intent)
    assert heard == ["okay"]


def test_an_answer_behind_our_own_words_counts(interpreter):
    trust = Trust(interpreter, lambda meaning: meaning.words == "yes", lambda: True)
    looks = ["yes"] * 3 + ["yes no"] * 3
    found = [(one.meaning.intent, n) for n, look in enumerate(looks) for one in trust.look(look, final=n == 5)]
    assert found == [("no", 5)]


def heard_besides_ours(interpreter: Interpreter, ours: str, *looks: str) -> list[str]:
    """The intents obeyed when each of these looks is taken three times, and the coach itself says `ours`."""
    trust = Trust(interpreter, lambda meaning: meaning.words == ours)
    return [found.meaning.intent for look in looks for _ in range(3) for found in trust.look(look, final=False)]


def test_our_own_words_are_not_obeyed_but_what_follows_them_is(interpreter):
    assert heard_besides_ours(interpreter, "stop", "stop", "stop") == []
    assert heard_besides_ours(interpreter, "pain", "pain", "pain stop") == ["stop"]
    assert heard_besides_ours(interpreter, "ready", "ready", "ready pause") == ["pause"]


@pytest.mark.parametrize("ours", ["stop", "ready", "help"])
def test_our_own_words_that_become_other_words_are_obeyed(interpreter, ours):
    assert heard_besides_ours(interpreter, ours, ours, "it hurts") == ["pain"]


def test_a_number_carries_its_value_and_that_it_was_final(interpreter):
    [understood] = Trust(interpreter).look("forty two point five kilos", final=True)
    assert (understood.meaning.value, understood.final) == (42.5, True)


def test_a_partial_result_is_marked_as_one(interpreter):
    trust = Trust(interpreter)
    found = [understood for _ in range(5) for understood in trust.look("stop", final=False)]
    assert [understood.final for understood in found] == [False]


pieces = st.one_of(st.sampled_from(VOCABULARY), st.sampled_from(PACK.phrases()), st.sampled_from(sorted(URGENT)))
utterances = st.lists(st.lists(pieces, max_size=4).map(" ".join), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.lists(utterances, max_size=3))
def test_whatever_is_said_an_urgent_command_is_obeyed_once_an_utterance(interpreter, said):
    trust = Trust(interpreter)
    for looks in said:
        found = [
            understood.meaning.intent
            for n, words in enumerate(looks, 1)
            for again in range(4)
            for understood in trust.look(words, final=n == len(looks) and again == 3)
        ]
        urgent = [intent for intent in found if intent in URGENT]
        assert urgent == sorted(set(urgent), key=URGENT.index, reverse=True)


@settings(deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join))
def test_the_end_of_an_utterance_is_obeyed_exactly_when_it_means_something(interpreter, words):
    found = [understood.meaning for understood in Trust(interpreter).look(words, final=True)]
    meaning = interpreter.meaning_at_end(words)
    assert found == ([meaning] if meaning else [])


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ("my knee*9", ""),  # it may still become anything
        ("my knee.", "pain 1"),
        ("my right knee.", "pain 1"),
        ("my neck*9, my neck.", "pain 10"),
        ("my neck*2, my neck is bent.", "mistake 3"),
        ("my back*2, my back arches.", "mistake 3"),
        ("my knee is bent.", ""),
        ("[unk] my knee.", ""),
        ("knee.", ""),
        ("right.", ""),
        ("oh no my knee.", "pain 1"),
        ("no no wait my knee.", "pain 1"),
    ],
)
def test_a_part_of_the_body_alone_is_a_report(interpreter, looks, expected):
    assert obeyed(interpreter, looks) == expected


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        *(("oh yes", None), ("oh okay", None), ("oh oh yes", None), ("oh start", None)),
        *(("oh no", "no"), ("oh wait", "pause"), ("oh oh no", "no"), ("oh no my knee", "pain")),
    ],
)
def test_an_oh_is_left_out_before_a_no_and_a_pause_only(interpreter, words, intent):
    meaning = interpreter.meaning_at_end(words) or interpreter.named_place(words)
    assert (meaning.intent if meaning else None) == intent


@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ("stop*3, stop my back*3, stop my back.", "stop 2, pain 7"),
        ("stop*3, stop it's my chest*3, stop it's my chest.", "stop 2, pain 7"),
        ("stop*2, stop stop*3, stop stop my chest.", "stop 2, pain 6"),
        ("help*3, help my back*2, help my back.", "help 2, pain 6"),
        ("stop my chest.", "pain 1"),
        ("too heavy my back.", "pain 1"),
        ("i can't do it oh my knee.", "pain 1"),
        ("too heavy it's my back.", "pain 1"),
        ("help it's my chest.", "pain 1"),
        # Said of a weight, or asked.
        ("it's too heavy on my hips.", "too_much 1"),
        ("it's slipping off my left leg.", "too_much 1"),
        ("what can i say about my back.", "help 1"),
        ("help with my feet.", "help 1"),
        ("enough i want to rest my legs.", "too_much 1"),
        ("stop*3, stop the music*3, stop the music.", "stop 2"),
    ],
)
def test_a_part_of_the_body_behind_what_is_urgent_is_a_report(interpreter, looks, expected, asks):
    assert obeyed(interpreter, looks, asks=asks) == expected


@pytest.mark.parametrize("words", ["enough*3, enough my knee.", "i can't do it*3, i can't do it my back."])
def test_a_part_of_the_body_behind_too_much_is_a_report(interpreter, words):
    assert obeyed(interpreter, words) == "too_much 2, pain 4"


def test_a_long_row_of_waits_is_looked_through_once(interpreter):
    assert interpreter.named_place("wait " * 25 + "my knee").intent == "pain"


def test_an_endless_answer_is_looked_at_and_none(parts):
    assert parts.interpreter.meaning_at_end("yes no " * 1500) is None
    assert parts.interpreter.meaning_at_end("yes no " * 1500 + "stop").intent == "stop"
