"""The state of a run after each epoch, from which it goes on when it was interrupted."""

import keras

from .files import replace_file, write_json


class Checkpoint(keras.callbacks.BackupAndRestore):
    """Keras's own, but a run that is killed while it writes keeps the state before.

    Keras writes over the only copy; cut in the middle, it could not be read again.
    """

    def _save_model(self) -> None:
        folder = self.backup_dir
        folder.mkdir(exist_ok=True)
        replace_file(folder / "latest.weights.h5", self.model.save_weights)
        state = {"epoch": self._current_epoch, "batch": self._last_batch_seen}
        write_json(folder / "training_metadata.json", state)
