"""Files that are either there and whole, or not there."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from recognizer.characters import LETTERS
from recognizer.ink import INPUT_SIZE


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file, make sure that it reached the disk, then take its place.

    Args:
        path: The file to make or replace.
        write: Writes the whole content to the path that it is given.
    """
    partial = path.with_name(f".partial.{path.name}")
    write(partial)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def write_json(path: Path, content: Any) -> None:
    """Write readable JSON, Arabic as itself."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    replace_file(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def write_model(
    folder: Path, network: keras.Model, calibration: dict, config: dict, metrics: dict
) -> None:
    """Write ``model.keras`` and the ``model.json`` that belongs to it.

    Args:
        folder: Where they go.
        network: In full precision; what is not needed for inference is left out.
        calibration: ``temperature`` and ``thresholds``.
        config: The settings of the run.
        metrics: What it scored on its validation letters.
    """
    replace_file(folder / "model.keras", lambda partial: network.save(partial))
    digest = hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
    description = {"labels": LETTERS, "input_size": INPUT_SIZE, **calibration, "sha256": digest}
    write_json(folder / "model.json", {**description, "config": config, "metrics": metrics})
