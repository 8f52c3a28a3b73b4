"""Before anything is loaded: first use, the morning after pain, the lock, and pain or injury today."""

from assistant import triage
from assistant.events import Heard, Say
from assistant.past import PainMemory
from assistant.plan import Plan
from assistant.red_flags import DERIVED
from assistant.room import samples
from assistant.session import report
from assistant.session.lock import (
    MORNING_DAYS,
    SAME_DAY,
    SIDES,
    about,
    is_of_a_leg,
    locked_sides,
    questions,
    warns,
    where,
)
from assistant.session.number import chosen_number
from assistant.session.phase import Phase
from assistant.session.state import Draft, other

HEARING_SECONDS = 1.5
"""Nobody has understood a question sooner: what is said until then belongs to what was before."""

ANSWERS = frozenset({"yes", "no", "okay", "ready", "next", "start", "done", "skip", "number", "answer", "mistake"})
"""Whatever may be taken for an answer to one of the questions."""

CORRECTION_SECONDS = 6
"""For about so long the emergency number is being told again."""


def locked_at_start(plan: Plan) -> frozenset[str]:
    """The sides that the past has locked."""
    return locked_sides(plan.past.pains)


class Screen(Phase):
    """By yes, no and numbers. Only a clear "no" leads on from the two questions about today.

    A question comes after all that leads to it was said, and nothing answers it before it was asked. `asking` in the
    state is "" until then, then "asked" and the token of the question, and "heard" once it was said to its end."""

    name = "screen"
    asks = True

    def enter(self, draft: Draft) -> None:
        draft.new_prompt()
        draft.set(asking="", began_at=draft.at)
        match self._open(draft).split():
            case ["first"]:
                draft.say("no_substitute")
                draft.say("text", text=draft.plan.exercise.safety.before_you_start)
            case ["morning" | "today" | "doctor", n]:
                self._tell_of(draft, int(n))
        if not any(isinstance(action, Say) for action in draft.actions):
            self._ask(draft)

    def _ask(self, draft: Draft) -> None:
        match self._open(draft).split():
            case ["morning" | "today" as what, n]:
                line, slots = about(f"ask_{what}", self._memory(draft, n))
            case ["doctor", n]:
                line, slots = "ask_doctor" if is_of_a_leg(self._memory(draft, n)) else "ask_doctor_whole", {}
            case [what]:
                line, slots = f"ask_{what}", {}
        say = draft.say if (line, tuple(slots.items())) in draft.state.prompt else draft.ask
        say(line, **slots)
        draft.set(asking=f"asked {draft.state.token}", began_at=draft.at)

    def spoken(self, draft: Draft) -> None:
        if draft.state.asking in {"heard", f"asked {draft.state.token}"}:
            draft.set(asking="heard")
            super().spoken(draft)
        else:  # it is still to be asked, or something broke in on it
            self._ask(draft)

    def repeat(self, draft: Draft) -> None:
        """What was not yet heard to its end begins anew."""
        if draft.state.asking == "heard":
            draft.repeat_prompt()
        else:
            self.enter(draft)

    def _tell_of(self, draft: Draft, n: int) -> None:
        """The lock is announced before the first question about it."""
        memory = draft.plan.past.pains[n]
        first = not (draft.state.item and questions(draft.plan)[draft.state.item - 1].endswith(f" {n}"))
        if first and memory.locked:
            line, slots = about("lock_told", memory)
            draft.ask(line, **slots)
            if memory.sessions_in_a_row >= 2 or memory.worsening:
                draft.ask("lock_persists")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        open_question = self._open(draft)
        table, too_soon = draft.plan.reader.table, self._is_too_soon(draft)
        if open_question == "number" and chosen_number(heard.words, table):  # "I call nine one one" is no cry here
            return self._number(draft, heard)
        if self._corrects_the_number(draft, heard):
            return True
        names_a_place = heard.intent in {"answer", "mistake"} and draft.plan.reader.is_place(heard.words)
        is_score = open_question.startswith("morning") and self._is_score_alone(draft, heard, open_question)
        if is_score and not too_soon:
            return self._score(draft, heard, "morning", int(open_question.split()[1]))  # "the pain was two"
        if not is_score and (heard.intent == "pain" or (names_a_place and not report.read(draft, heard).past)):
            self._report(draft, heard)
            return True
        if too_soon and (is_score or (heard.intent in ANSWERS and not self._tells_of_health(draft, heard))):
            draft.hush()
            self.repeat(draft)
            return True
        match open_question.split():
            case ["number"]:
                return self._number(draft, heard)
            case ["morning" | "today" as what, n]:
                return self._score(draft, heard, what, int(n))
            case ["doctor", n]:
                return self._doctor(draft, heard, int(n))
        return self._yes_or_no(draft, heard, open_question)

    def _is_too_soon(self, draft: Draft) -> bool:
        """Whether nobody can have understood the open question yet."""
        asking, since = draft.state.asking, draft.at - draft.state.began_at
        return not asking or (asking != "heard" and since < samples(HEARING_SECONDS))

    def _tells_of_health(self, draft: Draft, heard: Heard) -> bool:
        """Whether a question that takes a sentence for a "yes" need not be heard first: "I broke my leg"."""
        reading, question = report.read(draft, heard), self._open(draft)
        takes_a_sentence = heard.intent == "answer" and question in {"first", "pain", "injury"}
        is_clear = question != "first" or warns(heard.words, reading, draft.plan.reader.table)
        return takes_a_sentence and is_clear and bool(reading.families | reading.past)

    # ---- the answers

    def _yes_or_no(self, draft: Draft, heard: Heard, question: str) -> bool:
        match heard.intent:
            case "no":
                draft.note("screen", question=f"ask_{question}", answer="no")
                self._next(draft)
            case "yes":
                self._screened_out(draft, question)
            case "answer" if self._tells_something(draft, heard):
                is_clear = question != "first" or self._is_a_reason(draft, heard)
                self._screened_out(draft, question) if is_clear else self._not_understood(draft)
            case "okay" | "ready" | "next" | "start" | "done" | "skip" | "number" | "answer" | "mistake":
                self._unclear(draft, "yes_or_no")
            case _:
                return False
        return True

    def _screened_out(self, draft: Draft, question: str) -> None:
        """Nothing is loaded today; after a "yes" to the question of the first time, not before a doctor says so."""
        draft.note("screen", question=f"ask_{question}", answer="yes")
        draft.hush()
        if question == "first":
            report.shut(draft, "", "ask_first")
        draft.go("farewell", reason="screened", question="screened_first" if question == "first" else "screened_out")

    def _not_understood(self, draft: Draft) -> None:
        """A sentence that may have been meant for somebody else locks no leg, and it is no "no" either: after the
        second one nothing is loaded today, and the question stays open for the next start."""
        if "first" in dict(draft.state.screened):
            draft.hush()
            draft.go("farewell", reason="screened", question="screened_first")  # "I have a heart condition", perhaps
        else:
            draft.set(screened=(*draft.state.screened, ("first", 1.0)))
            self._unclear(draft, "yes_or_no")

    def _tells_something(self, draft: Draft, heard: Heard) -> bool:
        """Whether a sentence is a "yes": "I broke my leg last month", "yes, last week"."""
        reading, reader = report.read(draft, heard), draft.plan.reader
        yes, _ = triage.yes_or_no(heard.words, reader.table)
        is_plain_no = heard.words in reader.table.answers.no  # "neither"
        return yes or not (is_plain_no or reader.is_only_where(reading.families | reading.past))

    def _is_a_reason(self, draft: Draft, heard: Heard) -> bool:
        """Whether a sentence locks both legs until a doctor opens them: "yes, I think so", "I fainted last year"."""
        yes, _ = triage.yes_or_no(heard.words, draft.plan.reader.table)
        return yes or warns(heard.words, report.read(draft, heard), draft.plan.reader.table)

    def _is_score_alone(self, draft: Draft, heard: Heard, question: str) -> bool:
        """Whether a pain that is put in a number is the one that was asked about, and nothing else is told."""
        reading, table = report.read(draft, heard), draft.plan.reader.table
        ours = (
            {"hurt", "dull", *self._memory(draft, question.split()[1]).place.split()} | table.sides.keys() | DERIVED
        )
        return reading.families <= ours and triage.score_in(heard.words, reading, table) is not None

    def _report(self, draft: Draft, heard: Heard) -> None:
        """More than a bare "pain": the table decides. Else nothing is loaded today; the question of the first time,
        which it may not have been about, stays open."""
        draft.note("screen", question=f"ask_{self._open(draft).split()[0]}", answer="yes")
        report.open_report(draft, heard, before=True)
        decision = triage.decide(draft.state.report, draft.plan.reader.table)
        bare = decision.row is None or decision.row.only_before or decision.row.provisional
        if not bare or triage.place_of(draft.state.report, draft.plan.reader.table):
            report.note_opened(draft, heard.words)
            draft.interrupt("pain", urgent=True)
        else:
            report.note_report(draft)
            draft.hush(urgent=True)
            draft.go("farewell", reason="screened", question="screened_out")

    def _number(self, draft: Draft, heard: Heard) -> bool:
        """The emergency number, by the words that choose it; without a clear answer the default stays."""
        if chosen := chosen_number(heard.words, draft.plan.reader.table):
            draft.note("setting", key="emergency_number", value=chosen)
            draft.set(number=chosen)
            self._next(draft, "number_set", digits=chosen)
        elif heard.intent in {"repeat", "louder", "quieter", "help", "where", "why", "pause", "stop", "finish"}:
            return False
        elif draft.state.asked:
            self._next(draft, "number_set", digits=draft.number_to_call)
        else:
            draft.set(asked=1)
            draft.hush()
            self.repeat(draft)
        return True

    def _corrects_the_number(self, draft: Draft, heard: Heard) -> bool:
        """Whether what is said at the question after the number is still about the number: another one takes its
        place, and a "no" to what was just told asks again."""
        is_after = draft.state.item and questions(draft.plan)[draft.state.item - 1] == "number"
        if not is_after or heard.intent not in ANSWERS:
            return False
        _, no = triage.yes_or_no(heard.words, draft.plan.reader.table)
        if chosen_number(heard.words, draft.plan.reader.table):
            draft.set(item=draft.state.item - 1)
            self._number(draft, heard)
        elif no and not draft.state.asking and draft.at - draft.state.began_at < samples(CORRECTION_SECONDS):
            draft.hush()
            draft.go("screen", item=draft.state.item - 1)
        else:
            return False
        return True

    def _score(self, draft: Draft, heard: Heard, what: str, n: int) -> bool:
        memory = draft.plan.past.pains[n]
        reading = report.read(draft, heard)
        _, no = triage.yes_or_no(heard.words, draft.plan.reader.table)
        is_nothing = heard.intent == "no" and no  # "not yet" is none
        score = 0.0 if is_nothing else triage.score_in(heard.words, reading, draft.plan.reader.table)
        if score is None:
            if heard.intent in {"yes", "no", "okay", "ready", "next", "start", "skip", "answer", "number"}:
                self._unclear(draft, "zero_to_ten")
                return True
            return False
        draft.set(screened=(*draft.state.screened, (f"{what} {n}", score)))
        if what == "morning":
            draft.note("next_morning", side=memory.side, score=round(score))
            self._next(draft)
        elif score > 0:
            # Pain before the session: nothing is loaded.
            draft.note("screen", question="ask_today", answer="yes")
            draft.hush()
            draft.go("farewell", reason="screened", question="screened_out")
        else:
            self._judge_lock(draft, n, opens=self._settled_by_morning(draft, memory, n))
        return True

    def _settled_by_morning(self, draft: Draft, memory: PainMemory, n: int) -> bool:
        if memory.days_ago < SAME_DAY:
            return False
        if memory.days_ago > MORNING_DAYS:  # nobody can be asked any more, and a bad one is long ago
            return True
        told = memory.morning_score if memory.morning_score is not None else 0.0 if memory.morning_asked else 10.0
        morning = dict(draft.state.screened).get(f"morning {n}", told)
        return morning <= draft.plan.reader.table.score.low_to

    def _doctor(self, draft: Draft, heard: Heard, n: int) -> bool:
        match heard.intent:
            case "yes" | "no":
                self._judge_lock(draft, n, opens=heard.intent == "yes")
            case "okay" | "ready" | "next" | "start" | "done" | "skip" | "number" | "answer":
                self._unclear(draft, "yes_or_no")
            case _:
                return False
        return True

    def _judge_lock(self, draft: Draft, n: int, *, opens: bool) -> None:
        """One leg may have two locks, its own and one on both: it is free when none of them is left."""
        memory = draft.plan.past.pains[n]
        draft.set(screened=(*draft.state.screened, (f"lock {n}", 0.0 if opens else 1.0)))
        answers = dict(draft.state.screened)
        pains = list(enumerate(draft.plan.past.pains))
        draft.set(locked=locked_sides(one for number, one in pains if answers.get(f"lock {number}", 1.0)))
        refused = locked_sides(one for number, one in pains if answers.get(f"lock {number}", 0.0))
        if opens:
            draft.note("unlocked", side=memory.side)
            line, slots = about("lock_opened", memory)
            self._next(draft, line, **slots)
        elif refused >= SIDES:
            draft.hush()
            draft.go("farewell", reason="screened", question="screened_locked")
        else:
            draft.set(side=other(memory.side))  # type: ignore[arg-type]
            self._next(draft, "lock_stays", where=where(memory.side))

    # ---- the way through

    def _next(self, draft: Draft, line: str = "", **slots: object) -> None:
        draft.hush()
        if line:
            draft.say(line, **slots)
        if draft.state.item + 1 < len(questions(draft.plan)):
            draft.go("screen", item=draft.state.item + 1)
        else:
            draft.go("warmup")

    def _unclear(self, draft: Draft, line: str) -> None:
        draft.hush()
        draft.say(line)
        self.repeat(draft)

    def silence(self, draft: Draft) -> None:
        # An answer that nobody gave is not a "no".
        draft.go("farewell", reason="silence", question="bye_silence")

    def why(self, draft: Draft) -> None:
        draft.say("why", text=draft.plan.exercise.check("screen").why)

    def _open(self, draft: Draft) -> str:
        return questions(draft.plan)[draft.state.item]

    def _memory(self, draft: Draft, n: str) -> PainMemory:
        return draft.plan.past.pains[int(n)]
