"""The diary's part of the command line."""

from pathlib import Path
from typing import Any

from assistant import diary_commands
from assistant.diary.exchange import FORMATS


def add(subs: Any) -> None:
    """Adds the commands about the diary to the parsers of the command line."""
    history = subs.add_parser(
        "history",
        help="past workouts, and what comes next",
        description="Past workouts as a table and a small chart, and what the guide suggests next, with its reasons.",
    )
    history.set_defaults(command=diary_commands.history)
    history.add_argument(
        "--last", type=int, default=diary_commands.LAST_SESSIONS, metavar="N", help="so many of the newest (15)"
    )

    report = subs.add_parser(
        "report",
        help="a page with charts",
        description="Writes one page with charts per leg: load, volume, reps, tempo, pain, recovery. It needs no "
        "network, looks right on a phone and can be printed.",
    )
    report.set_defaults(command=diary_commands.report)
    report.add_argument("exercise", nargs="?", metavar="EXERCISE", help="which one (the one trained last)")
    report.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE", help="report.html")

    sheet = subs.add_parser(
        "doctor-sheet",
        help="your reports of pain on one page",
        description="All reports of pain for an appointment: when, where, the words, the answers, the score, the "
        "advice, and how it was the next morning.",
    )
    sheet.set_defaults(command=diary_commands.doctor_sheet)
    sheet.add_argument("--out", type=Path, metavar="FILE", help="a .html or .txt file instead of the screen")

    export = subs.add_parser(
        "export",
        help="your data as CSV or JSON lines",
        description="Writes one row for each leg's part of a set. docs/DIARY.md explains the columns.",
    )
    export.set_defaults(command=diary_commands.export)
    export.add_argument("--format", choices=FORMATS, default="csv", help="csv")
    export.add_argument("--out", type=Path, metavar="FILE", help="a file instead of the screen")

    import_ = subs.add_parser(
        "import",
        help="take in an export",
        description="Adds the workouts of an export (CSV or JSON lines) that are not in the diary yet: all or none.",
    )
    import_.set_defaults(command=diary_commands.import_)
    import_.add_argument("file", type=Path, metavar="FILE")

    delete = subs.add_parser(
        "delete",
        help="delete a workout, or everything",
        description="Deletes a workout from the diary and its backups, or all of it. It cannot be brought back.",
    )
    delete.set_defaults(command=diary_commands.delete)
    which = delete.add_mutually_exclusive_group(required=True)
    which.add_argument("--session", type=int, metavar="N", help="its number (see: assistant history)")
    which.add_argument("--all", action="store_true", help="the diary, its backups, weights and locks")
    delete.add_argument("--yes", action="store_true", help="do not ask")

    backup = subs.add_parser("backup", help="copy the diary", description="Writes a whole copy of the diary.")
    backup.set_defaults(command=diary_commands.backup)
    backup.add_argument("path", type=Path, metavar="PATH", help="a file or a folder")

    weights = subs.add_parser(
        "weights",
        help="tell which weights you own",
        description="Stores the weights that you own, in kilos, so that what is suggested can be lifted. "
        "Without kilos it shows them.",
    )
    weights.set_defaults(command=diary_commands.weights)
    weights.add_argument("kilos", nargs="*", type=float, metavar="KG", help="5 7.5 10")
