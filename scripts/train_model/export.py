"""From trained weights to a model folder: priors, the strictness of rejection, the search, and the words."""

from pathlib import Path

import numpy as np

from assistant import ear
from assistant.acoustic import folder, nnet3
from assistant.acoustic.folder import Decoding
from assistant.acoustic.graph import build
from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.phones import GARBAGE_CLASS, SILENCE_CLASS
from assistant.pack import Pack
from scripts.train_model.network import TorchNetwork, from_arrays, mixed, to_arrays

# Chosen on the development speakers and by the rehearsals; docs/MODEL.md tells what else was tried.
PRIOR_WEIGHT = 0.7
"""How much of the classes' frequency in training is taken out again."""
GARBAGE_BIAS = 1.6
"""Added to the log score of speech that is no command, at every frame: more of it rejects more."""
SILENCE_BIAS = 0.25
"""Added to the log score of silence: more of it ignores more of the voices in the background, and of short cries."""
START_SHARE = 0.3
"""How much of the model that was trained on is in the weights of the one that comes of it, its biases too (Wortsman
and others, Robust fine-tuning of zero-shot models, 2022)."""
DECODING = Decoding(
    acoustic_scale=0.2,
    beam=10.0,
    lattice_beam=6.0,
    min_active=200,
    max_active=3000,
    frames_per_chunk=9,
    trailing_silence_s=(0.4, 0.8, 1.5),
)


def words(pack: Pack) -> list[str]:
    """The words of the shipped graph: the commonest of English, those of bodies and training, and all of the pack."""
    common = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()
    return list(dict.fromkeys((*common, *ear.words(pack))))


def export(
    network: TorchNetwork,
    prior: np.ndarray,
    begins: TorchNetwork | None,
    pack: Pack,
    lexicon: Lexicon,
    target: Path,
) -> int:
    """Writes the model; `prior` is how often each class was seen, and `begins` the model that was trained on, its
    biases in it. Returns how many words it knows."""
    bias = -PRIOR_WEIGHT * np.log(prior / prior.sum())
    bias[GARBAGE_CLASS] += GARBAGE_BIAS
    bias[SILENCE_CLASS] += SILENCE_BIAS
    graph = build({word: lexicon.pronunciations(word) for word in words(pack)})
    arrays = to_arrays(network).biased(bias)
    if begins:
        arrays = to_arrays(mixed(from_arrays(arrays), begins, START_SHARE))
    acoustic_model = nnet3.write(arrays)
    contents = folder.files(graph, acoustic_model, DECODING.conf())
    if (target / "README.md").exists():
        contents["README.md"] = (target / "README.md").read_bytes()
    folder.write(target, contents)
    return graph.words
