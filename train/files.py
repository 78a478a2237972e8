"""Files that are either there and whole, or not there; and folders with one run at a time."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from recognizer.characters import LETTERS
from recognizer.ink import INPUT_SIZE
from recognizer.model import NEXT

from .errors import TrainError

if TYPE_CHECKING:  # importing it takes seconds
    import keras

Write = Callable[[Path], object]


def replace_file(path: Path, write: Write) -> None:
    """Write beside the file, make sure that it reached the disk, then take its place.

    Args:
        path: The file to make or replace.
        write: Writes the whole content to the path that it is given.
    """
    _move(_written(path, write), path)


def replace_text(path: Path, text: str) -> None:
    """Write a text file."""
    replace_file(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write readable JSON, Arabic as itself."""
    replace_text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def replace_model(folder: Path, write: Write, description: dict[str, Any]) -> None:
    """Replace ``model.keras`` and ``model.json``: whoever loads finds the old pair or the new.

    Two files cannot change at once. The new description lies beside the old one until the
    network is in its place, and loading takes whichever of the two describes the network.

    Args:
        folder: Where they go.
        write: Writes the network to the path that it is given.
        description: What ``model.json`` says, but for the checksum.
    """
    network = _written(folder / "model.keras", write)
    write_json(folder / NEXT, {**description, "sha256": _sha256(network)})
    _move(network, folder / "model.keras")
    _move(folder / NEXT, folder / "model.json")


@contextmanager
def alone_in(workdir: Path) -> Iterator[None]:
    """Keep every other run out of a folder, which is made if it is not there.

    The system holds the lock, so that it ends with a process that is killed. Its file stays:
    who removed it could take it from under the next run.

    Args:
        workdir: Where the run lives.

    Raises:
        TrainError: If another run is at work there.
    """
    workdir.mkdir(parents=True, exist_ok=True)
    with (workdir / ".lock").open("w", encoding="utf-8") as file:
        file.write("Locked while a run is at work here.\n")
        file.flush()  # where nothing can be written, that shows before there is work to lose
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):  # as POSIX and Windows say it
            raise TrainError(
                f"Another run is at work in {workdir}: wait for it, or take another --workdir."
            ) from None
        except OSError:
            pass  # a file system without locks
        yield


def _lock(file: IO[str]) -> None:
    """Lock a file until it is closed, without waiting for it.

    Raises:
        OSError: If another process has locked it, or it cannot be locked.
    """
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def require_run(folder: Path, file: str = "model.json") -> None:
    """Make sure that a run got as far as to its last file.

    Raises:
        TrainError: If it is not there.
    """
    if not (folder / file).is_file():
        raise TrainError(f"{folder} holds no finished run: finish it with fit --workdir.")


def write_model(
    folder: Path, network: "keras.Model | None", calibration: dict, config: dict, metrics: dict
) -> None:
    """Write ``model.keras`` and the ``model.json`` that belongs to it.

    Args:
        folder: Where they go.
        network: Without its optimizer, which inference does not need; None leaves the file that
            is there, and with it its checksum: Keras writes other bytes each time.
        calibration: ``temperature`` and ``thresholds``.
        config: The settings of the run.
        metrics: What it scored on its validation letters.
    """
    description = {"labels": LETTERS, "input_size": INPUT_SIZE, **calibration}
    description |= {"config": config, "metrics": metrics}
    if network is None:
        digest = _sha256(folder / "model.keras")
        write_json(folder / "model.json", {**description, "sha256": digest})
    else:
        replace_model(folder, lambda path: _save_packed(network, path), description)


def _save_packed(network: "keras.Model", path: Path) -> None:
    """Write what Keras writes, compressed; Keras reads it all the same."""
    network.save(path)
    with ZipFile(path) as archive:
        parts = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with ZipFile(path, "w") as archive:
        for entry, content in parts:
            archive.writestr(entry, content, ZIP_DEFLATED, compresslevel=9)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _written(path: Path, write: Write) -> Path:
    """Write beside a path, down to the disk; nothing is left there if that fails."""
    partial = path.with_name(f".partial.{path.name}")
    try:
        write(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _move(source: Path, target: Path) -> None:
    """Let a file take another's place, also after a power cut."""
    source.replace(target)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
