"""The recipe where it needs PyTorch: its network is the product's, and a corpus becomes a model that hears.

Without PyTorch these tests are left out, which the head of the run says (see conftest.py).
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch
import vosk
from acoustic_reference import features, log_posteriors

from assistant.acoustic import nnet3
from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.phones import CLASSES, SILENCE_CLASS
from assistant.errors import ModelError
from assistant.parts import voices_folder
from assistant.recogniser import load
from assistant.words import UNKNOWN
from scripts.train_model import __main__ as recipe
from scripts.train_model import align, augment, corpus, network, noise, train

ENGLISH = voices_folder() / "en"
SHIPPED = ENGLISH / "model"
SAMPLES_A_FRAME = 160
SPEAKERS = 12
WORDS = ("stop", "go", "no", "pause")


@pytest.fixture(scope="module")
def shipped() -> network.TorchNetwork:
    return network.read_model(SHIPPED / "am/final.mdl")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load(ENGLISH)


def say(text: str, folder: Path, pitch: int = 50) -> np.ndarray:
    """eSpeak NG says it: int16 at 16 kHz, as loud as people are, with digital silence around it as its clips have."""
    wav = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-p", str(pitch), "-w", str(wav), text], check=True)
    sound, rate = soundfile.read(wav, dtype="float32")
    return (np.pad(soxr.resample(sound, rate, corpus.RATE), 4800) * 12000).astype(np.int16)


def clip_of(text: str, folder: Path, pitch: int = 50) -> corpus.Clip:
    """The same as a clip of the recipe's."""
    file = folder / f"{text}-{pitch}.wav"
    soundfile.write(file, say(text, folder, pitch), corpus.RATE)
    return corpus.Clip(f"{text}-{pitch}", "espeak", "train", "en-us", text, file)


# ---------------------------------------------------------------- the network


def test_features_and_scores_are_those_of_the_product(shipped: network.TorchNetwork, tmp_path: Path) -> None:
    sound = say("next set", tmp_path)
    sound = sound + np.random.default_rng(0).normal(0, 8, len(sound)).astype(np.int16)
    frames = features(sound)
    with torch.no_grad():
        ours = network.Features()(torch.from_numpy(sound.astype(np.float32))[None])
        scores = torch.log_softmax(shipped(ours), 2)[0].numpy()
    np.testing.assert_allclose(ours[0].numpy(), frames, atol=0.02)
    theirs = log_posteriors(nnet3.read((SHIPPED / "am/final.mdl").read_bytes()), frames)
    np.testing.assert_allclose(scores, theirs, atol=0.05)


def test_a_wider_network_is_the_same_function(shipped: network.TorchNetwork) -> None:
    arrays = network.to_arrays(shipped)
    narrow = network.TorchNetwork([(64, 1, 1), (64, 3, 3), (64, 3, 0)], len(arrays.first_bias))
    frames = torch.randn(1, 90, 40, generator=torch.Generator().manual_seed(0))
    wide = network.widened(narrow)
    assert [len(layer.inner.bias) for layer in wide.layers] == [64, 128, 128]
    with torch.no_grad():
        torch.testing.assert_close(wide(frames), narrow(frames), atol=1e-4, rtol=1e-4)


def test_a_deeper_network_begins_near_the_one_before(shipped: network.TorchNetwork, tmp_path: Path) -> None:
    sound = torch.from_numpy(say("next set", tmp_path).astype(np.float32))[None]
    deeper = network.deepened(shipped, (6, 9), CLASSES)
    assert len(deeper.layers) == len(shipped.layers) + 2
    with torch.no_grad():
        frames = network.Features()(sound)
        agree = deeper(frames).argmax(2) == shipped(frames).argmax(2)
    assert agree.float().mean() > 0.9


def test_a_mean_of_two_networks_lies_between_them(shipped: network.TorchNetwork) -> None:
    other = network.from_arrays(network.to_arrays(shipped))
    with torch.no_grad():
        for value in other.state_dict().values():
            value.add_(1.0)
    for share in (0.0, 0.3, 1.0):
        for name, value in network.mixed(shipped, other, share).state_dict().items():
            torch.testing.assert_close(value, shipped.state_dict()[name] + share, atol=1e-5, rtol=1e-5)


