"""Whole sessions in a simulated room: the real voice, the real recogniser, and what must follow."""

import hashlib
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from assistant import rehearsal, scenario, soundfiles
from assistant.app import Record
from assistant.errors import PackError, SoundError
from assistant.mouth import FADE
from assistant.pack import Pack
from assistant.parts import Parts, voices_folder
from assistant.rehearsal import Report
from assistant.room import BLOCK, RATE, samples
from assistant.scenario import Expectation, Turn, When
from assistant.studio import Studio
from assistant.tempo import Tempo

FOLDER = Path(__file__).parent / "rehearsals"
FILES = [*sorted(FOLDER.glob("*.toml")), voices_folder() / "en/rehearsal.toml"]

OBEYED_WITHIN = samples(1.0)
"""From the end of a word that stops to the silence."""

CALM_WITHIN = samples(0.7)
"""From the silence to the next word."""


@dataclass(frozen=True)
class Run:
    """A rehearsal that was played."""

    report: Report
    played: np.ndarray
    """int16 (n,): the left channel, all that the coach played."""
    digest: str
    """Of the whole WAV."""

    def of(self, event: str) -> list[Record]:
        """The records of one kind."""
        return [record for record in self.report.records if record.event == event]


@pytest.fixture(scope="session")
def rehearsed(
    parts: Parts, studio: Studio, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Path], Run]]:
    """Plays a scenario, once however many tests look at it."""
    runs: dict[Path, Run] = {}
    wav = tmp_path_factory.mktemp("rehearsed") / "last.wav"

    def rehearse(file: Path) -> Run:
        if file not in runs:
            report = rehearsal.rehearse(scenario.load(file), file.parent, parts, studio, wav)
            runs[file] = Run(report, soundfile.read(wav, dtype="int16")[0][:, 0].copy(), digest(wav))
        return runs[file]

    yield rehearse
    wav.unlink(missing_ok=True)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_session_goes_as_written(file: Path, rehearsed: Callable[[Path], Run], pack: Pack) -> None:
    run = rehearsed(file)
    if not run.report.ok:
        pytest.fail("\n".join([str(file), *rehearsal.told(run.report)]))
    nothing_sounds_but_what_the_log_tells(run, pack)
    what_stops_is_obeyed_at_once(run)
    nothing_is_counted_after_a_stop_or_unheard(run)
    every_rep_has_its_number(run)


def nothing_sounds_but_what_the_log_tells(run: Run, pack: Pack) -> None:
    """To the sample: outside of what is being said there is silence, and a hush leaves no more than its fade."""
    spans: list[tuple[int, int, bool]] = []
    for record in run.report.records:
        if record.event in {"say", "tone"}:
            safety = record.event == "say" and pack.lines[str(record.data["line"])].safety
            # The log rounds lengths to the millisecond.
            ends = record.at + samples(float(str(record.data["seconds"])) + 0.0005)
            spans.append((record.at, ends, safety))
        elif record.event == "hush":
            urgent = bool(record.data["urgent"])
            # A timer's hush is told with the time that was set, and done at the end of that block.
            cut = record.at + FADE if urgent else record.at // BLOCK * BLOCK + BLOCK + FADE
            spans = [(at, ends if safety and not urgent else min(ends, cut), safety) for at, ends, safety in spans]
    silent = np.ones(len(run.played), dtype=bool)
    for at, ends, _ in spans:
        silent[at:ends] = False
    heard = np.flatnonzero(run.played[silent])
    assert not len(heard), f"sound at {np.flatnonzero(silent)[heard[0]] / RATE:.3f} s that no record tells of"


def what_stops_is_obeyed_at_once(run: Run) -> None:
    """After each "stop" and each report of pain the coach falls silent, soon, until its next line."""
    urgent = [record.at for record in run.of("hush") if record.data["urgent"]]
    for played in run.report.turns:
        if played.expected in {"stop", "pain"}:
            silent = next((at for at in urgent if at > played.at), None)
            assert silent is not None, f"{played.turn.says!r} was not obeyed"
            late = silent - played.ends
            assert late <= OBEYED_WITHIN, f"{played.turn.says!r} was obeyed {late / RATE:.1f} s after the word"
            following = min(record.at for record in (*run.of("say"), *run.of("ended")) if record.at >= silent)
            assert not run.played[silent + FADE : following].any()
            assert following - silent <= CALM_WITHIN, f"{(following - silent) / RATE:.2f} s until the first calm word"


def nothing_is_counted_after_a_stop_or_unheard(run: Run) -> None:
    """After a stop, a report of pain or a dead microphone, no rep without a new count-in."""
    counting = False
    # A count-in starts a count, in whatever order the log got to know of it.
    for record in sorted(run.report.records, key=lambda record: record.at):
        if record.event in {"stop", "pain", "deaf"}:
            counting = False
        elif record.event == "count_in":
            counting = True
        elif record.event == "rep":
            assert counting, f"a rep at {record.at / RATE:.3f} s, with no count-in since it was stopped"


def every_rep_has_its_number(run: Run) -> None:
    """The number begins on the very sample on which the rep counts."""
    numbers = {record.at for record in run.of("say") if record.data["line"] == "number"}
    assert {record.at for record in run.of("rep")} <= numbers


