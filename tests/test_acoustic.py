"""Our models in libvosk: its scores and word times against our own sums, big graphs, and files there and back."""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import vosk
from acoustic_reference import best_path, features, log_posteriors

from assistant import cli, model
from assistant.acoustic import folder, graph, kaldi, nnet3, openfst
from assistant.acoustic.lexicon import Lexicon, by_rule, to_arpabet
from assistant.acoustic.network import FEATURES, Layer, Network
from assistant.acoustic.phones import ARPABET, CLASSES, PHONE_NUMBERS, TRANSITION_IDS, hidden_phones, placed
from assistant.errors import ModelError
from assistant.parts import voices_folder
from assistant.recogniser import lacking, load
from assistant.words import UNKNOWN

ENGLISH = voices_folder() / "en"
SHIPPED = ENGLISH / "model"
SAMPLES_AHEAD = 0.30
"""Seconds that look-ahead and a chunk may take together."""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load(ENGLISH)


@pytest.fixture(scope="module")
def network() -> Network:
    return nnet3.read((SHIPPED / model.NETWORK).read_bytes())


def spoken(text: str, tmp_path: Path, pitch: int = 50) -> np.ndarray:
    """eSpeak NG says it; int16 at 16 kHz, with a quiet room around it."""
    wav = tmp_path / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-p", str(pitch), "-w", str(wav), text], check=True)
    sound, rate = soundfile.read(wav, dtype="float32")
    sound = np.pad(soxr.resample(sound, rate, 16000), 6000)
    return (sound * 16000 + np.random.default_rng(pitch).normal(0, 4, len(sound))).astype(np.int16)


def recognise(loaded: vosk.Model, phrases: list[str], sound: np.ndarray, alternatives: int = 0) -> dict:
    recogniser = vosk.KaldiRecognizer(loaded, 16000, json.dumps(phrases))
    recogniser.SetMaxAlternatives(alternatives)
    recogniser.SetWords(True)
    recogniser.AcceptWaveform(sound.tobytes())
    return json.loads(recogniser.FinalResult())


def small_network(rng: np.random.Generator) -> Network:
    def random(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.3, shape).astype(np.float32).astype(np.float64)

    def layer(behind: int, ahead: int) -> Layer:
        inner, outer = random(4, 8 * (2 if behind else 1)), random(8, 4 * (2 if ahead else 1))
        return Layer(inner, random(4), outer, random(8), behind, ahead)

    layers = (layer(1, 1), layer(0, 0), layer(3, 3), layer(3, 0), layer(0, 3))
    return Network(random(8, 3 * FEATURES), random(8), layers, random(CLASSES, 8), random(CLASSES), 0.66)


# ---------------------------------------------------------------- against libvosk


def test_libvosk_scores_and_times_a_word_as_we_do(network: Network, lexicon: Lexicon, tmp_path: Path) -> None:
    conf = (SHIPPED / "conf/model.conf").read_text()
    scale = float(conf.split("--acoustic-scale=")[1].split()[0])
    loaded, offsets, spread = load(SHIPPED), [], []
    for word in ("stop", "pain", "ready"):
        for pitch in (30, 60, 80):
            sound = spoken(word, tmp_path, pitch)
            scores = scale * log_posteriors(network, features(sound))
            ours, start, end = best_path(scores, lexicon.pronunciations(word))
            theirs = recognise(loaded, [word], sound, alternatives=1)["alternatives"][0]
            assert theirs["text"] == word
            offsets.append(theirs["confidence"] - ours)
            spread.append(ours)
            timed = recognise(loaded, [word], sound)["result"][0]
            assert timed["start"] == pytest.approx(start, abs=0.031)
            assert timed["end"] == pytest.approx(end, abs=0.031)
    # The grammar adds a constant of its own; all else must agree, though the scores themselves differ widely.
    assert np.ptp(offsets) < 0.01
    assert np.ptp(offsets) < 0.01 * np.ptp(spread)


