"""The trained network: where it comes from, what is checked, and the compiled call.

A model is a folder with two files: ``model.keras``, the network, and ``model.json``,
what belongs to it: labels in output order, input size, temperature, thresholds,
checksum, and how it was trained.
"""

import gc
import hashlib
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import hub
from .assets import ASSETS
from .characters import LETTERS
from .compiled import Answers, CompiledNetwork, uncompiled
from .errors import InkError, ModelError
from .ink import INPUT_SIZE
from .looks import Infer, look_twice

BUNDLED = ASSETS / "model"
NEXT = "model.next.json"  # describes model.keras while a new model takes the old one's place
CHOICE = "HARF_MODEL"  # the environment variable that names another model

_loaded_in: int | None = None  # the process in which TensorFlow was loaded, by its number

_REPAIR = "copy the whole model folder again, or train one in a clone with `python -m train`."


@dataclass(frozen=True)
class Thresholds:
    """Where an answer turns into another kind of answer, in 0 to 1.

    Attributes:
        letter: Letterness below it means that this is not a letter.
        sure: Confidence below it means that the letter is not sure.
    """

    letter: float
    sure: float


@dataclass(frozen=True)
class ModelCard:
    """What is written beside the weights.

    Attributes:
        temperature: Divides the logits, so that confidence means how often it is right.
        thresholds: Where an answer turns into another kind of answer.
        sha256: Checksum of the network's file, in hexadecimal.
        config: The settings that it was trained with.
        metrics: What it scored.
    """

    temperature: float
    thresholds: Thresholds
    sha256: str
    config: dict[str, Any]
    metrics: dict[str, Any]


class Model:
    """A network ready to answer. Calls are thread-safe.

    Attributes:
        card: What is written beside the weights.
    """

    def __init__(self, card: ModelCard, infer: Infer) -> None:
        """Keep the compiled call; use `Model.load` to get one."""
        self.card = card
        self._infer = infer

    @classmethod
    def load(cls, source: str | Path | None = None, *, compiled: bool = True) -> "Model":
        """Find a model, check it and warm it up.

        Args:
            source: A folder, or a name on the Hub: hf://OWNER/NAME@REVISION. None means
                what HARF_MODEL names, else the model that comes with Harf.
            compiled: Whether more than some thirty letters will be read: half a second now,
                and 13 ms less for each. One in a thousand is read otherwise.

        Raises:
            ModelError: If it cannot be fetched, or is not a whole, unaltered model for
                our letters, or this process was forked after one was loaded.
        """
        check_process()
        source = source or os.environ.get(CHOICE) or BUNDLED
        if not str(source).startswith(hub.SCHEME):
            if source != BUNDLED and not os.path.isdir(source):  # where pathlib would raise
                raise ModelError(
                    f"There is no folder {str(source)!r}: check its name, or name a model on the "
                    "Hub as hf://OWNER/NAME."
                )
            return cls._from_folder(Path(source), compiled=compiled)
        name = hub.HubName.parse(str(source))
        folder = hub.fetch(name)
        try:
            return cls._from_folder(folder, compiled=compiled)
        except ModelError as error:
            raise ModelError(str(error).removesuffix(_REPAIR) + name.repair) from None

    @classmethod
    def _from_folder(cls, folder: Path, *, compiled: bool) -> "Model":
        card = read_card(folder)
        digest = _digest(folder)
        if digest != card.sha256 and (folder / NEXT).is_file():
            # Whoever replaced the model was cut off between its two files.
            card = read_card(folder, NEXT)
        if digest != card.sha256:
            raise ModelError(
                f"The model.keras is not the file that model.json describes: {_REPAIR}"
            )
        network = _read_network(folder)
        try:
            infer = (CompiledNetwork if compiled else uncompiled)(network, card.temperature)
            model = cls(card, infer)
            # The first call is slow: the first user should not pay for it.
            letters, letterness = model(np.zeros((1, INPUT_SIZE, INPUT_SIZE), np.uint8))
        except Exception:  # whatever another network's shapes make TensorFlow raise
            raise ModelError(
                f"The network does not take or give what Harf needs: {_REPAIR}"
            ) from None
        if letters.shape != (1, len(LETTERS)) or letterness.shape != (1,):
            raise ModelError(f"The network does not answer for Harf's letters: {_REPAIR}")
        return model

    def __call__(self, batch: NDArray[np.uint8]) -> Answers:
        """Answer for a batch; what is in doubt is looked at twice.

        Args:
            batch: (n, 64, 64) uint8 ink, fitted to the input.

        Returns:
            (n, 28) float32 calibrated probabilities in the order of LETTERS, and
            (n,) float32 letterness in 0 to 1: how much this looks like one letter at all.

        Raises:
            ModelError: If this process was forked after the model was loaded.
            InkError: If the ink has another size.
        """
        check_process()
        if batch.shape[1:] != (INPUT_SIZE, INPUT_SIZE):
            raise InkError("The network reads ink of 64×64: `fit_to_input` makes it.")
        return look_twice(self._infer, batch)


