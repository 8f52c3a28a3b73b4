"""The commands about the diary: looking back, and what is yours. Every function returns an exit code."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant import dates, looking_back, parts
from assistant import doctor_sheet as doctor_sheets
from assistant import report as reports
from assistant.diary import Diary, exchange
from assistant.diary.alone import alone
from assistant.errors import AssistantError, DiaryError
from assistant.pack import Pack
from assistant.parts import Parts
from assistant.plan import LIGHTEST_KG
from assistant.progress import Reason, Suggestion
from assistant.session.state import kilos
from assistant.settings import diary_file

LAST_SESSIONS = 15


def _diary() -> Diary:
    return Diary(diary_file(), dates.now())


def history(options: argparse.Namespace) -> int:
    """Past workouts, and what comes next and why."""
    diary = _diary()
    sessions = diary.sessions(options.last)
    if not sessions:
        print("The diary is empty: it begins with your first workout.")
        return 0
    print(looking_back.table(sessions))
    chart = looking_back.chart(sessions)
    if chart:
        print(f"\n{chart}")
    packed = Parts.load().pack
    parts.tell_left_out(packed)
    exercise = packed.exercises.get(sessions[-1].exercise)
    past = diary.past(exercise, sessions[-1].variation) if exercise else None
    if past and past.suggestion:
        print(f"\n{_suggested(packed, past.suggestion)}")
    return 0


def _suggested(packed: Pack, suggestion: Suggestion) -> str:
    load = packed.spoken(kilos(suggestion.load_kg))
    more = f", one more up to set {suggestion.more_sets}" if suggestion.more_sets else ""
    what = f"Next time: {load}, {suggestion.sets} x {suggestion.reps} reps a leg{more}."
    return "\n".join([what, *(f"  {_why(packed, reason)}" for reason in suggestion.why)])


def _why(packed: Pack, reason: Reason) -> str:
    line, slots = reason
    return packed.text(line, dict(slots))


def report(options: argparse.Namespace) -> int:
    """One HTML page with charts."""
    packed = Parts.load().pack
    diary = _diary()
    exercise = parts.find_exercise(packed, options.exercise or _last_trained(diary, packed))
    parts.tell_left_out(packed)
    found = (session for session in diary.sessions() if session.exercise == exercise.id)
    sessions = sorted(found, key=lambda session: session.started.at)  # a chart has an axis of time
    text = reports.page(sessions, exercise.programming, exercise.name, dates.now())
    _write(options.out, text)
    print(f"{options.out}: {len(sessions)} workouts; open it in a browser")
    return 0


def _last_trained(diary: Diary, packed: Pack) -> str | None:
    """The exercise of the last workout; None where there is none, or the pack does not have it any more."""
    known = {*packed.exercises, *packed.left_out}
    return next((session.exercise for session in diary.sessions(1) if session.exercise in known), None)


def export(options: argparse.Namespace) -> int:
    """The diary's rows."""
    rows = _diary().work()
    if options.out is None:
        exchange.write(rows, options.format, sys.stdout)
        return 0
    if not options.out.name:
        raise DiaryError(f"{options.out}: is a folder; name a file in it")
    beside = options.out.with_name(options.out.name + ".part")  # an earlier export stays until this one is whole
    try:
        try:
            with beside.open("w", encoding="utf-8", newline="") as out:
                count = exchange.write(rows, options.format, out)
            beside.replace(options.out)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _no_place(options.out, error) from None
    print(f"{options.out}: {count} rows", file=sys.stderr)
    return 0


def import_(options: argparse.Namespace) -> int:
    """Rows of an export, from this machine or another one."""
    try:
        text = options.file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DiaryError(f"{options.file}: not UTF-8 text; give a file that `assistant export` wrote") from None
    except OSError as error:
        raise DiaryError(f"{options.file}: cannot be read ({error.strerror or error})") from None
    rows = exchange.read(text, str(options.file), dates.now())
    added, there = _diary().add(rows)
    print(f"{added} workouts added, {there} were there already")
    return 0


def delete(options: argparse.Namespace) -> int:
    """A workout, or everything: really gone."""
    diary = _diary()
    if options.session is not None:
        with alone(diary.file.parent):
            left = diary.delete(options.session)
        print(f"workout {options.session} is deleted, also from the backups")
        for file in left:
            print(f"{file}: damaged, so it may still hold it; delete it by hand")
        return 0
    if not _is_sure(options.yes):
        print("Nothing was deleted.")
        return 1
    with alone(diary.file.parent):
        gone = diary.delete_all()
    print(f"{gone} files are deleted: the diary, its backups, your weights and any lock after pain")
    return 0


def _is_sure(yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        raise AssistantError(
            "this deletes the whole diary and its backups; say so with: assistant delete --all --yes"
        )
    try:
        return input("Delete the whole diary, with its backups? Type yes: ").strip().lower() == "yes"
    except EOFError:  # Ctrl-D
        return False


def backup(options: argparse.Namespace) -> int:
    """A whole copy, to where the user wants it."""
    target: Path = options.path / diary_file().name if options.path.is_dir() else options.path
    if not target.parent.is_dir():  # a stick that is not plugged in: made here, the folder would be on this disk
        raise DiaryError(f"{target.parent}: there is no such folder; plug in what it is on, or make it first")
    if target.resolve() == diary_file().resolve():
        raise DiaryError(f"{target}: is the diary itself; name another place")
    _diary().back_up_to(target)
    print(f"{target}: a whole copy of the diary")
    return 0


def weights(options: argparse.Namespace) -> int:
    """Which weights the user owns."""
    diary = _diary()
    if options.kilos:
        for kg in options.kilos:
            if not LIGHTEST_KG <= kg <= 300:
                raise AssistantError(f"weights: {kg:g} kg is out of range; give kilos, {LIGHTEST_KG:g} to 300")
        diary.set_weights(options.kilos)
    print(_listed(diary.weights()))
    return 0


def _listed(owned: Sequence[float]) -> str:
    if not owned:
        return "No weights are known. Tell which you own, in kilos: assistant weights 5 7.5 10"
    return "Your weights, in kilos: " + ", ".join(f"{kg:g}" for kg in owned)


def doctor_sheet(options: argparse.Namespace) -> int:
    """One page about pain, for an appointment."""
    reports_of_pain = [found for found in _diary().pain_reports() if found.level != "normal"] if _kept() else []
    table = Parts.load().pack.red_flags
    if options.out is None:
        print(doctor_sheets.text(reports_of_pain, table), end="")
        return 0
    make = {".html": doctor_sheets.page, ".txt": doctor_sheets.text}.get(options.out.suffix.lower())
    if make is None:
        raise AssistantError(f"{options.out}: choose a name that ends in .html or .txt")
    _write(options.out, make(reports_of_pain, table))
    print(f"{options.out}: {doctor_sheets.summary(reports_of_pain)}")
    return 0


def _kept() -> bool:
    """Whether there is a diary at all."""
    return diary_file().is_file()


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _no_place(file, error) from None


def _no_place(file: Path, error: OSError) -> DiaryError:
    return DiaryError(f"{file}: cannot be written ({error.strerror or error}); choose another place")
