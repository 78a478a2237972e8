"""The network as the page calls it: converted once, at the start, for TensorFlow Lite.

Its weights become bytes, with a scale for each map of a convolution, and so does what goes
through it, with a scale for each letter (dynamic range quantization): on a processor with
instructions for products of bytes a letter takes 0.34 ms, where it took 1.5 ms in float32, and is
read alike (8 of 10,957 letters otherwise). Batch normalisation is folded into the convolutions.

With a network of half as many parameters, one letter took 50 ms through Keras's `predict`, 14 ms
through `network(x)`, 3.8 ms of processor time through a traced function, 2.5 ms through XLA and
1.2 ms here in float32. A batch of 256 took no less a letter (1.6 ms traced), so letters are read
one by one, on every core. `make bench` says what `predict` and this take now.
"""

import math
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .ink import INPUT_SIZE, Ink

Answers: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]

PART = 16  # letters that a core takes at a time from a batch, at most


class CompiledNetwork:
    """A network ready to answer. Calls are thread-safe: each borrows an interpreter."""

    def __init__(self, network: Any, temperature: float) -> None:
        """Convert a network; one interpreter for each core.

        Args:
            network: Of Keras, from ink (n, 64, 64, 1) to ``letters`` and ``letterness``.
            temperature: Divides the logits of the letters.

        Raises:
            Exception: Whatever TensorFlow raises about a network of another kind.
        """
        content = _convert(network, temperature)
        self._count = os.cpu_count() or 1
        self._idle: SimpleQueue[_Interpreter] = SimpleQueue()
        with _silence():
            for _ in range(self._count):
                self._idle.put(_Interpreter(content))
        self._cores = ThreadPoolExecutor(self._count, "network")

    def __call__(self, batch: NDArray[np.uint8]) -> Answers:
        """Answer for (n, 64, 64) uint8 ink: (n, 28) probabilities and (n,) letterness."""
        if len(batch) == 1:  # without the way to another thread and back
            answers = self._read(batch)
        else:
            count = min(PART, math.ceil(len(batch) / self._count))
            parts = [batch[i : i + count] for i in range(0, len(batch), count)]
            answers = np.concatenate(list(self._cores.map(self._read, parts)))
        return answers[:, :-1], answers[:, -1]

    def _read(self, inks: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Read a few letters, one by one: (n, 28 + 1)."""
        interpreter = self._idle.get()
        try:
            return np.concatenate([interpreter.read(ink) for ink in inks])
        finally:
            self._idle.put(interpreter)


class _Interpreter:
    """Reads one letter after the other, on the thread that asks."""

    def __init__(self, content: bytes) -> None:
        import tensorflow as tf

        self._lite = tf.lite.Interpreter(model_content=content, num_threads=1)
        self._lite.allocate_tensors()
        self._ink = self._lite.get_input_details()[0]["index"]
        self._answers = self._lite.get_output_details()[0]["index"]

    def read(self, ink: Ink) -> NDArray[np.float32]:
        """(1, 28 + 1): the probabilities, and the letterness behind them."""
        self._lite.set_tensor(self._ink, ink[np.newaxis, ..., np.newaxis])
        self._lite.invoke()  # other threads run meanwhile
        return np.asarray(self._lite.get_tensor(self._answers), np.float32)


def uncompiled(network: Any, temperature: float) -> Callable[[NDArray[np.uint8]], Answers]:
    """Return what answers like a `CompiledNetwork`, at once, but 14 ms a letter, and in float32.

    Probabilities differ a little, and so does the letter of one in a thousand.

    Args:
        network: As there.
        temperature: As there.
    """
    read = _reader(network, temperature)

    def answer(batch: NDArray[np.uint8]) -> Answers:
        answers = np.asarray(read(batch[..., np.newaxis]))
        return answers[:, :-1], answers[:, -1]

    return answer


def _convert(network: Any, temperature: float) -> bytes:
    """Return the network, with the temperature behind it, as TensorFlow Lite reads it."""
    import tensorflow as tf

    read = _reader(network, temperature)
    ink = tf.TensorSpec([1, INPUT_SIZE, INPUT_SIZE, 1], tf.uint8)
    traced = tf.function(read, input_signature=[ink], autograph=False).get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced], network)
    converter.experimental_lower_to_saved_model = False  # which would be files
    converter.optimizations = [tf.lite.Optimize.DEFAULT]  # bytes instead of float32
    return bytes(converter.convert())


def _reader(network: Any, temperature: float) -> Callable[[Any], Any]:
    """Return the network from ink (n, 64, 64, 1) to (n, 28 + 1), the temperature behind it."""
    import tensorflow as tf

    def read(ink: Any) -> Any:
        answers = network(tf.cast(ink, tf.float32), training=False)
        # Probabilities of 0 have no logarithm; these are the logits up to a constant.
        logits = tf.math.log(tf.maximum(answers["letters"], 1e-12)) / temperature
        return tf.concat([tf.nn.softmax(logits), answers["letterness"][:, :1]], axis=1)

    return read


_silent = Lock()  # two at once would each put back what the other had put there


@contextmanager
def _silence() -> Iterator[None]:
    """Keep away what TensorFlow Lite says at each start, past Python.

    It says as well that a later TensorFlow will leave its interpreter to the package
    ai-edge-litert: that takes its place then, with the same calls.
    """
    with _silent, ExitStack() as afterwards:
        with suppress(OSError):  # nobody listens: the process has no standard error
            kept = os.dup(2)
            afterwards.callback(os.close, kept)
            afterwards.callback(os.dup2, kept, 2)
            nothing = os.open(os.devnull, os.O_WRONLY)
            afterwards.callback(os.close, nothing)
            os.dup2(nothing, 2)
        afterwards.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", message=".*tf.lite.Interpreter is deprecated")
        yield
