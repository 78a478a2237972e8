"""AHCD, the Arabic Handwritten Characters Dataset, with its quirks cured here.

A. El-Sawy, M. Loey, H. El-Bakry: Arabic Handwritten Characters Recognition using
Convolutional Neural Network, WSEAS Transactions on Computer Research 5, 2017.
13,440 training and 3,360 test letters by 60 people, 32×32 grey, white ink on black.
"""

import hashlib
import urllib.request
import zipfile
from dataclasses import dataclass
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.characters import LETTERS

from .errors import TrainError

URL = (
    "https://raw.githubusercontent.com/mloey/Arabic-Handwritten-Characters-Dataset/"
    "master/Arabic%20Handwritten%20Characters%20Dataset%20CSV.zip"
)
SHA256 = "3dcf2ed8f57a5914078929a53a6302aeb1b065ffec5f0dd92b3b463a121d0161"  # of the zip
LETTERS_SHA256 = "e392d36f72674d12f6adee3e53ab56b5f606dcbae9bb8eb77bd3492abb67e55c"  # in any form
CELL = 32  # pixels, both sides of one scan
N_WRITERS = 60
N_TRAINING = 13_440  # letters that were published to train with
_GIVE = "give the published zip, or a folder of its CSVs, with --data"

# Rows of the training set that teach a wrong thing. The test set is left as it is.
# A letter whose dot the scan lost, or left too faint to be ink, would teach that د may be ذ.
_LOST_DOTS = {
    "خ": (1395, 1396),
    "ذ": (1411, 1413, 1414, 1415, 2529, 7459, 10370, 10371, 10375),
    "ز": (1205, 1430, 8823, 10387),
    "ض": (1238, 1458, 7283, 10417, 10419, 10421),
    "ظ": (1248, 1472, 1473, 1474, 1476, 1477),
    "غ": (10448, 10451, 12692),
    "ف": (6651,),
    "ن": (1312, 1316, 1543, 10497),
}
EXCLUDED = {
    1766: "labelled thal, shows another letter",
    6050: "blank",
    7553: "labelled qaf, shows teh",
} | {row: "shows no dot" for rows in _LOST_DOTS.values() for row in rows}


@dataclass(frozen=True)
class Scans:
    """Scanned letters.

    Attributes:
        cells: (n, 32, 32) uint8, upright; 0 is paper, 255 is ink.
        labels: (n,) int64 class index, 0 to 27.
        writers: (n,) int64, 0 to 59; the same number is the same person in train and test.
        rows: (n,) int64, the row in the published file, counted from 0.
    """

    cells: NDArray[np.uint8]
    labels: NDArray[np.int64]
    writers: NDArray[np.int64]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        """How many letters there are."""
        return len(self.labels)

    def where(self, chosen: NDArray[np.bool_]) -> "Scans":
        """The letters for which ``chosen`` (n,) is true."""
        return Scans(
            self.cells[chosen], self.labels[chosen], self.writers[chosen], self.rows[chosen]
        )


def load_ahcd(source: Path | None = None, cache: Path = Path("data")) -> tuple[Scans, Scans]:
    """Read AHCD.

    Args:
        source: The published zip or a folder with its four CSV files. None downloads
            the zip into ``cache`` once and checks it.
        cache: Where a downloaded zip is kept.

    Returns:
        The training set without its wrong rows, and the whole test set.

    Raises:
        TrainError: If the files are missing, altered or cannot be downloaded.
    """
    files = _read_files(source or _download(cache))
    train = _scans(files, "train", rows_per_writer=224)
    test = _scans(files, "test", rows_per_writer=56)
    if _letters_sha256(train, test) != LETTERS_SHA256:
        raise TrainError(f"AHCD's letters are not those that were published: {_GIVE}.")
    return train.where(~np.isin(train.rows, list(EXCLUDED))), test


def split_by_writer(scans: Scans, held_out: tuple[int, ...]) -> tuple[Scans, Scans]:
    """Part the scans into those by other writers and those by the writers held out."""
    chosen = np.isin(scans.writers, held_out)
    return scans.where(~chosen), scans.where(chosen)


def _download(cache: Path) -> Path:
    target = cache / "ahcd.zip"
    if target.exists() and _sha256(target.read_bytes()) == SHA256:
        return target
    try:
        with urllib.request.urlopen(URL, timeout=60) as answer:
            data = answer.read()
    except (OSError, HTTPException) as error:  # the latter where the connection breaks off
        raise TrainError(f"AHCD could not be downloaded ({error}): {_GIVE}.") from error
    if _sha256(data) != SHA256:
        raise TrainError(
            "The downloaded AHCD is not the published file; nothing was kept: try again later, "
            f"or {_GIVE}."
        )
    cache.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(data)
    partial.replace(target)
    return target


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _letters_sha256(*parts: Scans) -> str:
    """Of the pixels and labels, however they are packed."""
    arrays = (array for part in parts for array in (part.cells, part.labels.astype("<i8")))
    return _sha256(b"".join(array.tobytes() for array in arrays))


def _read_files(source: Path) -> dict[str, bytes]:
    """The CSV files by their base name."""
    if source.is_dir():
        return {path.name: path.read_bytes() for path in source.rglob("*.csv")}
    try:
        with zipfile.ZipFile(source) as archive:
            return {
                Path(name).name: archive.read(name)
                for name in archive.namelist()
                if name.endswith(".csv")
            }
    except (OSError, zipfile.BadZipFile) as error:
        raise TrainError(
            f"{source} is neither AHCD's zip nor a folder of its CSVs: {_GIVE}."
        ) from error


def _scans(files: dict[str, bytes], part: str, rows_per_writer: int) -> Scans:
    cells = _table(files, part, "image").astype(np.uint8)
    if cells.shape[1] != CELL**2:
        raise TrainError(f"AHCD's {part} images are not {CELL}×{CELL} pixels: {_GIVE}.")
    cells = cells.reshape(-1, CELL, CELL)
    labels = _table(files, part, "label").ravel() - 1  # published as 1 to 28
    if len(cells) != len(labels) or len(labels) != N_WRITERS * rows_per_writer:
        raise TrainError(f"AHCD's {part} set is incomplete, {len(labels)} labels: {_GIVE}.")
    if not np.array_equal(np.unique(labels), np.arange(len(LETTERS))):
        raise TrainError(f"AHCD's {part} labels are not 1 to {len(LETTERS)}: {_GIVE}.")
    rows = np.arange(len(labels))
    # Cells are stored column by column. The order of rows tells the writer: each
    # test block is nearest to the training block with its own index, 60 of 60 times.
    upright = np.ascontiguousarray(cells.transpose(0, 2, 1))
    return Scans(upright, labels, rows // rows_per_writer, rows)


def _table(files: dict[str, bytes], part: str, kind: str) -> NDArray[np.int64]:
    for name, data in files.items():
        if part in name.lower() and kind in name.lower():
            try:
                return np.loadtxt(BytesIO(data), delimiter=",", dtype=np.int64, ndmin=2)
            except ValueError:
                raise TrainError(f"{name} is not a table of whole numbers: {_GIVE}.") from None
    raise TrainError(f"AHCD's {part} {kind} file is missing: {_GIVE}.")
