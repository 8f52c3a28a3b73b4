"""From recognised words to commands: what they mean, and when to trust them. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.pack import Pack
from assistant.session.intents import BREAKS_IN, URGENT
from assistant.triage import is_live
from assistant.words import UNKNOWN

LOOKS, PAIN_LOOKS = 2, 3
"""Blocks in a row whose partial results must agree before one counts. Pain is said in many more ways, so that more of
what others say is like one of them for a moment: "the paint" is "pain" for two."""

LEADS_ON = frozenset(
    {"yes", "no", "okay", "ready", "start", "next", "next_set", "done", "resume", "skip", "skip_rest", "switch_sides"}
)
"""What answers a question or goes on. An utterance does so once: the rest of it was said before anybody heard what
the first word led to, and must not answer that."""

LONGEST_ANSWER = 30
"""Words; behind more of them nobody looks for a command."""

INSTEAD = frozenset(
    {"pause", "resume", "back", "repeat", "number", "no_weight", "change_load", "switch_sides"}
    | {"slower", "faster", "louder", "quieter"}
)
"""What may be wanted instead, behind a "no". Of other commands a "no" is the negation, or what is heard of "not": "no
more rest", "no ready"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A command in words."""

    intent: str
    words: str
    value: float | None = None
    """For the intent "number"."""
    phrase: str = ""
    """The words without fillers and repetition: the phrase of the pack that they are."""


