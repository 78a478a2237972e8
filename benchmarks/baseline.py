"""The published baseline as its app and its script use it.

From paulaehab/Arabic-handwriting-character-recognition: at every click the model's file
is loaded, the picture reshaped, and `model.predict` asked about one image. Its network
has random weights here: they cost the same time.
"""

import sys
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

SIDE = 64  # pixels


def save_network(path: Path) -> None:
    """Write the baseline's network to a .keras file, compiled as its training leaves it."""
    # The script below is timed as a process: it has no use for our training code.
    from train.network import build_baseline

    network = build_baseline()
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    network.save(path)


def click(model: Path, picture: Path) -> int:
    """Answer one click: everything from the beginning.

    Returns:
        The class index, of its 38.
    """
    return predict(keras.models.load_model(model), read(picture))


def read(picture: Path) -> NDArray[np.float32]:
    """A picture's file as (1, 64, 64, 1) in 0 to 1."""
    grey = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    pixels = cv2.resize(grey, (SIDE, SIDE)).astype(np.float32) / 255
    return pixels.reshape(1, SIDE, SIDE, 1)


def predict(network: keras.Model, pixels: NDArray[np.float32]) -> int:
    """Ask the network about one image."""
    return int(network.predict(pixels, verbose=0).argmax())


if __name__ == "__main__":
    print(click(Path(sys.argv[1]), Path(sys.argv[2])))
