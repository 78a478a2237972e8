"""The optimizer: Muon for the convolutions, AdamW for the rest."""

import math

import keras
from keras import ops

Variable = keras.Variable
Tensor = keras.KerasTensor

ADAM_RATE = 1 / 6  # of Muon's rate, for norms, biases, the first convolution and the answers


class ConvolutionMuon(keras.optimizers.Muon):
    """Keras's Muon, for convolutions too.

    Muon makes every direction of a step equally long, by five Newton-Schulz iterations on
    the momentum (Jordan et al. 2024; scaled as by Liu et al. 2025, arXiv 2502.16982).
    Keras's own knows matrices only; a kernel (height, width, in, out) is seen here as one
    of height x width x in rows, as in Jordan's.
    """

    def __init__(self, learning_rate: object, *, weight_decay: float, **settings: object) -> None:
        """Take the rate of the convolutions; what AdamW moves follows at ``ADAM_RATE`` of it."""
        super().__init__(
            learning_rate,
            weight_decay=weight_decay,
            adam_weight_decay=weight_decay * ADAM_RATE,
            adam_lr_ratio=ADAM_RATE,
            **settings,
        )

    def _should_use_adamw(self, variable: Variable) -> bool:
        return len(variable.shape) != 4 or variable.shape[2] == 1  # 1: it sees the ink itself

    def zeropower_via_newtonschulz5(self, x: Tensor, steps: int) -> Tensor:
        """Make all singular values of a kernel about 1.

        Args:
            x: (height, width, in, out).
            steps: How many iterations.
        """
        matrix = ops.reshape(x, (-1, x.shape[-1]))
        return ops.reshape(super().zeropower_via_newtonschulz5(matrix, steps), x.shape)

    def lr_adjust(self, x: Tensor) -> Tensor:
        """Scale a kernel's step to the size that AdamW's would have."""
        return x * (self.rms_rate * max(math.prod(x.shape[:-1]), x.shape[-1]) ** 0.5)
