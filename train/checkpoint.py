"""The state of a run after each epoch, from which it goes on when it was interrupted."""

import json
import time
from pathlib import Path

import keras

from .files import replace_file, write_json

STATE = "training_metadata.json"  # Keras's name for it


class Checkpoint(keras.callbacks.BackupAndRestore):
    """Keras's own, but a run that is killed while it writes keeps the state before.

    Keras writes over the only copy; cut in the middle, it could not be read again.
    """

    def __init__(self, folder: Path) -> None:
        """Go on from what is in the folder; the run's clock starts."""
        super().__init__(folder, delete_checkpoint=False)
        self._started = time.monotonic()
        state = folder / STATE
        if state.exists():
            self._started -= json.loads(state.read_text(encoding="utf-8")).get("seconds", 0)

    @property
    def seconds(self) -> float:
        """What the run has taken, the time before an interruption included."""
        return time.monotonic() - self._started

    def _save_model(self) -> None:
        folder = self.backup_dir
        folder.mkdir(exist_ok=True)
        replace_file(folder / "latest.weights.h5", self.model.save_weights)
        state = {"epoch": self._current_epoch, "batch": self._last_batch_seen}
        write_json(folder / STATE, state | {"seconds": self.seconds})
