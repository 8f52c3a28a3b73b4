"""The phones, how each becomes states of a Hidden Markov Model, and the numbers that Kaldi gives them.

Phones are context-independent. Each has two output classes of the network: its first 30 ms frame, and the rest.
In the graph a phone comes in four variants by its place in the word, as libvosk tells word boundaries by them.
"""

from dataclasses import dataclass

ARPABET = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K",
    "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
"""The phones of CMUdict, without stress."""

SILENCE_CLASS = 2 * len(ARPABET)
"""The output class of everything that is no speech of the person at the microphone."""

GARBAGE_CLASS = SILENCE_CLASS + 1
"""The output class of speech that is no command: what [unk] is made of."""

CLASSES = GARBAGE_CLASS + 1

SILENCE, GARBAGE = "SIL", "SPN"

PLACES = ("B", "E", "I", "S")
"""Begin, end, inside, single: a phone's place in its word."""

PLACE_NAMES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
"""libvosk's names of the places, in graph/phones/word_boundary.int."""


def first_class(phone: str) -> int:
    """The network's class of a phone's first frame; the class of its other frames is one more."""
    return 2 * ARPABET.index(phone)


@dataclass(frozen=True)
class HiddenPhone:
    """A phone of the graph."""

    name: str
    """With its place: "AA_B"; silence has none."""
    first: int
    """Output class of its first frame."""
    rest: int
    """Output class of its other frames."""
    boundary: str
    """libvosk's name of its place."""


def hidden_phones() -> tuple[HiddenPhone, ...]:
    """All phones of the graph, in the order of their numbers, which begin with 1."""
    placed = [
        HiddenPhone(f"{phone}_{place}", first_class(phone), first_class(phone) + 1, PLACE_NAMES[place])
        for phone in ARPABET
        for place in PLACES
    ]
    garbage = [
        HiddenPhone(f"{GARBAGE}_{place}", GARBAGE_CLASS, GARBAGE_CLASS, PLACE_NAMES[place]) for place in PLACES
    ]
    return (HiddenPhone(SILENCE, SILENCE_CLASS, SILENCE_CLASS, "nonword"), *placed, *garbage)


PHONE_NUMBERS = {phone.name: number for number, phone in enumerate(hidden_phones(), 1)}


def transition_id(phone: int, state: int) -> int:
    """Kaldi's number of the first arc that leaves a state; the second arc's is one more.

    State 0 is a phone's first frame: its arcs go on to state 1 and out of the phone. State 1 is the rest: its
    arcs stay and go out.
    """
    return 4 * (phone - 1) + 2 * state + 1


TRANSITION_IDS = 4 * len(PHONE_NUMBERS)


def placed(phones: tuple[str, ...]) -> tuple[int, ...]:
    """A pronunciation as numbers of phones in their places."""
    last = len(phones) - 1
    places = ["S"] if last == 0 else ["B", *"I" * (last - 1), "E"]
    return tuple(PHONE_NUMBERS[f"{phone}_{place}"] for phone, place in zip(phones, places, strict=True))
