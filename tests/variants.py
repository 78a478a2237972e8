"""Models that are like the one that ships, and yet can be told from it."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

from recognizer import Recognizer
from recognizer.model import BUNDLED


def temperature(folder: Path) -> float:
    return Recognizer.load(folder).model.card.temperature


def variant(folder: Path, degrees: float) -> Path:
    """The model that ships with another temperature and other bytes."""
    folder.mkdir()
    shutil.copyfile(BUNDLED / "model.keras", folder / "model.keras")
    with zipfile.ZipFile(folder / "model.keras", "a") as network:
        network.comment = str(degrees).encode()
    card = json.loads((BUNDLED / "model.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
    card |= {"temperature": degrees, "sha256": digest}
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    return folder
