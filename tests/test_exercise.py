"""The single-leg hip thrust holds every fact of its source, and no text of the pack promises or names too much."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.exercise import DaysAWeek, Exercise, Range

PACK = Path(__file__).parents[1] / "voices" / "en"


@pytest.fixture(scope="module")
def exercise(pack) -> Exercise:
    return pack.exercises["single-leg-hip-thrust"]


def holds(text: str, *facts: str) -> bool:
    """Whether a text holds all of these words."""
    return all(fact in text.lower() for fact in facts)


# ---- the facts of the source


def test_the_dose(exercise):
    dose = exercise.programming
    assert (dose.reps.low, dose.reps.high) == (8, 12)
    assert (dose.sets.low, dose.sets.high) == (3, 4)
    assert (dose.rest_seconds.low, dose.rest_seconds.high) == (60, 90)
    assert dose.days_a_week == DaysAWeek(beginner=(2, 2), experienced=(2, 3))
    assert dose.recovery_hours == (48, 72)
    assert dose.progress_percent_a_week == 10
    assert dose.warmup_minutes == Range(low=5, high=10, default=5)


def test_the_tempo_lowers_in_two_to_three_seconds(exercise):
    assert exercise.default_tempo().lower in (2, 3)


@pytest.mark.parametrize(
    "facts",
    [
        ("twice a week", "form"),
        ("two or three times a week", "volume", "load"),
        ("two-legged", "deadlifts", "lunges"),
        ("forty eight to seventy two hours",),
        ("at most ten percent", "week"),
    ],
)
def test_the_advice_on_the_dose(exercise, facts):
    assert any(holds(advice, *facts) for advice in exercise.programming.advice)


@pytest.mark.parametrize(
    ("topic", "facts"),
    [
        ("screen", ("no pain", "injury")),
        ("warmup", ("five to ten minutes", "cardio", "hips", "glutes")),
        ("equipment", ("sturdy", "bench or box", "light to moderate", "barbell", "dumbbell", "band")),
        ("space", ("free leg", "fully")),
    ],
)
def test_the_checklist(exercise, topic, facts):
    assert holds(exercise.check(topic).text, *facts)


@pytest.mark.parametrize(
    ("number", "name", "facts"),
    [
        (
            1,
            "Position",
            ("upper back against the bench", "knees bent", "feet flat", "if you like", "pad or a cushion"),
        ),
        (2, "Set your foot", ("one foot firmly", "ninety degrees", "other leg out straight", "toes up or forward")),
        (3, "Brace and align", ("belly", "navel toward the spine", "chin tucked", "spine neutral", "no big arch")),
        (4, "Lift", ("planted heel", "straight line", "squeeze the glutes at the top", "do not let it drop")),
        (5, "Lower", ("slowly", "under control", "hover just above the floor", "stay tight", "do not sink")),
        (6, "Reps and sets", ("eight to twelve reps a leg", "three to four sets", "sixty to ninety seconds of rest")),
    ],
)
def test_the_steps_in_their_order(exercise, number, name, facts):
    assert len(exercise.steps) == 6
    step = exercise.steps[number - 1]
    assert step.name == name
    assert holds(step.text, *facts)
    assert step.why


def test_the_cues_and_where_they_belong(exercise):
    assert [(cue.phase, cue.text) for cue in exercise.cues] == [
        ("lift", "Drive through the heel."),
        ("lift", "Keep hips level."),
        ("lower", "Chest proud, chin tucked."),
        ("lower", "Slow on the way down."),
    ]


@pytest.mark.parametrize(
    ("number", "mistake", "because", "fix"),
    [
        (1, ("arching", "lower spine"), ("too high", "front of the hip"), ("tuck the pelvis slightly", "abs")),
        (2, ("hip drops",), ("side of the glute", "trunk"), ("belt level", "less weight")),
        (3, ("down fast",), ("control",), ("slow down", "two to three seconds")),
        (4, ("toes",), ("heel",), ("press through the heel", "wedge")),
        (5, ("neck",), ("look up at the top",), ("gaze forward", "a few inches below eye level")),
    ],
)
def test_the_mistakes_and_what_helps(exercise, number, mistake, because, fix):
    assert len(exercise.mistakes) == 5
    found = exercise.mistakes[number - 1]
    assert holds(found.name, *mistake)
    assert holds(found.because, *because)
    assert holds(found.fix, *fix)


@pytest.mark.parametrize(
    ("id", "facts"),
    [
        ("band", ("band around your knees", "outward")),
        ("elevated-foot", ("foot on a lower box", "angle at the hip")),
        ("isometric", ("pause and squeeze at the top", "two to three seconds")),
        ("weighted", ("a little at a time", "form strict")),
        ("tempo", ("one second up", "three seconds down")),
    ],
)
def test_the_variations(exercise, id, facts):
    assert len(exercise.variations) == 5
    [variation] = [variation for variation in exercise.variations if variation.id == id]
    assert holds(variation.text, *facts)


def test_the_tempos_of_the_variations(exercise):
    tempos = {v.id: tuple(map(int, v.tempo.split("-"))) for v in exercise.variations if v.tempo}
    assert set(tempos) == {"tempo", "isometric"}
    lift, _, lower, _ = tempos["tempo"]
    assert (lift, lower) == (1, 3)
    assert tempos["isometric"][1] in (2, 3)


@pytest.mark.parametrize("facts", [("front of your hips",), ("thighs",), ("hamstrings",)])
def test_the_mobility_work(exercise, facts):
    assert any(holds(stretch.text, *facts) for stretch in exercise.cooldown.items)
    assert all(stretch.seconds > 0 for stretch in exercise.cooldown.items)


@pytest.mark.parametrize(
    "facts",
    [
        ("glute bridges", "leg swings", "light band work"),
        ("mild muscle burn is normal", "sharp pain is not"),
        ("ten percent", "weight or volume", "week"),
        ("hip flexors", "thighs", "hamstrings"),
        ("rest days", "forty eight to seventy two hours"),
    ],
)
def test_the_tips(exercise, facts):
    assert any(holds(tip, *facts) for tip in exercise.safety.prevention)


@pytest.mark.parametrize(
    "facts",
    [
        ("pain", "hip", "knee", "spine", "stays", "gets worse"),
        ("numbness", "tingling", "weakness", "legs"),
        ("swelling", "redness", "warmth", "joint"),
    ],
)
def test_when_to_ask_a_doctor(exercise, facts):
    assert any(holds(sign, *facts) for sign in exercise.safety.seek_advice)


def test_who_should_ask_a_doctor_first(exercise):
    assert holds(exercise.safety.before_you_start, "condition", "new to exercise", "doctor")
    assert holds(exercise.safety.normal, "mild burn", "sharp pain is not")


@pytest.mark.parametrize(
    "facts",
    [
        ("bench height", "foot", "trunk"),
        ("smooth and controlled", "heavy"),
        ("small steps",),
        ("write down", "a little at a time"),
        ("mobility and rest", "joints", "long run"),
    ],
)
def test_what_to_take_home(exercise, facts):
    assert any(holds(point, *facts) for point in exercise.take_home.points)


# ---- what no text may say

PROMISES = r"""
    injur(y|ies)[- ]free | pain[- ]free | (fewer|less|no\ more|without)\ injur
    | (prevent|avoid|reduc|lower|cut|halv|stop)\w*\ (\w+\ ){0,3}injur | protect\w*\ (\w+\ ){0,3}from\ injur
    | guarantee | (cures?|heals?)\b | (completely|totally|always)\ safe | never\ (get|be)\ hurt