def test_a_graph_of_thirty_thousand_words_loads_and_decodes(lexicon: Lexicon, tmp_path: Path) -> None:
    common = folder.words(SHIPPED)
    known = set(common)
    rest = [word for word in lexicon.every() if word not in known]
    wanted = [*common, *rest[: 30_000 - len(common)]]
    count = folder.with_words(SHIPPED, tmp_path / "big", wanted, lexicon)
    assert count >= 30_000
    loaded = load(tmp_path / "big")
    assert loaded.vosk_model_find_word(rest[29_000 - len(common)]) > 0
    phrases = ["stop", "pain", "next set", UNKNOWN]
    assert recognise(loaded, phrases, spoken("next set", tmp_path))["text"] == "next set"


def test_a_word_that_was_built_in_is_heard(lexicon: Lexicon, tmp_path: Path) -> None:
    word = "flibbertigibbet"
    assert lacking(SHIPPED, [word]) == [word]
    folder.with_words(SHIPPED, tmp_path / "more", [word], lexicon)
    assert lacking(tmp_path / "more", [word, "stop", "pain"]) == []
    heard = recognise(load(tmp_path / "more"), [word, "stop", UNKNOWN], spoken(word, tmp_path))
    assert heard["text"] == word


def test_rejection_costs_nothing_that_explodes(tmp_path: Path) -> None:
    """Long talk that is in no phrase: one best path, quickly, and no command in it."""
    talk = "the government announced new rules for small companies and share prices fell sharply on monday"
    heard = recognise(load(SHIPPED), ["switch sides", "finish workout", UNKNOWN], spoken(talk, tmp_path))
    assert set(heard["text"].split()) <= {UNKNOWN}


# ---------------------------------------------------------------- the shipped model


def test_the_shipped_model_answers_soon_and_is_small(network: Network) -> None:
    conf = (SHIPPED / "conf/model.conf").read_text()
    chunk = int(conf.split("--frames-per-chunk=")[1].split()[0])
    assert (network.right_context + chunk) * 0.01 < SAMPLES_AHEAD
    size = sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file())
    assert size < 20e6


def test_the_shipped_graph_holds_the_words_of_pain(lexicon: Lexicon) -> None:
    words = (
        "numb tingling chest breathe breath faint fainted dizzy bladder bowel groin thigh calf ankle shoulder elbow "
        "wrist jaw swollen swelling throbbing stabbing burning aching cramping snapped popped collapsed ambulance "
        "emergency pinned crushed stuck slurred droop drooping paralysed paralyzed vomit sick fever"
    )
    assert lacking(SHIPPED, [words]) == []
    assert not lexicon.guessed(words.split())


# ---------------------------------------------------------------- there and back


