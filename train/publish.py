"""From a run to what ships: promoted only when it does not score below what is there."""

import json
import shutil
from pathlib import Path

import keras

from .errors import TrainError
from .evaluate import Metrics, evaluate
from .files import replace_file, write_json
from .report import accuracy_table, detail_tables, update_between_markers

README = Path(__file__).parent.parent / "README.md"
PICTURES = ("learning_curve.png",)
SCORED = ("held_out_writers", "ahcd_test_redrawn", "ahcd_test", "newhands")


def promote(
    workdir: Path, shipped: Path, data: Path | None = None, newhands: Path | None = None
) -> None:
    """Put a run into the shipped model's place, with its card and figures.

    Args:
        workdir: A finished run.
        shipped: The folder of the shipped model.
        data: AHCD's zip or folder; None downloads it.
        newhands: Letters by other people, to report on.

    Raises:
        TrainError: If the run is unfinished or validates below what is shipped.
    """
    if not (workdir / "model.json").exists():
        raise TrainError(f"{workdir} holds no finished run: finish it with fit --workdir.")
    if (shipped / "model.json").exists():
        inks, labels = validation_letters(split_by_writer(load_ahcd(data)[0], HELD_OUT)[1])
        old, new = (validation_accuracy(folder, inks, labels) for folder in (shipped, workdir))
        if new < old:
            raise TrainError(
                f"The run reads {percent(new)} % of the validation letters, the shipped model "
                f"{percent(old)} %: nothing was changed."
            )
    shipped.mkdir(parents=True, exist_ok=True)
    # The description goes last: until then it does not fit the weights, and loading
    # says so instead of mixing two models.
    for name in ("learning_curve.png", "model.keras", "model.json"):
        source = workdir / name
        replace_file(shipped / name, partial(shutil.copyfile, source))
    evaluate_and_report(shipped, data, newhands)
