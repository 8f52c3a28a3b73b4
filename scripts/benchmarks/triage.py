"""How many ways to say that something is wrong reach their level: on the words alone, without a microphone."""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import pack as packs
from assistant import safety_page
from assistant.errors import AssistantError
from assistant.pack import Pack
from assistant.parts import voices_folder
from assistant.reading import Reader
from assistant.red_flags import LEVELS, rank
from assistant.triage import Report, added, decide, is_live

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "tests" / "data"
PAGE = ROOT / "docs" / "SAFETY.md"


@dataclass(frozen=True)
class Missed:
    """A phrase that did not come to its level."""

    phrase: str
    wanted: str
    """The least level that it must reach; "none": nothing must be reported."""
    reached: str


@dataclass(frozen=True)
class Figures:
    """How one list went."""

    name: str
    of: dict[str, int]
    """Phrases by the level that is wanted."""
    missed: tuple[Missed, ...]

    def reached(self, level: str) -> int:
        """How many of a level's phrases reach it or a worse one; of "none": how many report nothing."""
        return self.of[level] - sum(miss.wanted == level for miss in self.missed)


def measure(file: Path, reader: Reader) -> Figures:
    """Reads a CSV of phrase,level and triages each phrase as the whole report. Raises AssistantError."""
    of: dict[str, int] = {}
    missed = []
    for phrase, wanted in _rows(file):
        of[wanted] = of.get(wanted, 0) + 1
        reached = level_of(phrase, reader)
        if (reached != "none") if wanted == "none" else (rank(reached) < rank(wanted)):
            missed.append(Missed(phrase, wanted, reached))
    return Figures(file.stem, of, tuple(missed))


def level_of(phrase: str, reader: Reader) -> str:
    """The level of a phrase to which nothing is added; "none" when it would not stop a set."""
    decision = decide(added(Report(), phrase, reader.read(phrase), reader.table), reader.table)
    reports = decision.row is not None and (is_live(phrase, reader) or decision.level == "normal")
    return decision.level if reports else "none"


def _rows(file: Path) -> list[tuple[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise AssistantError(f"{file}: cannot be read ({error.strerror or error})") from None
    for n, row in enumerate(rows, 2):
        if not row.get("phrase") or row.get("level") not in (*LEVELS, "none"):
            raise AssistantError(f"{file}: line {n}: needs phrase,level; levels are {', '.join(LEVELS)}, none")
    return [(row["phrase"], row["level"]) for row in rows]


def told(figures: Sequence[Figures]) -> list[str]:
    """The figures as lines to read."""
    lines = []
    for one in figures:
        lines.append(f"{one.name}: {sum(one.of.values())} phrases, {len(one.missed)} missed")
        for level in (*reversed(LEVELS), "none"):
            if level in one.of:
                lines.append(f"  {level:10} {one.reached(level):4} of {one.of[level]}")
        lines += [f"  missed: {miss.phrase!r} wants {miss.wanted}, is {miss.reached}" for miss in one.missed]
    return lines


def as_table(figures: Sequence[Figures]) -> list[str]:
    """The figures as rows of docs/SAFETY.md."""
    lines = ["| list | level | phrases | reach it |", "|---|---|---|---|"]
    for one in figures:
        for level in (*reversed(LEVELS), "none"):
            if level in one.of:
                lines.append(f"| `{one.name}` | {level} | {one.of[level]} | {one.reached(level)} |")
    return lines


def shipped(pack: Pack) -> list[Figures]:
    """The figures of the lists in tests/data."""
    return [measure(file, pack.reader) for file in sorted(LISTS.glob("*.csv"))]


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be chosen."""
    parser.add_argument("files", nargs="*", type=Path, metavar="CSV", help="your own lists of phrase,level")
    parser.add_argument("--write", action="store_true", help="make docs/SAFETY.md anew")


def run(options: argparse.Namespace) -> int:
    """Measures the lists that are named, or those of tests/data."""
    pack = packs.load(voices_folder() / "en")
    if options.write:
        PAGE.write_text(safety_page.page(pack, as_table(shipped(pack))), encoding="utf-8")
        print(f"{PAGE}: written")
        return 0
    files = options.files
    for line in told([measure(file, pack.reader) for file in files] if files else shipped(pack)):
        print(line)
    return 0
