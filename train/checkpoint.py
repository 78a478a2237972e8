"""The state of a run after each epoch, from which it goes on when it was interrupted."""

import json
import time
from pathlib import Path

import keras

from .files import replace_file, write_json

STATE = "training_metadata.json"  # Keras's name for it


class Checkpoint(keras.callbacks.BackupAndRestore):
    """Keras's own, but a run that is killed while it writes keeps the state before.

    Keras writes over the only copy; cut in the middle, it could not be read again. Here each
    epoch's weights are a file of their own, and which one counts is written last.
    """

    def __init__(self, folder: Path) -> None:
        """Go on from what is in the folder; the run's clock starts."""
        super().__init__(folder, delete_checkpoint=False)
        self._started = time.monotonic()
        if (folder / STATE).exists():
            state = json.loads((folder / STATE).read_text(encoding="utf-8"))
            self._weights_path = folder / state["weights"]
            self._started -= state["seconds"]

    @property
    def seconds(self) -> float:
        """What the run has taken, the time before an interruption included."""
        return time.monotonic() - self._started

    def _save_model(self) -> None:
        folder = self.backup_dir
        folder.mkdir(exist_ok=True)
        weights = folder / f"{self._current_epoch}.weights.h5"
        replace_file(weights, self.model.save_weights)
        state = {"epoch": self._current_epoch, "weights": weights.name, "seconds": self.seconds}
        write_json(folder / STATE, state)
        for file in folder.glob("*.weights.h5"):
            if file != weights:
                file.unlink()
