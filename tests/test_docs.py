"""The docs, held against the code."""

import re
from pathlib import Path

import pytest

from assistant import cli, safety_page, scenario
from assistant.pack import Pack
from assistant.session.phase import PHASES
from assistant.tables import read
from scripts.benchmarks import triage

ROOT = Path(__file__).parent.parent
COMMANDS = {"run", "rehearse", "listen", "exercises", "say", "validate", "model", "history", "report", "export"} | {
    *("import", "delete", "backup", "weights")
}
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EVENTS = (ROOT / "docs/EVENTS.md").read_text(encoding="utf-8")


def recorded() -> set[str]:
    """Every event name that the code writes down."""
    calls = re.compile(r"""(?:\.note\(\s*|_record\([^,]+,\s*|Record\([^,]+,\s*)"(\w+)\"""")
    found = set()
    for file in (ROOT / "assistant").rglob("*.py"):
        found |= set(calls.findall(file.read_text(encoding="utf-8")))
    return found


def test_every_event_is_documented_and_none_that_is_not_there() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", EVENTS, re.MULTILINE)) | {"person"}
    assert documented == recorded()


def test_every_state_is_documented() -> None:
    row = next(line for line in EVENTS.splitlines() if line.startswith("| `state` |"))
    for phase in PHASES:
        assert re.search(rf"\b{phase}\b", row), phase


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_links_and_files_that_docs_name_exist(doc: Path) -> None:
    text = doc.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (doc.parent / link).exists(), link
    for name in re.findall(r"`((?:assistant|scripts|tests|voices|docs)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
    for module in re.findall(r"`(\w+\.py)`", text):
        assert list((ROOT / "assistant").rglob(module)), module


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_commands_that_docs_show_can_be_parsed(doc: Path) -> None:
    parser = cli.parser()
    for line in re.findall(r"^    (?:\./scripts/run|assistant) (.*)$", doc.read_text(encoding="utf-8"), re.MULTILINE):
        words = re.findall(r'"[^"]*"|\S+', line.split("   ")[0])
        if words and words[0] in COMMANDS:
            assert parser.parse_args([word.strip('"') for word in words]).command


def test_the_table_of_the_readme_holds_commands_that_work(pack: Pack) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("| when |") : readme.index("What you say can be")]
    phrases = {phrase for command in pack.commands.values() for phrase in command.phrases} | set(
        pack.mistake_phrases()
    )
    said = [phrase.lower() for phrase in re.findall(r"\*\*([^*]+)\*\*", table)]
    assert len(said) > 30
    for phrase in said:
        assert phrase in phrases or pack.numbers.parse(phrase) is not None, phrase


def test_the_safety_page_says_what_the_table_says(pack: Pack) -> None:
    page = (ROOT / "docs/SAFETY.md").read_text(encoding="utf-8")
    assert page == safety_page.page(pack, triage.as_table(triage.shipped(pack))), "scripts/benchmark triage --write"
    for row in pack.red_flags.rows:
        assert row.title in page
        assert all(pack.red_flags.sources[source].title in page for source in row.sources)


def test_the_scenario_in_the_docs_can_be_read(tmp_path: Path) -> None:
    text = (ROOT / "docs/REHEARSALS.md").read_text(encoding="utf-8")
    block = text[text.index("    title =") : text.index("A turn counts as understood")]
    file = tmp_path / "scenario.toml"
    file.write_text(re.sub(r"^    ", "", block, flags=re.MULTILINE))
    assert len(read(file, scenario.Scenario).turns) == 3
