"""AHCD comes in whole and upright, or is refused."""

import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


class _Host(BaseHTTPRequestHandler):
    """Says that it has the zip, and sends what it has of it."""

    says, has = 0, b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(self.says))
        self.end_headers()
        self.wfile.write(self.has)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Host]]:
    """Where AHCD is downloaded from: a test says what is there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("train.dataset.URL", f"http://127.0.0.1:{server.server_port}/ahcd.zip")
    yield _Host
    server.shutdown()
    server.server_close()


def test_a_download_is_kept_for_the_next_time(tmp_path: Path, host: type[_Host]) -> None:
    host.has = ahcd_source().read_bytes()
    host.says = len(host.has)
    train, _ = load_ahcd(cache=tmp_path / "data")
    assert np.array_equal(train.cells, ahcd()[0].cells)
    host.has, host.says = b"", 0
    again, _ = load_ahcd(cache=tmp_path / "data")
    assert np.array_equal(again.cells, train.cells)


@pytest.mark.parametrize(("missing", "says"), [(1000, "could not be downloaded"), (0, "not the")])
def test_a_download_that_breaks_off_or_is_another_file_is_refused_and_not_kept(
    tmp_path: Path, host: type[_Host], missing: int, says: str
) -> None:
    host.has = b"PK" + bytes(10_000)
    host.says = len(host.has) + missing
    with pytest.raises(TrainError, match=f"{says}.*--data"):
        load_ahcd(cache=tmp_path)
    assert not list(tmp_path.iterdir())


def test_altered_letters_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(ahcd_source()) as archive:
        archive.extractall(tmp_path)
    file = next(tmp_path.rglob("csvTestLabel*"))
    first, rest = file.read_text().split("\n", 1)
    file.write_text(f"{int(first) % 28 + 1}\n{rest}")
    with pytest.raises(TrainError, match="not those that were published"):
        load_ahcd(tmp_path)


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