def test_a_network_is_read_as_it_was_written() -> None:
    made = small_network(np.random.default_rng(1))
    data = nnet3.write(made)
    again = nnet3.read(data)
    assert again.bypass == made.bypass
    assert [(x.behind, x.ahead) for x in again.layers] == [(x.behind, x.ahead) for x in made.layers]
    for one, other in zip(again.layers, made.layers, strict=True):
        for name in ("inner", "outer"):
            assert_the_same_but_for_rounding(getattr(one, name), getattr(other, name))
        for name in ("inner_bias", "outer_bias"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
    for name in ("first", "output"):
        assert_the_same_but_for_rounding(getattr(again, name), getattr(made, name))
    for name in ("first_bias", "output_bias"):
        assert np.array_equal(getattr(again, name), getattr(made, name))
    assert (again.left_context, again.right_context) == (8, 8)
    assert nnet3.write(again) == data, "written again it loses nothing more"


def assert_the_same_but_for_rounding(one: np.ndarray, other: np.ndarray) -> None:
    """To 16 bits of the range, and what float32 adds."""
    assert one.shape == other.shape
    assert np.abs(one - other).max() <= 0.51 * np.ptp(other) / kaldi.STEPS


def test_a_foreign_network_is_refused() -> None:
    with pytest.raises(ModelError, match="not written by this program"):
        nnet3.read(b"\0B<TransitionModel> <Topology> ")


def test_words_are_read_out_of_a_graph_as_they_went_in(lexicon: Lexicon) -> None:
    words = ["stop", "pain", "the", "read", "red"]
    built = graph.build({word: lexicon.pronunciations(word) for word in words})
    inside = openfst.words_of(built.grammar)
    assert sorted(inside[1:-1]) == sorted(words)
    assert (inside[0], inside[-1]) == ("<eps>", UNKNOWN)
    assert built.words == len(words)
    with pytest.raises(ValueError, match="no words"):
        openfst.words_of(built.lexicon)


def test_the_same_words_give_the_same_graph(lexicon: Lexicon) -> None:
    words = {word: lexicon.pronunciations(word) for word in ("stop", "start", "step")}
    one = graph.build(words)
    other = graph.build(dict(reversed(words.items())))
    assert one == other


def test_kaldi_values_are_read_back() -> None:
    out = kaldi.Writer()
    for token, write in (("<A>", lambda: out.matrix(np.arange(6.0).reshape(2, 3))), ("<B>", lambda: out.real(2.5))):
        out.token(token)
        write()
    assert kaldi.array(out.bytes(), "A").tolist() == [[0, 1, 2], [3, 4, 5]]
    flat = kaldi.Writer()
    flat.token("<A>")
    flat.matrix(np.full((2, 2), 0.5))
    assert kaldi.array(flat.bytes(), "A").tolist() == [[0.5, 0.5], [0.5, 0.5]], "a matrix of one value has no range"
    assert kaldi.real(out.bytes(), "B") == 2.5
    with pytest.raises(KeyError):
        kaldi.array(out.bytes(), "C")


def test_phones_are_numbered_without_gaps() -> None:
    assert sorted(PHONE_NUMBERS.values()) == list(range(1, len(hidden_phones()) + 1))
    assert 4 * len(hidden_phones()) == TRANSITION_IDS
    assert placed(("AH",)) == (PHONE_NUMBERS["AH_S"],)
    assert placed(("P", "EY", "N")) == tuple(PHONE_NUMBERS[name] for name in ("P_B", "EY_I", "N_E"))


# ---------------------------------------------------------------- pronunciations


@pytest.mark.parametrize(
    "word", ["throbbing", "bulgarian", "shoulder", "ankle", "faint", "chest", "jaw", "board", "sports", "interacting"]
)
def test_the_rules_agree_with_the_list_where_both_know_a_word(word: str, lexicon: Lexicon) -> None:
    assert word in lexicon
    assert by_rule(word) in lexicon.pronunciations(word)


def test_unknown_symbols_are_left_out() -> None:
    assert to_arpabet(" stˈɑːp ") == ("S", "T", "AA", "P")
    assert to_arpabet("t^ʃˈe^ɪn?") == ("CH", "EY", "N")
    assert set(by_rule("sprachgefuhl")) <= set(ARPABET)


@pytest.mark.parametrize("word", ["42", "Stop", "no-", "größe", "--words", ""])
def test_what_is_no_word_is_refused(word: str, lexicon: Lexicon) -> None:
    with pytest.raises(ModelError, match=r"how .* is pronounced"):
        lexicon.pronunciations(word)


def test_damaged_pronunciations_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="pronunciations cannot be read"):
        Lexicon.load(tmp_path)
    (tmp_path / "pronunciations.txt.gz").write_bytes((ENGLISH / "pronunciations.txt.gz").read_bytes()[:5000])
    with pytest.raises(ModelError, match="pronunciations cannot be read"):
        Lexicon.load(tmp_path)


# ---------------------------------------------------------------- assistant model build


