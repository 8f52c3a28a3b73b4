"""The recipe, as far as it needs no PyTorch: who may be heard in training, what an example is, what noise is."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.phones import ARPABET, CLASSES, GARBAGE_CLASS, SILENCE_CLASS
from assistant.errors import SoundError
from assistant.pack import Pack
from scripts.train_model import augment, corpus, jobs, manifests, noise, render, residue, voices

SAMPLES_A_FRAME = 160


# ---------------------------------------------------------------- who is heard


def speakers(job: jobs.Job) -> set[str]:
    """The voices of a job, of a blend both."""
    return {part.partition("*")[0] for part in job.voice.split("+")}


def test_no_test_voice_is_in_training_nor_in_a_blend(pack: Pack) -> None:
    planned = list(jobs.kokoro_jobs(pack))
    by_set = {name: [job for job in planned if job.set == name] for name in ("train", "dev", "test")}
    heard = {name: set().union(*map(speakers, found)) for name, found in by_set.items()}
    assert heard["train"] == set(jobs.KOKORO_TRAIN)
    assert heard["dev"] == set(jobs.KOKORO_DEV)
    assert heard["test"] == set(jobs.KOKORO_TEST)
    assert not heard["train"] & heard["test"]
    assert not heard["dev"] & (heard["train"] | heard["test"])
    assert any("*" in job.voice for job in by_set["train"])


def test_the_plan_is_the_same_on_every_run_and_names_its_files_once(pack: Pack) -> None:
    planned = list(dict.fromkeys((*jobs.kokoro_jobs(pack), *jobs.cheap_jobs(pack))))
    assert planned == list(dict.fromkeys((*jobs.kokoro_jobs(pack), *jobs.cheap_jobs(pack))))
    names = {(job.set, job.id) for job in planned}
    assert len(names) == len(planned)


def test_side_by_side_one_fetches_and_the_others_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done, together = tmp_path / "kokoro", []

    def fetch(folder: Path) -> None:
        if done.exists():
            return
        together.append(folder)
        time.sleep(0.1)  # a download, in which the next one comes
        done.touch()

    monkeypatch.setattr(voices, "_fetch_kokoro", fetch)
    monkeypatch.setattr(voices, "_fetch_piper", lambda folder: None)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(voices.fetch, [tmp_path] * 3))
    assert together == [tmp_path]


def test_each_round_has_voices_of_its_own(pack: Pack) -> None:
    first, later = ([*jobs.kokoro_jobs(pack, begin)] for begin in (0, 3))
    a_round = len(first) // jobs.KOKORO_ROUNDS // 2
    trained = [{job for job in planned[:a_round] if job.set == "train"} for planned in (first, later)]
    assert not trained[0] & trained[1]
    assert len({job.text for job in trained[0]} & {job.text for job in trained[1]}) > a_round / 4
    for fixed in ("dev", "test"):
        assert [job for job in first if job.set == fixed] == [job for job in later if job.set == fixed]


def test_every_phrase_of_the_pack_is_said_by_a_natural_voice(pack: Pack) -> None:
    said = {job.text for job in jobs.kokoro_jobs(pack) if job.set == "train"}
    assert set(pack.phrases()) | set(pack.decoys) <= said


def test_every_word_of_every_text_can_be_pronounced(pack: Pack) -> None:
    lexicon = Lexicon.load(pack.folder)
    texts = [*jobs.phrases(pack), *(text for found in jobs.texts().values() for text in found)]
    for word in {word for text in texts for word in corpus.normal(text).split()}:
        assert lexicon.pronunciations(word)


def test_no_sentence_of_the_talk_is_in_a_training(pack: Pack) -> None:
    planned = [*jobs.kokoro_jobs(pack), *jobs.cheap_jobs(pack), *jobs.urgent_jobs(pack)]
    assert set(jobs.talk()) <= {job.text for job in planned if job.set == "test"}
    trained = {corpus.normal(job.text) for job in planned if job.set == "train"}
    assert not trained & set(map(corpus.normal, jobs.talk()))


def test_lists_are_of_commands_of_urgent_phrases_and_of_talk(tmp_path: Path) -> None:
    said = {"kokoro": "Next set!", "urgent": "It is too much.", "talk": jobs.talk()[0]}
    clips = [
        corpus.Clip(name, "kokoro", "test", "af_heart", corpus.normal(text), tmp_path / f"{name}.flac")
        for name, text in said.items()
    ]
    clips.append(replace(clips[0], id="trained", set="train"))
    lists = manifests.write(clips, tmp_path)
    assert set(lists) == {f"{name}-test" for name in said}
    for name, file in lists.items():
        kind = name.removesuffix("-test")
        expected = [f"{tmp_path / kind}.flac,{corpus.normal(said[kind])}"]
        assert file.read_text(encoding="utf-8").splitlines()[1:] == expected


def test_no_speaker_is_in_two_sets(tmp_path: Path) -> None:
    for source in ("gsc", "so762"):
        rows = [f"a.opus\tu{n}\tspeaker{n % 40:02d}\t{n}\t{n + 1}\tStop, please!" for n in range(80)]
        folder = tmp_path / source
        folder.mkdir()
        (folder / "segments.tsv").write_text("file\tutterance\tspeaker\tstart_s\tend_s\ttext\n" + "\n".join(rows))
    found = list(corpus.recorded(tmp_path))
    for source in ("gsc", "so762"):
        sets: dict[str, set[str]] = {}
        for clip in found:
            if clip.source == source:
                sets.setdefault(clip.speaker, set()).add(clip.set)
        assert all(len(kinds) == 1 for kinds in sets.values())
        assert set.union(*sets.values()) == {"train", "dev", "test"}
    assert found[0].text == "stop please"
    assert (found[1].start, found[1].end) == (16000, 32000)


@pytest.mark.parametrize(
    ("table", "reason"),
    [(None, "no sub-folder with a segments.tsv"), ("a.opus\tu1\tme\t0\t1\n", "line 2 has not the columns file, ")],
)
def test_a_corpus_of_another_kind_is_refused(table: str | None, reason: str, tmp_path: Path) -> None:
    if table:
        (tmp_path / "gsc").mkdir()
        (tmp_path / "gsc/segments.tsv").write_text("file\tutterance\tspeaker\tstart_s\tend_s\ttext\n" + table)
    with pytest.raises(SoundError, match=reason):
        list(corpus.recorded(tmp_path))


def test_a_joined_recording_of_another_rate_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(4800), 48000)
    with pytest.raises(SoundError, match="mono at 16000 Hz"):
        corpus.Clip("u", "gsc", "train", "me", "stop", tmp_path / "a.wav", 0, 100).sound()


# ---------------------------------------------------------------- what is rendered


@pytest.mark.parametrize("text", ["my knee hurts", "that's right", "How many left?", "Top. Shop. Paint."])
@pytest.mark.parametrize("british", [True, False])
def test_kokoro_knows_every_symbol_that_it_is_given(text: str, british: bool) -> None:
    phonemes = render.kokoro_phonemes(text, british)
    assert phonemes.count(".") == max(1, text.count("."))
    assert set(phonemes) <= set(render.KOKORO_SYMBOLS)


def test_a_clip_is_trimmed_scaled_and_whole_or_absent(tmp_path: Path) -> None:
    job = jobs.Job("train", "espeak", "en-us+f3", 1.1, 60, "stop")
    file = render.render(job, render.espeak, tmp_path)
    clip = corpus.Clip(job.id, "espeak", "train", job.voice, "stop", file)
    sound = clip.sound()
    assert np.abs(sound).max() == 16000
    loud = np.flatnonzero(np.abs(sound) > 400)
    assert loud[0] == pytest.approx(render.EDGE_SECONDS * corpus.RATE, abs=400)
    assert list(corpus.rendered(tmp_path)) == [clip]
    assert render.render(job, lambda _: pytest.fail("rendered twice"), tmp_path) == file
    with pytest.raises(SoundError, match="silent"):
        render.finish(np.zeros(16000), 16000)


def test_what_was_rendered_stays_of_use_when_the_plan_has_changed(tmp_path: Path) -> None:
    assert list(corpus.rendered(tmp_path)) == []
    planned = [jobs.Job("train", "espeak", "en-us", 1.0, 50, text) for text in ("go", "Top. Shop.", "stop")]
    files = [render.render(job, render.espeak, tmp_path) for job in planned]
    files[2].unlink()
    assert render.done(tmp_path) == planned[:2]
    assert [clip.text for clip in corpus.rendered(tmp_path)] == ["go", "top shop"]


def test_a_line_that_a_power_cut_left_half_costs_that_clip_alone(tmp_path: Path) -> None:
    one, lost, other = (jobs.Job("train", "espeak", "en-us", 1.0, 50, text) for text in ("go", "stop", "next"))
    render.render(one, render.espeak, tmp_path)
    index = tmp_path / render.INDEX
    index.write_text(index.read_text() + "train\tespeak\ten-")
    render.render(other, render.espeak, tmp_path)
    assert render.done(tmp_path) == [one, other]
    render.render(lost, render.espeak, tmp_path)
    assert render.done(tmp_path) == [one, other, lost]


# ---------------------------------------------------------------- what is learned


def tone_clip(ordinary: bool, strange: bool = False) -> augment.Spoken:
    """A tone for each of two phones of one word, silence around them."""
    segments = np.array([[0, 30, -1, -1], [30, 12, 3, 0], [42, 18, 7, 0], [60, 30, -1, -1]], np.int16)
    sound = np.zeros(90 * SAMPLES_A_FRAME)
    sound[30 * SAMPLES_A_FRAME : 60 * SAMPLES_A_FRAME] = 8000 * np.sin(np.arange(30 * SAMPLES_A_FRAME) * 0.3)
    return augment.Spoken(sound.astype(np.int16), "kokoro", segments, np.array([ordinary]), strange)


@pytest.fixture(scope="module")
def stock() -> noise.Stock:
    talk = [(np.random.default_rng(n).normal(0, 3000, 20000)).astype(np.int16) for n in range(3)]
    return noise.Stock(1, talk, each=1, rooms=2)


CLEAN = augment.Recipe(noise_share=0, room_share=0, colour=False, garbage_share=0)


def test_labels_stand_where_the_sound_is(stock: noise.Stock) -> None:
    examples = augment.Examples([tone_clip(False)], stock, CLEAN, seed=3)
    for _ in range(20):
        sound, labels = examples.one()
        loud = np.array([
            np.abs(sound[480 * n : 480 * n + 480]).max() > 0.3 * np.abs(sound).max() for n in range(len(labels))
        ])  # fmt: skip
        assert (loud == (labels != SILENCE_CLASS)).mean() > 0.95
        firsts = [n for n in range(1, len(labels)) if labels[n] in (6, 14) and labels[n - 1] != labels[n]]
        for n in firsts[:-1]:
            assert labels[n + 1] == labels[n] + 1, "a first frame is one frame, and the rest follows"
        assert labels.max() < CLASSES


def test_a_command_word_is_never_garbage_and_others_sometimes_are(stock: noise.Stock) -> None:
    recipe = augment.Recipe(noise_share=0, room_share=0, colour=False, garbage_share=0.5)
    for ordinary in (False, True):
        examples = augment.Examples([tone_clip(ordinary)], stock, recipe, seed=4)
        labels = np.concatenate([examples.one()[1] for _ in range(40)])
        assert (labels == GARBAGE_CLASS).any() == ordinary
        assert (labels == 2 * ARPABET.index("AO") + 1).any()


def test_a_command_word_in_a_strangers_sentence_is_garbage_now_and_then(stock: noise.Stock) -> None:
    recipe = augment.Recipe(noise_share=0, room_share=0, colour=False, garbage_share=0, strange_share=0.5)
    examples = augment.Examples([tone_clip(ordinary=False, strange=True)], stock, recipe, seed=4)
    labels = np.concatenate([examples.one()[1] for _ in range(40)])
    assert (labels == GARBAGE_CLASS).any()
    assert (labels == 2 * ARPABET.index("AO") + 1).any()


def test_a_word_that_sounds_like_a_command_is_garbage_more_often(stock: noise.Stock) -> None:
    recipe = augment.Recipe(noise_share=0, room_share=0, colour=False, garbage_share=0.5)
    shares = []
    for ordinary in (1.0, augment.ALIKE):
        examples = augment.Examples([replace(tone_clip(True), ordinary=np.array([ordinary]))], stock, recipe, seed=4)
        labels = np.concatenate([examples.one()[1] for _ in range(100)])
        shares.append((labels == GARBAGE_CLASS).sum() / (labels != SILENCE_CLASS).sum())
    assert shares == [pytest.approx(0.5, abs=0.1), pytest.approx(0.8, abs=0.1)]


def test_a_clip_over_the_coach_keeps_its_place_and_little_of_the_coach() -> None:
    said = [tone_clip(False)] * 6
    coach = [(np.random.default_rng(n).normal(0, 3000, 40000)).astype(np.int16) for n in range(3)]
    made = residue.residues(said, coach, seed=1)
    assert made, "the canceller has learned the room"
    for clip in made:
        assert clip.source in augment.SHARES
        word = clip.segments[clip.segments[:, 2] >= 0]
        start, end = (word[0, 0] + 6) * SAMPLES_A_FRAME, (word[-1, 0] + word[-1, 1]) * SAMPLES_A_FRAME
        power = clip.sound.astype(float) ** 2
        assert power[start:end].mean() > 4 * power[: start - 6 * SAMPLES_A_FRAME].mean()
        tone = tone_clip(False).sound[36 * SAMPLES_A_FRAME : 60 * SAMPLES_A_FRAME].astype(float)
        assert np.corrcoef(tone, clip.sound[start:end])[0, 1] > 0.8


def test_examples_come_from_their_seed_and_keep_the_signal_to_noise_ratio(stock: noise.Stock) -> None:
    loud = augment.Recipe(snr_db=(0.0, 0.0), noise_share=1, room_share=0, colour=False, garbage_share=0)
    one, other = (augment.Examples([tone_clip(False)], stock, loud, seed=5).one() for _ in range(2))
    assert np.array_equal(one[0], other[0])
    sound, labels = one
    quiet = np.repeat(labels == SILENCE_CLASS, 480)
    power = (sound[: len(quiet)] ** 2)[quiet].mean()
    assert 10 * np.log10(power / 1500**2) == pytest.approx(0, abs=4)


@pytest.mark.parametrize("kind", list(noise.KINDS))
def test_every_noise_sounds_without_a_gap(kind: str, stock: noise.Stock) -> None:
    piece = stock.noise(np.random.default_rng(2), 5 * corpus.RATE, kind)
    assert np.isfinite(piece).all()
    assert piece.std() > 100


def test_the_shares_of_noises_and_sources_are_shares() -> None:
    for shares in (noise.KINDS, augment.SHARES):
        assert sum(shares.values()) == pytest.approx(1)
