"""From a run to what ships: promoted only when it does not score below what is there."""

import json
import shutil
import sys
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer import Recognizer
from recognizer.characters import LETTERS

from .config import TrainConfig
from .dataset import load_ahcd, split_by_writer
from .errors import TrainError
from .evaluate import check_inputs, evaluate_and_report, refuse_trained_on
from .files import replace_file, replace_model, require_run
from .fit import validation_letters
from .report import percent


def promote(
    workdir: Path,
    shipped: Path,
    data: Path | None = None,
    newhands: Path | None = None,
    baseline: Path | None = None,
) -> None:
    """Put a run into the shipped model's place, with its card and figures.

    Args:
        workdir: A finished run.
        shipped: The folder of the shipped model.
        data: AHCD's zip or folder; None downloads it.
        newhands: Letters by other people, to report on.
        baseline: A run of the baseline, to report beside.

    Raises:
        TrainError: If the run is unfinished, validates below what is shipped or was trained
            on the writers that validate, or something to measure it by is missing.
    """
    _refuse_baseline(workdir)
    require_run(workdir)
    check_inputs(newhands, baseline)  # what is shipped must not be without its figures
    description = json.loads((workdir / "model.json").read_text(encoding="utf-8"))
    if (shipped / "model.json").exists():
        config = TrainConfig()
        refuse_trained_on(config.held_out, description["config"])
        held_out = split_by_writer(load_ahcd(data)[0], config.held_out)[1]
        letters = validation_letters(held_out, config.measured)
        old, new = (
            validation_accuracy(folder, letters.inks, letters.labels)
            for folder in (shipped, workdir)
        )
        if new < old:
            raise TrainError(
                f"The run reads {percent(new)} % of the validation letters, the shipped model "
                f"{percent(old)} %: nothing was changed."
            )
    if not newhands:
        warn_of_missing(shipped)
    shipped.mkdir(parents=True, exist_ok=True)
    curve = "learning_curve.png"
    replace_file(shipped / curve, partial(shutil.copyfile, workdir / curve))
    replace_model(shipped, partial(shutil.copyfile, workdir / "model.keras"), description)
    evaluate_and_report(shipped, data, newhands, baseline)


def warn_of_missing(shipped: Path) -> None:
    """Say on stderr that figures on letters by other people end with the shipped model.

    No more than that: few have these letters.

    Args:
        shipped: The folder of the shipped model, where its figures are if it has some.
    """
    file = shipped / "metrics.json"
    if file.exists() and "newhands" in json.loads(file.read_text(encoding="utf-8")):
        print(
            "The shipped model has figures on letters by other people and the new one will have "
            "none, for which `publish` would refuse it: --newhands measures them.",
            file=sys.stderr,
        )


def validation_accuracy(folder: Path, inks: NDArray[np.uint8], labels: NDArray[np.int64]) -> float:
    """The share of validation letters that a model folder reads rightly.

    Args:
        folder: The model folder.
        inks: (n, 64, 64, 1) uint8 ink, fitted.
        labels: (n,) class index.

    Raises:
        ModelError: If the model folder is not sound.
    """
    predictions = Recognizer.load(folder).recognize_many(inks[..., 0])
    answers = [LETTERS.index(prediction.letter) for prediction in predictions]
    return float((np.array(answers) == labels).mean())


def _refuse_baseline(workdir: Path) -> None:
    try:
        settings = json.loads((workdir / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # there is no run, which is said next
    if settings.get("network") == "baseline":
        raise TrainError(
            f"{workdir} holds a run of the published baseline, which is only compared with: "
            "evaluate --baseline."
        )
