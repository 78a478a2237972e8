"""AHCD comes in whole and upright, or is refused."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from recognizer.characters import LETTERS
from tests.ahcd import ahcd, ahcd_source
from train.dataset import EXCLUDED, N_WRITERS, load_ahcd, split_by_writer
from train.errors import TrainError


def test_every_writer_wrote_every_letter_eight_times_and_twice() -> None:
    train, test = ahcd()
    assert len(test) == N_WRITERS * len(LETTERS) * 2
    assert len(train) == N_WRITERS * len(LETTERS) * 8 - len(EXCLUDED)
    for writer in range(N_WRITERS):
        counts = np.bincount(test.labels[test.writers == writer], minlength=len(LETTERS))
        assert (counts == 2).all()


def test_an_alef_stands_upright() -> None:
    train, _ = ahcd()
    inked = train.cells[train.labels == LETTERS.index("ا")] >= 128
    heights = inked.any(axis=2).sum(axis=1)
    widths = inked.any(axis=1).sum(axis=1)
    assert (heights > widths).mean() > 0.95


def test_wrong_rows_are_left_out_of_training_only() -> None:
    train, test = ahcd()
    assert not set(EXCLUDED) & set(train.rows.tolist())
    assert len(set(test.rows.tolist())) == 3360


def test_writers_held_out_write_nothing_that_is_trained_on() -> None:
    train, _ = ahcd()
    ours, held_out = split_by_writer(train, (3, 17))
    assert set(held_out.writers.tolist()) == {3, 17}
    assert not set(ours.writers.tolist()) & {3, 17}
    assert len(ours) + len(held_out) == len(train)


def test_a_folder_of_the_csv_files_is_as_good_as_the_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(ahcd_source()) as archive:
        archive.extractall(tmp_path)
    train, _ = load_ahcd(tmp_path)
    assert np.array_equal(train.cells, ahcd()[0].cells)


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ahcd.zip"
    file.write_text("not a zip")
    with pytest.raises(TrainError, match="neither AHCD's zip nor a folder"):
        load_ahcd(file)


def test_a_zip_without_the_labels_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ahcd.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("csvTrainImages 13440x1024.csv", "0," * 1023 + "0\n")
    with pytest.raises(TrainError, match="train label file is missing"):
        load_ahcd(file)


@pytest.mark.parametrize(
    ("images", "says"), [("a,b\n", "whole numbers"), ("0,0,0\n", "32×32 pixels")]
)
def test_other_tables_are_refused_with_what_to_do(tmp_path: Path, images: str, says: str) -> None:
    (tmp_path / "csvTrainImages.csv").write_text(images)
    (tmp_path / "csvTrainLabel.csv").write_text("1\n")
    with pytest.raises(TrainError, match=f"{says}.*--data"):
        load_ahcd(tmp_path)


def test_too_few_rows_are_refused(tmp_path: Path) -> None:
    (tmp_path / "csvTrainImages.csv").write_text("0," * 1023 + "0\n")
    (tmp_path / "csvTrainLabel.csv").write_text("1\n")
    with pytest.raises(TrainError, match="incomplete"):
        load_ahcd(tmp_path)