"""
DISEASES = r"""
    \b(tend[io]n(itis|osis|opathy)|arthr(itis|osis)|osteo\w+|bursitis|sciatica|hernia\w*|slipped\ dis[ck]|stenosis
    |fracture\w*|thrombos[ei]s|embolism|blood\ clot|heart\ attack|angina|stroke|infection|cancer|tumou?r|syndrome
    |rhabdo\w*|compartment|cauda|neuropathy|impingement|sprain\w*|(torn|tear\ of)\ |diabet\w+|disease)
"""
PUSHING = r"""
    (?<!not\ )(?<!never\ )\b(push|train|work|fight|go|power|breathe)\ (on\ )?through\ (it|(the|your|any)\ pain|pain)\b
    | no\ pain,?\ no\ gain | ignore\ (the|your|any)\ pain | tough\ it\ out | pain\ is\ (good|weakness)
    | (?<!not\ )(?<!never\ )keep\ going\ (even\ )?(if|when|though)\ it\ hurts
"""
FORBIDDEN = {"promise": PROMISES, "disease": DISEASES, "pushing": PUSHING}


def objections(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text.lower(), re.VERBOSE)]


QUOTED = {"source", "sources", "places", "sides", "kinds", "signs", "not_now", "phrases", "when", "unless", "expect"}


def texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a TOML value, with its key. The sources' own titles are quoted, and promise a lot; people
    may call what they have what they like."""
    match value:
        case dict():
            for name, inner in value.items():
                if name not in QUOTED:
                    yield from texts(inner, f"{key}.{name}")
        case list():
            for number, inner in enumerate(value):
                yield from texts(inner, f"{key}[{number}]")
        case str():
            yield key, value


WHAT_PEOPLE_SAY = {"commands.toml", "heard.toml", "rehearsal.toml"}
TOLD = [file for file in sorted(PACK.glob("**/*.toml")) if file.name not in WHAT_PEOPLE_SAY]


@pytest.mark.parametrize("file", TOLD, ids=lambda file: file.name)
def test_no_text_promises_names_a_disease_or_pushes_through_pain(file):
    found = list(texts(tomllib.loads(file.read_text(encoding="utf-8"))))
    assert found
    assert [(key, text, objections(text)) for key, text in found if objections(text)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This prevents most injuries.", ["promise"]),
        ("It reduces the risk of injury by half.", ["promise"]),
        ("Stay pain-free for years.", ["promise"]),
        ("That may be tendinitis.", ["disease"]),
        ("A slipped disc feels like this.", ["disease"]),
        ("No pain, no gain!", ["pushing"]),
        ("Just push through the pain.", ["pushing"]),
        ("Do not train through it.", []),
        ("Never push through pain.", []),
        ("Have you had an injury lately?", []),
        ("Drive through the heel.", []),
    ],
)
def test_the_word_list_itself(text, expected):
    assert objections(text) == expected