def build(*arguments: str) -> argparse.Namespace:
    options = cli.parser().parse_args(["model", "build", *arguments])
    return options.command(options)


def test_build_adds_a_list_of_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, target = tmp_path / "words.txt", tmp_path / "models" / "mine"
    words.write_text("snowboard\nzercher flibbertigibbet\n")
    assert build("--words", str(words), "--to", str(target)) == 0
    told = capsys.readouterr().out
    assert "flibbertigibbet: pronounced by rule, F L IH" in told
    assert f"{target}: ready" in told
    assert model.is_model(target) is None
    assert lacking(target, ["snowboard zercher flibbertigibbet stop"]) == []
    assert [path.name for path in target.parent.iterdir()] == ["mine"]


def test_a_word_that_cannot_be_said_changes_nothing(tmp_path: Path) -> None:
    words, target = tmp_path / "words.txt", tmp_path / "mine"
    words.write_text("snowboard 4x4\n")
    with pytest.raises(ModelError, match="'4x4'"):
        build("--words", str(words), "--to", str(target))
    assert not target.exists()
    with pytest.raises(ModelError, match="cannot be read"):
        build("--words", str(tmp_path / "none.txt"))


def test_words_of_an_earlier_build_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, target = tmp_path / "words.txt", tmp_path / "mine"
    for word in ("zercher", "flibbertigibbet"):
        words.write_text(word)
        assert build("--words", str(words), "--to", str(target)) == 0
    assert f"kept from before: zercher (to be without them, remove {target} first)" in capsys.readouterr().out
    assert build("--to", str(target)) == 0
    assert lacking(target, ["zercher flibbertigibbet stop"]) == []


def test_a_damaged_graph_is_told(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    damaged = tmp_path / "model/graph/Gr.fst"
    for length in (50_000, 100, 3):
        damaged.write_bytes((SHIPPED / "graph/Gr.fst").read_bytes()[:length])
        with pytest.raises(ModelError, match=r"Gr\.fst: the words of the speech model cannot be read"):
            folder.words(tmp_path / "model")


OLD, NEW = nnet3.transition_model() + b"old", nnet3.transition_model() + b"new"


def test_a_model_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "model"
    folder.write(target, {"am/final.mdl": OLD, "stale": b"x"})
    (tmp_path / ".model.new").mkdir()  # what a power cut leaves
    folder.write(target, {"am/final.mdl": NEW})
    assert [file.name for file in target.rglob("*") if file.is_file()] == ["final.mdl"]
    assert (target / "am/final.mdl").read_bytes() == NEW
    assert list(tmp_path.iterdir()) == [target]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="choose another place"):
        folder.write(tmp_path / "file" / "model", {"am/final.mdl": NEW})


@pytest.mark.parametrize("state", ["full disk", "power cut between the moves"])
def test_a_model_that_cannot_be_replaced_stays(state: str, tmp_path: Path) -> None:
    target = tmp_path / "model"
    folder.write(target, {"am/final.mdl": OLD})
    if state != "full disk":
        target.rename(tmp_path / ".model.old")
    with pytest.raises(ModelError, match="cannot be written"):
        folder.write(target, {"am/final.mdl": NEW, "am/final.mdl/below a file": b"x"})
    assert (target / "am/final.mdl").read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_but_a_model_is_ever_replaced_by_one(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"dear")
    official = tmp_path / "official"
    (official / "am").mkdir(parents=True)
    (official / "am/final.mdl").write_bytes(b"somebody else's")
    for taken in (tmp_path, tmp_path / "photo.jpg", official):
        with pytest.raises(ModelError, match="something else than a speech model"):
            folder.write(taken, {"am/final.mdl": NEW})
    assert (tmp_path / "photo.jpg").read_bytes() == b"dear"
    (tmp_path / "empty").mkdir()
    folder.write(tmp_path / "empty", {"am/final.mdl": NEW})
    assert (tmp_path / "empty/am/final.mdl").read_bytes() == NEW
