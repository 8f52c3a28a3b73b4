"""Puts the parts together: settings, pack, model, voices, ear."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import ear, echo, model, pack, recogniser, settings
from assistant.errors import AssistantError
from assistant.exercise import Exercise
from assistant.interpret import Interpreter
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.plan import Plan
from assistant.progress import heads_up
from assistant.session.lines import LINES
from assistant.session.state import kilos
from assistant.settings import Settings
from assistant.studio import Studio
from assistant.telling import tell

MOST_TEXTS_A_LINE = 150
"""A line whose slots allow more texts than this is rendered when it is said (some 40 ms) instead of before."""


@dataclass(frozen=True)
class Parts:
    """What every command that speaks or hears needs."""

    settings: Settings
    pack: Pack
    interpreter: Interpreter
    exercise: Exercise | None = None
    """The one that is trained; None: no one."""

    @classmethod
    def load(cls) -> "Parts":
        """Reads settings and pack, without exercises that are wrong if any other is there. Raises PackError."""
        chosen = settings.load()
        loaded = pack.load(_language_folder(chosen), leave_out=True)
        return cls(chosen, loaded, Interpreter(loaded))

    @classmethod
    def load_without_exercises(cls) -> "Parts":
        """The same, but for all exercises: enough to check one. Raises PackError."""
        chosen = settings.load()
        language = pack.load_language(_language_folder(chosen))
        return cls(chosen, language, Interpreter(language))

    def training(self, exercise: Exercise) -> "Parts":
        """The parts for one exercise. What names a mistake of another one means nothing meanwhile, and a word of it
        that no speech model knows keeps nobody from training."""
        alone = replace(self.pack, exercises={exercise.id: exercise})
        return replace(self, pack=alone, interpreter=Interpreter(alone), exercise=exercise)

    def studio(self, voice: str = "", rate: int = 0) -> Studio:
        """A studio; without a voice, the coach's."""
        return Studio(
            voice or self.settings.voice or self.pack.voice.voice,
            rate or self.settings.rate or self.pack.voice.rate,
            settings.cache_folder(),
            max(rate or self.settings.rate, self.pack.voice.brisk_rate),
        )

    def choose_model(self) -> model.Choice:
        """The best speech model that knows all words that must be heard. Raises ModelError."""
        words = self._must_hear()
        return model.choose(
            self.pack.folder,
            self.settings.model or None,
            lambda path: recogniser.lacking(path, words),
            english=self.pack.voice.is_english,
        )

    def ear(self, mouth: Mouth, asks: Callable[[], bool] = lambda: False) -> ear.Ear:
        """An ear that knows what the mouth says, and whether a question is open. Raises ModelError."""

        def duck(ducked: bool) -> None:
            mouth.ducked = ducked

        model_folder = self.choose_model().path
        return ear.Ear(
            lambda: self.recogniser(model_folder),
            echo.make(self.settings.echo),
            self.interpreter,
            mouth.audible,
            duck,
            asks,
        )

    def recogniser(self, model_folder: Path) -> recogniser.Recogniser:
        """A recogniser for all that may be said. Raises ModelError."""
        more = ear.reports(self.pack) if self.exercise else (*ear.reports(self.pack), *self.pack.mistake_phrases())
        return recogniser.Recogniser(model_folder, self._must_hear(), more)

    def _must_hear(self) -> tuple[str, ...]:
        """The commands, and the mistakes of the exercise that is trained."""
        return ear.grammar(self.pack if self.exercise else replace(self.pack, exercises={}))


def voices_folder() -> Path:
    """Where the packs are: beside the package in a checkout, inside it when installed from a wheel."""
    inside = Path(__file__).parent / "voices"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "voices"


def _language_folder(chosen: Settings) -> Path:
    """The pack of the language that the settings name. Raises AssistantError."""
    folder = voices_folder() / chosen.language
    if not folder.is_dir():
        known = ", ".join(sorted(path.parent.name for path in voices_folder().glob("*/voice.toml")))
        raise AssistantError(
            f"{settings.settings_file()}: language: there is no pack {chosen.language!r}; there is: {known}"
        )
    return folder


def find_exercise(packed: Pack, name: str | None) -> Exercise:
    """An exercise by id or part of its name; without a name, the one that the pack names first. Raises
    AssistantError, for one that was left out that which is wrong with it."""
    wanted = packed.voice.first_exercise if name is None else name.lower().replace(" ", "-")
    found = [id for id in packed.exercises if wanted in id] or [id for id in packed.left_out if wanted in id]
    if wanted in {*packed.exercises, *packed.left_out}:
        found = [wanted]
    if len(found) > 1:
        raise AssistantError(f"{name!r} fits more than one exercise: {', '.join(found)}; write more of its name")
    if not found:
        raise AssistantError(f"no exercise {name!r}; there are: {', '.join(packed.exercises)}")
    if found[0] in packed.left_out:
        raise packed.left_out[found[0]]
    return packed.exercises[found[0]]


def tell_left_out(packed: Pack) -> None:
    """Says on stderr which exercises cannot be used, and why."""
    for error in packed.left_out.values():
        tell(f"{error}; this exercise is left out")


def texts(packed: Pack, plan: Plan) -> Iterator[tuple[str, bool]]:
    """All (text, brisk) that a session with this plan may say, as far as it is known before."""
    values = _slot_values(plan)
    for line, names in LINES.items():
        if not names & {"text", "because", "fix"}:
            brisk = packed.lines[line].brisk
            yield from ((text, brisk) for text in _filled(packed, line, sorted(names), values))
    for line, slots in (*_exercise_lines(plan), *_past_lines(plan)):
        yield packed.text(line, slots), False