class Interpreter:
    """Knows all phrases of a pack."""

    def __init__(self, pack: Pack) -> None:
        self._numbers = pack.numbers
        self._reader = pack.reader
        self._fillers = frozenset(pack.fillers)
        # Interjections are none of the grammar's words: an "oh" in it would take the place of many an "ow". An "oh
        # yes" agrees with anybody in the room, and may start nothing.
        self._interjections = self._fillers | frozenset(pack.red_flags.not_now.interjections)
        self._homophones = pack.homophones
        self._trust = {intent: command.trust for intent, command in pack.commands.items()}
        self._intents = {p: intent for intent, command in pack.commands.items() for p in command.phrases}
        self._mistakes = sorted(pack.mistake_phrases(), key=len, reverse=True)
        self._intents |= dict.fromkeys(self._mistakes, "mistake")
        self._joins = frozenset(pack.red_flags.not_now.but)
        self._places = self._reader.expected_places
        self._urgent = [
            (
                intent,
                sorted(pack.commands[intent].phrases, key=len, reverse=True),
                pack.commands[intent].unless,
            )
            for intent in URGENT
            if intent != "pain"
        ]
        self._longer: dict[str, set[str]] = {}
        for phrase, intent in self._intents.items():
            words = phrase.split()
            for n in range(1, len(words)):
                self._longer.setdefault(" ".join(words[:n]), set()).add(intent)

    def meaning(self, words: str) -> Meaning | None:
        """The command in these words, or None. Urgent phrases count anywhere, all others only alone."""
        if is_live(words, self._reader):
            return Meaning("pain", words)
        for intent, phrases, unless in self._urgent:
            rest = f" {words} "
            for excuse in unless:
                while f" {excuse} " in rest:
                    rest = rest.replace(f" {excuse} ", " | ")
            for phrase in phrases:
                if f" {phrase} " in rest:
                    return Meaning(intent, words)
        tokens = words.split()
        if not tokens or UNKNOWN in tokens:
            return None
        bare = self._without_fillers(tokens)
        for plain in (words, " ".join(_said_once(bare)), self._homophones.get(words, "")):
            if plain in self._intents:
                return Meaning(self._intents[plain], words, phrase=plain)
        value = self._numbers.parse(" ".join(bare))
        if value is not None:
            return Meaning("number", words, value, " ".join(bare))
        # Said while lifting, in the middle of other words; a cue too many costs nothing.
        named = next((phrase for phrase in self._mistakes if f" {phrase} " in f" {words} "), None)
        return Meaning("mistake", words, phrase=named) if named else None

    def intent(self, words: str) -> str | None:
        """What these words command, if anything."""
        meaning = self.meaning(words)
        return meaning.intent if meaning else None

    def meaning_at_end(self, words: str, *, asks: bool = False) -> Meaning | None:
        """The command in a whole utterance. Where it means nothing as it stands, it is what follows a plain answer:
        "no, keep going". `asks`: a question is open to which a "no" is the answer, whatever follows it. A part of the
        body behind what is urgent is a report: "stop, my back", "I can't do it, my knee"."""
        meaning = self.meaning(words) or self._behind_an_answer(words, asks=asks)
        return Meaning("pain", words) if meaning and self._is_of_a_place(meaning) else meaning

    def answer(self, words: str, *, alone: bool = True) -> Meaning | None:
        """Words that can answer an open question though they command nothing: "in my left knee", "I think so".
        `alone`: they are a whole utterance. Then all that was understood in full is an answer, maybe an unclear one,
        for who speaks is not silent; and half understood a "yes" is one."""
        reading = self._reader.read(words)
        known = reading.families or reading.denied or reading.past or reading.numbers or reading.retracts
        tokens = words.split()
        in_full = bool(tokens) and UNKNOWN not in tokens
        begins_with_yes = any(self._intents.get(" ".join(tokens[:n])) == "yes" for n in range(1, len(tokens)))
        return Meaning("answer", words) if known or (alone and (in_full or begins_with_yes)) else None

    def named_place(self, words: str) -> Meaning | None:
        """A part of the body and nothing else: whoever says "my left knee" while training means that it hurts. It is
        also what is left of "ow my knee" where the recogniser loses the "ow"."""
        tokens = [token for token in words.split() if token not in self._interjections]
        begins = {0} if len(tokens) <= LONGEST_ANSWER else set()
        for at in range(len(tokens)):
            if at in begins and " ".join(_said_once(tokens[at:])) in self._places:
                return Meaning("pain", words)
            if at in begins:  # "wait, my knee", "oh no, no, my knee"
                ends = range(at + 1, len(tokens))
                begins |= {end for end in ends if self._intents.get(" ".join(tokens[at:end])) in {"pause", "no"}}
        return None

    def _is_of_a_place(self, meaning: Meaning) -> bool:
        """Whether behind an urgent word nothing but a part of the body is named."""
        said = f" {meaning.words} "
        phrases = next((phrases for intent, phrases, _ in self._urgent if intent == meaning.intent), [])
        behind = (said.rpartition(f" {phrase} ")[2].strip() for phrase in phrases if f" {phrase} " in said)
        rest = min(behind, key=len, default="")
        if meaning.intent == "stop":
            return self._reader.is_place(rest)
        # "Too heavy on my hips" is said of a weight, "help with my feet" of how to lie: neither names a place alone.
        tokens = rest.split()
        joins = next((n for n, token in enumerate(tokens) if token not in self._joins), len(tokens))
        return any(self.named_place(" ".join(tokens[n:])) for n in range(joins + 1))

    def trust(self, meaning: Meaning) -> str:
        """ "urgent", "partial" or "final": what it takes to obey."""
        return self._trust.get(meaning.intent, "final")

    def may_become(self, meaning: Meaning) -> bool:
        """Whether more words could still make another command of it: "next" of "next set"."""
        return bool(self._longer.get(meaning.phrase, set()) - {meaning.intent})

    def spell(self, number: float) -> str:
        """A number in the words that would be heard. Raises ValueError outside 0 to 9999."""
        return self._numbers.spell(number)

    def _behind_an_answer(self, words: str, *, asks: bool) -> Meaning | None:
        tokens = self._without_fillers(words.split())
        if len(tokens) > LONGEST_ANSWER:
            return None
        for n in range(len(tokens) - 1, 0, -1):
            first = self._intents.get(" ".join(tokens[:n]))
            if first not in {"yes", "no", "okay"}:
                continue
            rest = self.meaning_at_end(" ".join(tokens[n:]), asks=asks)
            if rest is None:
                continue
            match first, rest.intent:
                case _, intent if intent in URGENT:
                    return None  # it is urgent without the "no" before it, so that is a denial: "no sharp pain"
                case "no", "no" | "okay":
                    return Meaning("no", words)
                case "no", intent if asks or intent not in INSTEAD:
                    return None
                case "yes", "no":
                    return None
            return replace(rest, words=words)
        return None

    def _without_fillers(self, tokens: list[str]) -> list[str]:
        start, end = 0, len(tokens)
        while start < end and tokens[start] in self._interjections:
            start += 1
        begun = (self._intents.get(" ".join(tokens[start:n])) for n in range(start + 1, end + 1))
        if not {"no", "pause"} & set(begun):
            start = next((n for n, token in enumerate(tokens) if token not in self._fillers), end)
        while end > start and tokens[end - 1] in self._fillers:
            end -= 1
        return tokens[start:end]


@dataclass(frozen=True, slots=True)
class Understood:
    """A command that may be obeyed."""

    meaning: Meaning
    final: bool