def test_twelve_reps_stand_on_their_samples(rehearsed: Callable[[Path], Run], pack: Pack, studio: Studio) -> None:
    file = FOLDER / "twelve-reps.toml"
    tempo = Tempo.parse(str(scenario.load(file).plan.tempo))
    run = rehearsed(file)
    (count_in,) = run.of("count_in")
    first = int(str(count_in.data["starts_at"]))
    tops = [first + n * tempo.rep_samples + tempo.top_samples for n in range(12)]

    assert [record.at for record in run.of("rep")] == tops
    for number, at in enumerate(tops, 1):
        clip = studio.clip(pack.text("number", {"number": number}), brisk=True)
        assert [record.data["text"] for record in run.of("say") if record.at == at] == [clip.text]
        assert is_at(run.played, at, clip.samples)
        assert not is_at(run.played, at + 1, clip.samples)
        assert not is_at(run.played, at - 1, clip.samples)


def test_the_count_is_the_sum_of_its_clips(rehearsed: Callable[[Path], Run], studio: Studio, pack: Pack) -> None:
    run = rehearsed(FOLDER / "twelve-reps.toml")
    (count_in,) = run.of("count_in")
    first, last = int(str(count_in.data["starts_at"])), run.of("rep")[-1].at
    expected = np.zeros(len(run.played), dtype=np.float32)
    for record in run.of("say"):
        if first <= record.at < last:
            brisk = pack.lines[str(record.data["line"])].brisk
            clip = studio.clip(str(record.data["text"]), brisk=brisk).samples
            expected[record.at : record.at + len(clip)] += clip

    assert is_at(run.played, first, expected[first:last])


def is_at(played: np.ndarray, at: int, clip: np.ndarray) -> bool:
    """Whether a clip stands at a sample, and nothing else sounds with it; to the last bit but one."""
    return bool(np.all(np.abs(played[at : at + len(clip)] - clip * 32767) < 1.5))


def test_two_runs_are_the_same_to_the_last_bit(
    rehearsed: Callable[[Path], Run], parts: Parts, studio: Studio, tmp_path: Path
) -> None:
    file = FOLDER / "pain-in-a-set.toml"
    first = rehearsed(file)
    second = rehearsal.rehearse(scenario.load(file), FOLDER, parts, studio, tmp_path / "again.wav")

    assert second.records == first.report.records
    assert digest(tmp_path / "again.wav") == first.digest


def test_a_disk_that_is_too_small_is_told_and_left_without_a_part(
    parts: Parts, studio: Studio, tmp_path: Path
) -> None:
    wav, mine = tmp_path / "out.wav", tmp_path / "mine.wav"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))  # no file may be larger, as on a small disk
    try:
        with pytest.raises(SoundError, match=r"out\.wav: cannot be written .*; choose another place"):
            rehearsal.rehearse(scenario.load(FOLDER / "nobody.toml"), FOLDER, parts, studio, wav)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not wav.exists()

    mine.mkdir()  # what cannot even be opened stays as it is
    with pytest.raises(SoundError, match=r"mine\.wav: cannot be written"):
        soundfiles.write(mine, np.zeros(RATE, dtype=np.float32))
    assert mine.exists()


def digest(file: Path) -> str:
    """Of all bytes of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_what_goes_wrong_is_told(parts: Parts, studio: Studio) -> None:
    written = scenario.load(FOLDER / "screened-injury.toml")
    other = msgspec.structs.replace(written.turns[0], intent="pause")
    never = Turn(when=When(rep=1), says="resume")
    wanted = Expectation(event="rep", count=1, where={"side": "left"})
    report = rehearsal.rehearse(
        msgspec.structs.replace(written, turns=(other, *written.turns[1:], never), expect=(wanted,)),
        FOLDER,
        parts,
        studio,
    )

    assert not report.ok
    told = "\n".join(rehearsal.told(report))
    assert "'ready': expected pause, heard ready" in told
    assert "never reached: 'resume'" in told
    assert "expected 1 of: rep side=left; found 0" in told


def test_recordings_may_take_the_place_of_voices(
    parts: Parts, studio: Studio, person: Studio, tmp_path: Path
) -> None:
    soundfiles.write(tmp_path / "me.wav", person.clip("ready").samples)
    soundfiles.write(tmp_path / "hum.wav", np.sin(np.arange(RATE) / 20).astype(np.float32))
    file = tmp_path / "mine.toml"
    file.write_text(
        """
        title = "My own voice"
        person = { voice = "gmw/en-us" }
        room = { echo_db = -12, snr_db = 25, noise = "hum.wav" }
        turns = [
            { when = { line = "greeting_ready" }, wav = "me.wav", intent = "ready" },
            { when = { line = "ask_pain" }, says = "yes", voice = "gmw/en", rate = 130, gain_db = 6 },
            { when = { line = "screened_out" }, says = "stop", after_s = 0 },
        ]
        """,
        encoding="utf-8",
    )
    report = rehearsal.rehearse(scenario.load(file), tmp_path, parts, studio)

    assert report.ok, "\n".join(rehearsal.told(report))
    assert report.reason == "screened"


def test_a_turn_does_one_thing(parts: Parts, studio: Studio) -> None:
    written = scenario.load(FOLDER / "nobody.toml")
    for turn in (Turn(when=When(line="greeting")), Turn(when=When(line="greeting"), says="ready", unplug_seconds=1)):
        with pytest.raises(PackError, match=r"'Silence all the way': turn 1: needs one of says, wav, unplug_seconds"):
            rehearsal.rehearse(msgspec.structs.replace(written, turns=(turn,)), FOLDER, parts, studio)