def with_lengths(packed: Pack, plan: Plan, studio: Studio) -> Plan:
    """The plan, knowing how long its beat words and cues take to say: what cannot fit a beat is left out."""
    cues = [*(cue.text for cue in plan.exercise.cues), *(mistake.cue for mistake in plan.exercise.mistakes)]
    lengths = {text: studio.clip(text).seconds for text in cues}
    lengths |= {str(n): studio.clip(packed.spoken(n), brisk=True).seconds for n in range(1, _most_reps(plan) + 1)}
    lengths["hold"] = studio.clip(packed.text("beat_hold", {}), brisk=True).seconds
    return replace(plan, seconds_of=lengths)


def _most_reps(plan: Plan) -> int:
    """In any set, also of the workout that may go on."""
    was = plan.as_it_was()
    return max(plan.reps_in(1), was.reps_in(1))


def _slot_values(plan: Plan) -> dict[str, list[object]]:
    """What a slot can hold in a session with this plan. A slot that is not here is filled only when it is said."""
    dose = plan.exercise.programming
    tempo = plan.tempo
    return {
        "name": [plan.exercise.name],
        "minutes": [round(plan.warmup_seconds / 30) / 2],
        "count": [len(plan.exercise.steps)],
        "limit": [300.0],
        "set": list(range(1, plan.sets + 1)),
        "sets": [plan.sets],
        "side": ["left", "right"],
        "reps": sorted({plan.reps, plan.reps_in(1)}),
        "rep": list(range(1, _most_reps(plan) + 1)),
        "number": list(range(1, max(_most_reps(plan), 10) + 1)),
        "load": ["no_weight" if not plan.load_kg else f"{plan.load_kg:g} kg"],
        "where": ["left_leg", "right_leg", "both_legs"],
        "digits": sorted({*plan.reader.table.emergency_numbers, plan.number_to_call}),
        "address": [plan.address] if plan.address else [],
        "lift": [tempo.lift],
        "hold": [tempo.hold],
        "lower": sorted({tempo.lower, *range(2, 6)}),
        "seconds": sorted({plan.rest_seconds, plan.rest_seconds // 2, plan.switch_seconds}),
        "low": [dose.recovery_hours[0]],
        "high": [dose.recovery_hours[1]],
        **{name: [value] for name, value in plan.exercise.facts().items()},
    }


def _filled(packed: Pack, line: str, names: list[str], values: dict[str, list[object]]) -> Iterable[str]:
    filled: list[dict[str, object]] = [{}]
    for name in names:
        filled = [{**slots, name: value} for slots in filled for value in values.get(name, [])]
    if len(filled) <= MOST_TEXTS_A_LINE:
        yield from (packed.text(line, slots) for slots in filled)


def _past_lines(plan: Plan) -> Iterator[tuple[str, dict[str, object]]]:
    """The lines about what was before."""
    past = plan.past
    dose = plan.exercise.programming
    for line, slots in heads_up(past.hours_since_intense, past.days_trained, past.days_a_week, dose):
        yield line, dict(slots)
    if past.suggestion:
        yield "suggest_load", {"load": kilos(past.suggestion.load_kg), "reps": plan.reps}
        for line, slots in past.suggestion.why:
            yield line, dict(slots)
    if past.last:
        yield "load_last", {"load": kilos(past.last.load_kg)}
        yield "summary_last", {"left": past.last.left, "right": past.last.right}
    if past.unfinished:
        was = past.unfinished
        yield "ask_unfinished", {"set": was.set, "side": was.side, "reps": was.reps}
        yield "ask_unfinished_set", {"set": was.set, "side": was.side}


def _exercise_lines(plan: Plan) -> Iterator[tuple[str, dict[str, object]]]:
    """The lines with a text of the exercise in them."""
    exercise = plan.exercise
    for text in (
        *(item.text for item in exercise.warmup.items),
        *(cue.text for cue in exercise.cues),
        *(check.why for check in exercise.checklist),
        *(step.why for step in exercise.steps),
        *exercise.settled.texts(),
        *exercise.take_home.points,
        exercise.cooldown.why,
        exercise.safety.normal,
        exercise.safety.before_you_start,
    ):
        yield "text", {"text": text}
    for question in plan.reader.table.questions:
        yield "pain_question", {"text": question.text}
    for row in plan.reader.table.rows:
        yield "guidance", {"text": " ".join(row.say)}
        yield "guidance", {"text": row.why}
    for topic in ("equipment", "space"):
        yield f"ask_{topic}", {"text": exercise.check(topic).text}
    for n, step in enumerate(exercise.steps, 1):
        yield "step", {"number": n, "name": step.name, "text": step.text}
    for mistake in exercise.mistakes:
        yield "mistake", {"name": mistake.name, "because": mistake.because, "fix": mistake.fix}
        yield "mistake_fix", {"fix": mistake.fix}
        yield "mistake_again", {"fix": mistake.fix}
        yield "text", {"text": mistake.cue}
    for stretch in exercise.cooldown.items:
        yield "stretch" if stretch.sided else "stretch_both", {"text": stretch.text, "seconds": stretch.seconds}
    yield "seek_advice", {"text": " ".join(exercise.safety.seek_advice)}
    if plan.variation:
        yield "variation", {"name": plan.variation.name, "text": plan.variation.text}