def _said_once(tokens: list[str]) -> list[str]:
    """ "next next" is "next", said twice because nothing happened at once."""
    for size in range(1, len(tokens) // 2 + 1):
        if tokens == tokens[:size] * (len(tokens) // size):
            return tokens[:size]
    return tokens


class Trust:
    """Watches one recogniser's results and says when a command may be obeyed, once for each time it is said."""

    def __init__(
        self,
        interpreter: Interpreter,
        is_ours: Callable[[Meaning], bool] = lambda meaning: False,
        asks: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_ours` tells whether it was the coach who said these words just now; `asks` whether a question is
        open to which any words may be the answer."""
        self._interpreter = interpreter
        self._is_ours = is_ours
        self._asks = asks
        self._candidate: Meaning | None = None
        self._looks = 0
        self._done = ""
        """The words of this utterance that are dealt with: obeyed, or our own."""
        self._done_intent = ""
        self._was_ours = False
        self._led_on = False
        """Whether this utterance has answered, or gone on."""

    def look(self, words: str, *, final: bool) -> Iterator[Understood]:
        """Takes one result: the words of the utterance so far, or of the whole utterance."""
        new = self._new_part(words, final)
        meaning = self._meaning(new, final) if new else None
        if meaning and not self._was_ours and new != words and meaning.intent == self._done_intent:
            meaning = None  # "yes yes" is one yes
        if meaning and self._led_on and meaning.intent in LEADS_ON:
            meaning = None  # and so is "yes, I'm okay"
        if meaning and self._may_obey(meaning, final):
            is_ours = self._is_ours(meaning)
            # Not before the end of an answer: "yes" may become "yes, I think so", which is none.
            if is_ours or final or meaning.intent in BREAKS_IN or not self._asks():
                self._done, self._done_intent, self._was_ours = words, meaning.intent, is_ours
                self._candidate = None
                if not is_ours:
                    self._led_on = self._led_on or meaning.intent in LEADS_ON
                    yield Understood(meaning, final)
        elif not meaning:
            self._candidate = None
        if final and self._asks():
            yield from self._rest_of_an_answer(words, new)
        elif final and not meaning:
            yield from self._place_alone(words)
        if final:
            self.forget()

    def _meaning(self, words: str, final: bool) -> Meaning | None:
        if final:
            return self._interpreter.meaning_at_end(words, asks=self._asks())
        return self._interpreter.meaning(words)

    def forget(self) -> None:
        """The utterance is over, or will never end: the next result is of another one."""
        self._candidate, self._looks = None, 0
        self._done, self._done_intent, self._was_ours, self._led_on = "", "", False, False

    def _rest_of_an_answer(self, words: str, new: str) -> Iterator[Understood]:
        """What an utterance says beyond the command in it: "ow", and then "my left knee, it's sharp"."""
        if self._done == words or (self._was_ours and not new):
            return
        if self._led_on and self._done_intent not in URGENT:
            return  # it was said before the question was asked
        # A report that was obeyed at its first word is told again in full: its place and kind came later.
        in_full = self._done_intent == "pain" and not self._was_ours
        meaning = self._interpreter.answer(words if in_full else new, alone=not self._done or self._was_ours)
        if meaning and not self._is_ours(meaning):
            yield Understood(meaning, True)

    def _place_alone(self, words: str) -> Iterator[Understood]:
        """At the end of an utterance only: "my back" may still become "my back arches"."""
        meaning = self._interpreter.named_place(words)
        if meaning and not self._is_ours(meaning):
            yield Understood(meaning, True)

    def _new_part(self, words: str, final: bool) -> str:
        """What was said since the words of this utterance that are dealt with."""
        if not self._done:
            return words
        goes_on = f"{words} ".startswith(f"{self._done} ")
        rest = words[len(self._done) + 1 :] if goes_on else ""
        if self._was_ours:
            return rest if goes_on else words  # other words now: they may be somebody else's
        # The whole may say more than its part did ("help", then "help me"; "stop", then "stop, my back"), or the
        # recogniser changed its mind. Of words that were obeyed once, only something more urgent counts.
        meaning = self._meaning(words, final)
        if meaning and _rank(meaning.intent) < _rank(self._done_intent):
            return words
        return "" if self._done_intent in URGENT else rest

    def _may_obey(self, meaning: Meaning, final: bool) -> bool:
        if self._candidate and meaning.intent == self._candidate.intent and meaning.value == self._candidate.value:
            self._looks += 1
        else:
            self._looks = 1
        self._candidate = meaning
        if final:
            return True
        trust = self._interpreter.trust(meaning)
        if trust == "final" or (trust == "partial" and self._interpreter.may_become(meaning)):
            return False
        return self._looks >= (PAIN_LOOKS if meaning.intent == "pain" else LOOKS)


def _rank(intent: str) -> int:
    return URGENT.index(intent) if intent in URGENT else len(URGENT)
