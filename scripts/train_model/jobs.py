"""What is rendered: which voice says which text how fast, most wanted first, the same list on every run."""

import hashlib
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.pack import Pack

# The Kokoro voices are split for good: nothing in training, tuning or choosing ever hears a test voice.
KOKORO_ENGLISH = ("af_alloy", "af_bella", "af_nicole", "af_sarah", "af_sky", "am_adam", "am_fenrir", "am_onyx",
                  "am_santa", "bf_emma", "bf_isabella", "bm_fable", "bm_lewis")  # fmt: skip
KOKORO_FOREIGN = ("ef_dora", "em_alex", "em_santa", "ff_siwis", "hf_alpha", "hf_beta", "hm_omega", "hm_psi",
                  "if_sara", "im_nicola", "jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo",
                  "pf_dora", "pm_alex", "pm_santa", "zf_xiaobei", "zf_xiaoni", "zf_xiaoxiao", "zf_xiaoyi",
                  "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang")  # fmt: skip
"""Voices of other languages. They read English sounds all the same, each in its way: more people for the training."""
KOKORO_TRAIN = (*KOKORO_ENGLISH, *KOKORO_FOREIGN)
KOKORO_DEV = ("af_kore", "am_liam")
KOKORO_TEST = ("af_heart", "af_nova", "af_aoede", "af_river", "af_jessica", "am_michael", "am_puck", "am_eric",
               "am_echo", "bf_lily", "bf_alice", "bm_george", "bm_daniel")  # fmt: skip

ESPEAK = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-029", "en-us-nyc")
ESPEAK_VARIANTS = ("", "", "", "+f1", "+f2", "+f3", "+f3", "+f4", "+f5", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6",
                   "+m7", "+m8", "+croak", "+klatt2", "+klatt3", "+klatt4", "+steph", "+linda", "+belinda", "+Andy",
                   "+michael", "+travis", "+Mr serious")  # fmt: skip
FLITE = ("slt", "rms", "awb", "kal16")