def check_process() -> None:
    """Refuse a process that was forked after TensorFlow was loaded.

    TensorFlow's threads stay behind in the other one: whatever waits for them waits for ever.

    Raises:
        ModelError: If this is one.
    """
    if _loaded_in not in (None, os.getpid()):
        raise ModelError(
            "This process was forked after a model was loaded, and cannot use or load one: fork "
            "before anything is loaded, or start processes with spawn."
        )


def read_card(folder: Path, name: str = "model.json") -> ModelCard:
    """Read and check what is written beside the weights.

    Args:
        folder: The model folder.
        name: The file in which it is written.

    Raises:
        ModelError: If model.json is missing, damaged or made for something else.
    """
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError:
        raise _missing(folder, name) from None
    except ValueError:
        raise ModelError(f"The model's model.json is damaged: {_REPAIR}") from None
    try:
        labels, input_size = content["labels"], content["input_size"]
        thresholds = Thresholds(**{k: _share(v) for k, v in content["thresholds"].items()})
        temperature = _positive(content["temperature"])
        config, metrics = dict(content.get("config", {})), dict(content.get("metrics", {}))
        card = ModelCard(temperature, thresholds, str(content["sha256"]), config, metrics)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ModelError(f"The model's model.json lacks something or is wrong: {_REPAIR}") from None
    if labels != LETTERS:
        raise ModelError(f"The model was trained for other letters or another order: {_REPAIR}")
    if input_size != INPUT_SIZE:
        raise ModelError(f"The model takes {input_size} pixels, not {INPUT_SIZE}: {_REPAIR}")
    return card


def _missing(folder: Path, name: str) -> ModelError:
    return ModelError(f"There is no {name} in the folder {folder.name!r}: {_REPAIR}")


def _share(value: Any) -> float:
    if not 0 <= (share := float(value)) <= 1:
        raise ValueError
    return share


def _positive(value: Any) -> float:
    if not 0 < (number := float(value)) < math.inf:
        raise ValueError
    return number


def _digest(folder: Path) -> str:
    """Return the checksum of model.keras."""
    try:
        return hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
    except OSError:
        raise _missing(folder, "model.keras") from None


def do_without_onednn() -> None:
    """Let TensorFlow start without oneDNN, in this whole process.

    For a process that does nothing else with it: TensorFlow Lite has convolutions of its own,
    and where the processor knows AVX-512, oneDNN greets on the console at every start.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


@contextmanager
def for_good() -> Iterator[None]:
    """Keep Python's collector of garbage from what is loaded here, now and later.

    For a process that keeps its model to the end. While TensorFlow is imported the collector
    would look through hundreds of thousands of objects time and again, of which none is garbage;
    then for 0.2 s whenever it looks through all; and once more for a second at the end.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _read_network(folder: Path) -> Any:
    """Load model.keras in safe mode."""
    global _loaded_in
    _loaded_in = os.getpid()
    # Seconds, hundreds of megabytes and a page of log lines: only when a model is needed.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras

    try:
        return keras.models.load_model(folder / "model.keras", compile=False, safe_mode=True)
    except Exception:  # Keras raises whatever the file makes it stumble over
        raise ModelError(f"The model.keras cannot be opened by this Keras: {_REPAIR}") from None
