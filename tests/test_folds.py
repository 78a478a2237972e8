"""Five models, each asked about the writers that it never saw."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ahcd import ahcd_source
from train.config import FOLD, FOLDS, TrainConfig
from train.dataset import N_WRITERS
from train.errors import TrainError
from train.folds import FIGURES, measure_fold, report
from train.report import BUNDLED

FEW = replace(FOLD, epochs=1, limit=64, batch_size=4)


def test_every_writer_is_a_stranger_to_one_fold() -> None:
    held_out = [replace(FOLD, fold=fold).held_out for fold in range(FOLDS)]
    assert sorted(writer for fold in held_out for writer in fold) == list(range(N_WRITERS))


@pytest.mark.parametrize("config", [replace(FEW, fold=5), replace(FEW, validation_writers=4)])
def test_what_is_no_fold_is_refused(config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="0 to 4"):
        measure_fold(config, tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_last_fold_puts_the_mean_beside_the_model_and_on_its_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("train.fit.STATISTICS_BATCHES", 2)  # more would take longer than the epoch
    shipped, workdir = tmp_path / "model", tmp_path / "folds"
    shutil.copytree(BUNDLED, shipped)
    before = (shipped / "metrics.json").read_bytes()
    measure_fold(FEW, workdir, shipped, ahcd_source())
    assert "--fold 1, 2, 3, 4" in capsys.readouterr().out
    first = json.loads((workdir / "0" / FIGURES).read_text(encoding="utf-8"))
    assert (shipped / "metrics.json").read_bytes() == before
    with pytest.raises(TrainError, match="other settings"):
        measure_fold(replace(FEW, fold=1, epochs=2), workdir, shipped, ahcd_source())
    for fold, accuracy in enumerate((0.9, 0.8, 0.7, 0.6), start=1):
        (workdir / str(fold)).mkdir()
        figures = json.dumps(first | {"accuracy": accuracy, "calibration_error": 0.01})
        (workdir / str(fold) / FIGURES).write_text(figures, encoding="utf-8")
    report(workdir, FEW.epochs, shipped)
    folds = json.loads((shipped / "metrics.json").read_text(encoding="utf-8"))["folds"]
    assert folds["accuracy"] == pytest.approx((first["accuracy"] + 3) / 5, abs=1e-5)
    assert folds["letters"] == 5 * first["letters"]
    error = (first["calibration_error"] + 0.04) / 5
    assert folds["calibration_error"] == pytest.approx(error, abs=1e-5) and 0 < error < 1
    card = (shipped / "README.md").read_text(encoding="utf-8")
    assert "five folds by writer, 1 epochs" in card
    assert f"({100 * error:.2f} % on such writers" in card
