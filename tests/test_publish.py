"""Only a run that reads at least as well takes the shipped model's place."""

import shutil
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.ahcd import ahcd_source
from train.config import FOLD, TrainConfig
from train.errors import TrainError
from train.evaluate import refuse_trained_on
from train.files import replace_file, write_model
from train.publish import promote, warn_of_missing
from train.report import BUNDLED


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_unfinished_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="no finished run"):
        promote(tmp_path, tmp_path / "shipped")
    assert not (tmp_path / "shipped").exists()


def test_a_worse_run_changes_nothing(tmp_path: Path) -> None:
    shipped, run = tmp_path / "shipped", tmp_path / "run"
    shutil.copytree(BUNDLED, shipped)
    run.mkdir()
    calibration = {"temperature": 1.0, "thresholds": {"letter": 0.5, "sure": 0.9}}
    network = keras.models.load_model(BUNDLED / "model.keras", compile=False)
    letters = network.get_layer("letter_logits")  # each is now taken for its neighbour
    letters.set_weights([np.roll(weights, 1, axis=-1) for weights in letters.get_weights()])
    write_model(run, network, calibration, asdict(TrainConfig()), {"seconds": 0})
    before = contents(shipped)
    with pytest.raises(TrainError, match="nothing was changed"):
        promote(run, shipped, ahcd_source())
    assert contents(shipped) == before


def test_figures_that_end_with_the_shipped_model_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warn_of_missing(tmp_path)
    (tmp_path / "metrics.json").write_text('{"ahcd_test": {}}')
    warn_of_missing(tmp_path)
    assert capsys.readouterr().err == ""
    warn_of_missing(BUNDLED)
    said = capsys.readouterr().err
    assert "letters by other people" in said and "--newhands" in said and said.count("\n") == 1


def test_a_run_that_knows_the_validating_writers_is_refused() -> None:
    usual = TrainConfig().held_out
    refuse_trained_on(usual, asdict(TrainConfig()))
    refuse_trained_on(usual, asdict(FOLD))  # holds out these writers and more
    with pytest.raises(TrainError, match="would flatter"):
        refuse_trained_on(usual, asdict(TrainConfig(fold=1)))


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text("old")

    def fail(partial: Path) -> None:
        partial.write_text("ne")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_file(file, fail)
    assert file.read_text() == "old"
    replace_file(file, lambda partial: np.save(partial.open("wb"), np.zeros(1)))
    assert file.read_bytes().startswith(b"\x93NUMPY")