COMMANDS = (
    "stop", "pause", "resume", "continue", "next set", "repeat", "pain", "i feel pain", "my knee hurts",
    "my back hurts", "slower", "faster", "skip", "yes", "no", "left", "right", "help", "start workout",
    "how many left", "done", "ready", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
"""The commands that the model is judged by."""

PIPER = "joe"
SHORT = ("ouch", "ow", "out", "oh", "start", "stop", "why", "help", "next", "neck", "my neck", "quieter", "okay",
         "i'm okay", "back", "louder", "wait", "quit", "yes", "no", "it's sharp", "it's on top of me",
         "get it off me", "start workout", "finish")  # fmt: skip
"""What is over before the network has heard enough of it: cries, small commands, and what they are mistaken for."""
SHORT_ROUNDS = {"espeak": 40, "piper": 6, "flite": 4, "kokoro": 10}
URGENT = ("stop", "pain", "pause")
"""Commands that must be heard above all."""
URGENT_AGAIN = 12
"""How often these are said once more in each of Kokoro's rounds."""
KOKORO_ROUNDS = 8
PIPER_ROUNDS = 4
ESPEAK_ROUNDS = 14
FLITE_ROUNDS = 3
URGENT_ROUNDS = {"espeak": 10, "kokoro": 2, "piper": 3, "flite": 1}
"""For reports of pain and trouble that are in the pack and not in texts.toml."""


@dataclass(frozen=True, slots=True)
class Job:
    """One clip to render."""

    set: str
    """train, dev or test."""
    engine: str
    """kokoro, piper, espeak or flite."""
    voice: str
    """One voice, or two Kokoro voices and a share: "af_sky*0.60+am_adam"."""
    speed: float
    """Times the voice's normal speed."""
    pitch: int
    """eSpeak's, 0 to 99; of piper, how lively; 50 elsewhere."""
    text: str

    @property
    def id(self) -> str:
        """Names the clip, by everything that it depends on."""
        key = f"{self.voice}|{self.speed}|{self.pitch}|{self.text}".encode()
        voice = "".join(c if c.isalnum() else "_" for c in self.voice.lower())
        return f"{self.engine}_{voice}_{hashlib.sha1(key).hexdigest()[:10]}"


def texts() -> dict[str, list[str]]:
    """The lists of texts.toml."""
    with (Path(__file__).parent / "texts.toml").open("rb") as file:
        return tomllib.load(file)


def talk() -> list[str]:
    """Sentences of a list that is for tests alone."""
    return (Path(__file__).parents[1] / "benchmarks/talk.txt").read_text(encoding="utf-8").splitlines()


def phrases(pack: Pack) -> list[str]:
    """Everything that may be said to the coach: commands, pain, answers, numbers, decoys."""
    extra = texts()
    numbers = [*pack.numbers.words, *(pack.numbers.spell(n) for n in range(21, 100) if n % 10)]
    filled = [f"{filler} {p}" for filler, p in zip(pack.fillers * 8, COMMANDS, strict=False)]
    filled += [f"{p} {filler}" for filler, p in zip(pack.fillers * 8, reversed(COMMANDS), strict=False)]
    everything = (*COMMANDS, *pack.phrases(), *pack.decoys, *pack.fillers, *numbers, *extra["pain"],
                  *extra["answers"], *filled)  # fmt: skip
    return list(dict.fromkeys(everything))


def other_texts(pack: Pack, rng: random.Random) -> list[str]:
    """What is no command: single words in threes, sentences, and what the coach itself says."""
    extra = texts()
    words = extra["confusable"][:]
    rng.shuffle(words)
    threes = [". ".join(words[i : i + 3]) for i in range(0, len(words), 3)]
    return [*threes, *extra["sentences"], *extra["talk"]]


def coach_texts(pack: Pack) -> list[str]:
    """Lines of the coach, without slots."""
    return [line.text for line in pack.lines.values() if "{" not in line.text and len(line.text) < 160]


def kokoro_jobs(pack: Pack, begin: int = 0) -> Iterator[Job]:
    """Natural voices, most wanted first, so that a run may be cut short at any time.

    In every round other voices say the same; `begin` is the first one.
    """
    tested = list(dict.fromkeys((*COMMANDS, *texts()["answers"][:36])))
    urgent = [p for name in URGENT for p in pack.commands[name].phrases]
    for nth in range(KOKORO_ROUNDS):
        turn = (begin + nth) % KOKORO_ROUNDS
        rng = random.Random(100 + turn)
        again = [*COMMANDS, *COMMANDS[:22], *COMMANDS[:8], *URGENT * URGENT_AGAIN]
        for text in _shuffled([*phrases(pack), *again], rng):
            yield _job(rng, "kokoro", text)
        if nth == 0:
            for text in tested:
                for voice in KOKORO_DEV:
                    yield Job("dev", "kokoro", voice, 1.0, 50, text)
        if nth == 2:
            yield from _test_jobs(urgent)
            for text in SHORT * SHORT_ROUNDS["kokoro"]:
                yield _job(rng, "kokoro", text)
        for text in _shuffled(other_texts(pack, rng), rng):
            yield _job(rng, "kokoro", text)


def _test_jobs(urgent: list[str]) -> Iterator[Job]:
    """Every command by seven of the test voices, every urgent phrase of the pack by two; all voices take part. And
    fluent talk that holds no command, in sentences of no training."""
    for number, text in enumerate(dict.fromkeys((*COMMANDS, *urgent))):
        yield from _by_test_voices(number, text, 7 if text in COMMANDS else 2)
    for number, text in enumerate(talk()):
        yield from _by_test_voices(number, text, 7)


def _by_test_voices(number: int, text: str, voices: int) -> Iterator[Job]:
    for nth in range(voices):
        yield Job("test", "kokoro", KOKORO_TEST[(number * 3 + nth * 2) % 13], 1.0, 50, text)


def cheap_jobs(pack: Pack) -> Iterator[Job]:
    """Voices that take next to no time: eSpeak NG and flite."""
    rng = random.Random(4)
    said = phrases(pack)
    for turn in range(ESPEAK_ROUNDS):
        for text in (*said, *COMMANDS[:22]):
            yield _espeak(rng, text)
        if turn < 4:
            for text in (*other_texts(pack, rng), *coach_texts(pack)):
                yield _espeak(rng, text)
    for _ in range(FLITE_ROUNDS):
        for text in (*said, *other_texts(pack, rng)):
            yield Job("train", "flite", rng.choice(FLITE), round(rng.uniform(0.8, 1.3), 2), 50, text)
    for _ in range(PIPER_ROUNDS):
        for text in (*said, *COMMANDS[:22], *other_texts(pack, rng)):
            yield Job("train", "piper", PIPER, round(rng.uniform(0.8, 1.4), 2), rng.randint(30, 90), text)
    for text in COMMANDS:
        for voice in ("en-us+f3", "en-gb", "en-us", "en-us+m3"):
            yield Job("dev", "espeak", voice, 1.0, 50, text)
    for engine in ("espeak", "piper", "flite"):
        for text in SHORT * SHORT_ROUNDS[engine]:
            yield _job(rng, engine, text)


def urgent_jobs(pack: Pack) -> Iterator[Job]:
    """What is listened for after a report of pain, as far as `phrases` lacks it."""
    rng = random.Random(5)
    texts = sorted(set(pack.red_flags.grammar()) - set(phrases(pack)))
    for engine, rounds in URGENT_ROUNDS.items():
        for _ in range(rounds):
            for text in _shuffled(texts, rng):
                yield _job(rng, engine, text)


def _job(rng: random.Random, engine: str, text: str) -> Job:
    if engine == "espeak":
        return _espeak(rng, text)
    if engine == "kokoro":
        return Job("train", "kokoro", _kokoro_voice(rng), round(rng.uniform(0.75, 1.3), 2), 50, text)
    voice, pitch = (PIPER, rng.randint(30, 90)) if engine == "piper" else (rng.choice(FLITE), 50)
    return Job("train", engine, voice, round(rng.uniform(0.8, 1.4), 2), pitch, text)


def _espeak(rng: random.Random, text: str) -> Job:
    voice = rng.choice((*ESPEAK, "en-us", "en-us", "en-gb")) + rng.choice(ESPEAK_VARIANTS)
    return Job("train", "espeak", voice, round(rng.uniform(0.7, 1.3), 2), rng.randint(20, 80), text)


def _kokoro_voice(rng: random.Random) -> str:
    one, other = rng.sample(KOKORO_TRAIN, 2)
    # A share below 0 or above 1 goes on beyond a voice, away from the other: voices that nobody has.
    return one if rng.random() < 0.2 else f"{one}*{rng.uniform(-0.25, 1.25):.2f}+{other}"


def _shuffled(items: list[str], rng: random.Random) -> list[str]:
    return rng.sample(items, len(items))
