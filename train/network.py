"""The networks: Harf's, and the published baseline's beside it."""

import keras
from keras import layers

from recognizer.characters import LETTERS
from recognizer.ink import INPUT_SIZE

BASELINE_CLASSES = 38  # 0 to 9 were kept for digits that it never learned
BASELINE_FIRST_LETTER = 10

Tensor = keras.KerasTensor


def build_network() -> keras.Model:
    """Harf's network: a small residual network with two answers.

    Ink (n, 64, 64, 1) in 0 to 255 goes in; out come ``letters`` (n, 28), the
    probabilities of the letters, and ``letterness`` (n, 1), how much it looks like
    one letter at all.
    """
    ink = keras.Input((INPUT_SIZE, INPUT_SIZE, 1), name="ink")
    x = layers.Rescaling(1 / 255)(ink)
    x = _convolve(x, 16, kernel=5, stride=2)  # (n, 32, 32, 16)
    x = _convolve(x, 48, stride=2)  # (n, 16, 16, 48)
    for _ in range(3):
        x = _residual(x, 48)
    x = layers.AveragePooling2D(2)(x)  # (n, 8, 8, 48)
    x = _convolve(x, 96, kernel=1)
    for _ in range(2):
        x = _residual(x, 96)
    x = layers.AveragePooling2D(2)(x)  # (n, 4, 4, 96)
    x = _convolve(x, 144, kernel=1)
    x = _residual(x, 144)
    x = layers.GlobalAveragePooling2D()(x)  # (n, 144)
    x = layers.Dropout(0.2)(x)
    letters = layers.Dense(len(LETTERS), name="letter_logits")(x)
    letterness = layers.Dense(1, name="letterness_logit")(x)
    outputs = {
        "letters": layers.Activation("softmax", name="letters")(letters),
        "letterness": layers.Activation("sigmoid", name="letterness")(letterness),
    }
    return keras.Model(ink, outputs, name="harf")


def build_baseline() -> keras.Model:
    """The published baseline's network: four blocks of one convolution each.

    From paulaehab/Arabic-handwriting-character-recognition, 103,014 parameters.
    Pixels (n, 64, 64, 1) in 0 to 1 go in; out come 38 probabilities, of which the
    letters are 10 to 37.
    """
    pixels = keras.Input((INPUT_SIZE, INPUT_SIZE, 1))
    x = pixels
    for maps in (16, 32, 64, 128):
        x = layers.Conv2D(
            maps, 3, padding="same", activation="relu", kernel_initializer="random_uniform"
        )(x)
        x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.Dropout(0.2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(pixels, layers.Dense(BASELINE_CLASSES, activation="softmax")(x))


def _convolve(x: Tensor, maps: int, *, kernel: int = 3, stride: int = 1) -> Tensor:
    """Convolution, batch normalisation, ReLU."""
    x = layers.Conv2D(
        maps, kernel, stride, padding="same", use_bias=False, kernel_initializer="he_normal"
    )(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.97)(x))


def _residual(x: Tensor, maps: int) -> Tensor:
    """Two convolutions around which the input goes too (He et al. 2016)."""
    y = _convolve(x, maps)
    y = layers.Conv2D(maps, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(y)
    # Starting at zero, each block is at first no block: training starts smoothly.
    y = layers.BatchNormalization(momentum=0.97, gamma_initializer="zeros")(y)
    return layers.ReLU()(layers.Add()([x, y]))