def test_dropout_is_for_the_training_alone(shipped: network.TorchNetwork) -> None:
    frames = torch.randn(2, 60, 40, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        plain = shipped.train()(frames)
        shipped.dropout = 0.2
        dropped, measured = shipped(frames), shipped.eval()(frames)
    shipped.dropout = 0.0
    assert not torch.allclose(dropped, plain, atol=0.1)
    torch.testing.assert_close(measured, plain)


def test_of_hidden_bands_only_the_mean_is_left() -> None:
    sound = torch.randn(1, 4000, generator=torch.Generator().manual_seed(0)) * 1000
    plain = network.Features()
    hidden = torch.zeros(1, 40, dtype=torch.bool)
    hidden[0, 10:14] = True
    mel = lambda cepstra: cepstra[0] @ torch.linalg.inv(plain.cosines)  # noqa: E731
    seen, masked = mel(plain(sound)), mel(plain(sound, hidden=hidden))
    torch.testing.assert_close(masked[:, 10:14], seen[:, 10:14].mean(0).expand(len(seen), 4), atol=1e-3, rtol=0)
    kept = ~hidden[0]
    torch.testing.assert_close(masked[:, kept], seen[:, kept], atol=1e-3, rtol=0)


def test_the_first_formant_has_a_scale_of_its_own() -> None:
    """A tone below 1 kHz follows the throat, one above it the tract."""
    loudest = lambda bank, hertz: bank[round(hertz / 8000 * 256)].argmax()  # noqa: E731
    plain, long, wide = network.mel_bank(1.0), network.mel_bank(1.0, 1.15), network.mel_bank(1.15)
    assert loudest(long, 600) < loudest(plain, 600)
    assert loudest(long, 3000) == loudest(plain, 3000)
    assert loudest(wide, 3000) < loudest(plain, 3000)


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize("text", ["okay", "that hurts", "stop"])
def test_what_is_loud_is_not_labelled_as_silence(
    shipped: network.TorchNetwork, lexicon: Lexicon, tmp_path: Path, text: str
) -> None:
    """After digital silence a network takes loud speech for silence, and would teach that to the next one."""
    clip = clip_of(text, tmp_path)
    found = align.align(clip, align.scorer(shipped, np.zeros(CLASSES)), lexicon)
    assert found
    sound, silent = clip.sound().astype(float), np.ones(len(clip.sound()) // SAMPLES_A_FRAME, bool)
    for start, length, phone, _ in found[0]:
        silent[start : start + length] &= phone < 0
    power = np.square(sound[: len(silent) * SAMPLES_A_FRAME]).reshape(len(silent), -1).mean(1)
    loud = power > power.max() / 100
    assert loud.any()
    assert (silent & loud).sum() <= 0.05 * loud.sum()
    assert silent.any()


def test_words_that_do_not_fit_into_a_clip_are_no_labels(
    shipped: network.TorchNetwork, lexicon: Lexicon, tmp_path: Path
) -> None:
    clip = clip_of("stop", tmp_path)
    long = corpus.Clip("long", "espeak", "train", "en-us", " ".join(["nineteen kilos"] * 20), clip.file)
    assert align.align(long, align.scorer(shipped, np.zeros(CLASSES)), lexicon) is None


# ---------------------------------------------------------------- the training


@pytest.fixture
def material(shipped: network.TorchNetwork, lexicon: Lexicon, tmp_path: Path) -> train.Material:
    score = align.scorer(shipped, np.zeros(CLASSES))
    clips = []
    for pitch in (30, 60):
        for word in WORDS:
            clip = clip_of(word, tmp_path, pitch)
            found = align.align(clip, score, lexicon)
            assert found
            clips.append(augment.Spoken(clip.sound(), "espeak", found[0], np.zeros(1)))
    stock = noise.Stock(1, [clip.sound for clip in clips], 2, 4)
    return train.Material(clips, stock, train.development_sets(clips, stock, 4))


def weights(trained: train.Trained) -> np.ndarray:
    return np.concatenate([value.numpy().ravel() for value in trained["state"].values()])


def test_a_training_that_was_stopped_goes_on_where_it_was(
    material: train.Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "BATCH", 4)
    monkeypatch.setattr(train, "KEEP_EVERY_SECONDS", 0.0)
    folder = tmp_path / "training"
    begin = lambda: network.read_model(SHIPPED / "am/final.mdl")  # noqa: E731
    looks = []

    def pulled_after_two(net: network.TorchNetwork, sets: train.Sets) -> str:
        looks.append(len(sets))
        if len(looks) == 2:
            raise KeyboardInterrupt
        return ""

    with monkeypatch.context() as patch:
        patch.setattr(train, "measure", pulled_after_two)
        with pytest.raises(KeyboardInterrupt):
            train.train(begin(), material, 5, 1e-4, folder, 0)
    kept = torch.load(folder / "training.pt")
    assert kept["done"] == 2
    trained = train.train(begin(), material, 5, 1e-4, folder, 0)
    assert torch.load(folder / "training.pt")["done"] == 5
    assert np.isfinite(weights(trained)).all()
    assert trained["prior"].argmax() == SILENCE_CLASS
    again = train.train(begin(), material, 5, 1e-4, folder, 0)
    np.testing.assert_array_equal(weights(again), weights(trained))
    with pytest.raises(ModelError, match="of another length; remove it"):
        train.train(begin(), material, 6, 1e-4, folder, 0)


def test_a_corpus_becomes_a_model_that_hears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every step but the rendering of voices, by the commands of docs/MODEL.md."""
    monkeypatch.setattr(train, "BATCH", 4)
    monkeypatch.setattr(recipe, "STOCK", (2, 4))
    monkeypatch.setattr(recipe, "DEVELOPMENT_STOCK", (2, 4))
    source, work, model = tmp_path / "corpus/gsc", tmp_path / "work", tmp_path / "model"
    source.mkdir(parents=True)
    work.mkdir()
    rows, sounds, at = ["\t".join(corpus.COLUMNS)], [], 0
    for speaker in range(SPEAKERS):
        for word in WORDS:
            sound = say(word, tmp_path, pitch=20 + 5 * speaker)
            start, at = at, at + len(sound)
            times = f"{start / corpus.RATE:.6f}\t{at / corpus.RATE:.6f}"
            rows.append(f"all.flac\t{word}-{speaker}\tspeaker{speaker:02d}\t{times}\t{word}")
            sounds.append(sound)
    soundfile.write(source / "all.flac", np.concatenate(sounds), corpus.RATE)
    (source / "segments.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    folders = ["--work", str(work), "--corpus", str(source.parent), "--to", str(model)]
    for step in (["align"], ["train", "--length", "0.0004", "--workers", "0"], ["export"], ["evaluate"]):
        recipe.main([*step, *folders])
    assert torch.load(work / "training/training.pt")["done"] == 2
    # The shipped model is where a training begins and where it is written: all steps can be called again then.
    before = (work / "trained.pt").read_bytes()
    recipe.main(["train", *folders, "--start", str(model)])
    assert (work / "trained.pt").read_bytes() == before
    with pytest.raises(SystemExit, match=r"no-model.*cannot be read"):
        recipe.main(["train", *folders, "--start", str(tmp_path / "no-model")])
    told = capfd.readouterr().out
    tested = SPEAKERS // 4 * len(WORDS)
    assert f"{tested} clips of {len(WORDS)} commands" in told

    recogniser = vosk.KaldiRecognizer(load(model), corpus.RATE, json.dumps([*WORDS, "next set", UNKNOWN]))
    heard = np.pad(say("next set", tmp_path), corpus.RATE)
    heard = heard + np.random.default_rng(0).normal(0, 6, len(heard))
    recogniser.AcceptWaveform(heard.astype(np.int16).tobytes())
    assert json.loads(recogniser.FinalResult())["text"] == "next set"
