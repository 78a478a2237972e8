"""From a picture, ink or pen strokes to a letter."""

import asyncio
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .characters import BY_LETTER, CHARACTERS, LETTERS
from .compiled import Answers
from .errors import RecognizerError
from .ink import Ink, fit_to_input
from .model import Model, Thresholds, check_process
from .picture import Picture, to_ink
from .strokes import PEN_WIDTH, check_strokes, strokes_to_ink

BATCH = 64  # letters that the network is asked about at once
AHEAD = 2  # batches that are prepared while the network reads: no core waits
QUICK = 500  # numbers of a drawing that is inked in 3 ms at the worst; letters have some 80

Verdict: TypeAlias = Literal["sure", "unsure", "not_a_letter"]


@dataclass(frozen=True)
class Prediction:
    """What one drawing was read as.

    Attributes:
        probabilities: One for each letter in the order of LETTERS; they sum to 1.
        letterness: How much this looks like one letter at all, in 0 to 1.
        verdict: Whether the letter is sure, unsure, or this is no letter.
        ink: (64, 64) uint8, read-only, what the model saw; equality does not ask for it.
    """

    probabilities: tuple[float, ...]
    letterness: float
    verdict: Verdict
    ink: Ink = field(compare=False, repr=False)

    @property
    def letter(self) -> str:
        """The likeliest letter."""
        return LETTERS[self._best]

    @property
    def name(self) -> str:
        """The likeliest letter's Unicode name, in lower case."""
        return CHARACTERS[self._best].name

    @property
    def confidence(self) -> float:
        """The likeliest letter's probability."""
        return self.probabilities[self._best]

    def top(self, k: int) -> tuple[tuple[str, float], ...]:
        """Return the k likeliest letters with their probabilities, the best first."""
        ranked = sorted(zip(LETTERS, self.probabilities, strict=True), key=lambda pair: -pair[1])
        return tuple(ranked[: max(k, 0)])

    def to_json(self, k: int = 5) -> dict[str, Any]:
        """Return it as plain values, with the k likeliest letters; without the ink."""
        return {
            "letter": self.letter,
            "name": self.name,
            "confidence": self.confidence,
            "letterness": self.letterness,
            "verdict": self.verdict,
            "top": [
                {"letter": letter, "name": BY_LETTER[letter].name, "probability": share}
                for letter, share in self.top(k)
            ],
        }

    @property
    def _best(self) -> int:
        return self.probabilities.index(max(self.probabilities))


class Recognizer:
    """Reads single Arabic letters.

    One instance may serve many threads, but one process. A process that is forked once a model
    is loaded can neither use it nor load another: TensorFlow's threads stay behind. Fork before
    anything is loaded, or start processes with spawn, and load in each.
    """

    def __init__(self, model: Model | Future[Model]) -> None:
        """Use a model; `Recognizer.load` is the short way.

        Args:
            model: A loaded one, or one that is still loading: then answers wait for it.
        """
        self._model = model
        # One core is the event loop's: for Python's lock its thread and these would wait in turn.
        self._beside = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1), "beside")

    @property
    def model(self) -> Model:
        """The network that answers, as soon as it is there.

        Raises:
            ModelError: If this process was forked after it was loaded, or there is none.
        """
        check_process()  # before anything waits for a thread that stayed behind
        return self._model.result() if isinstance(self._model, Future) else self._model

    @classmethod
    def load(cls, source: str | Path | None = None, *, compiled: bool = True) -> "Recognizer":
        """Load a model and warm it up.

        Args:
            source: A folder, or a name on the Hub: hf://OWNER/NAME@REVISION. None means
                what HARF_MODEL names, else the model that comes with Harf.
            compiled: Whether more than some thirty letters will be read: half a second now,
                and 13 ms less for each. One in a thousand is read otherwise.

        Raises:
            ModelError: If it cannot be fetched, or is not a whole, unaltered model for
                our letters, or this process was forked after one was loaded.
        """
        return cls(Model.load(source, compiled=compiled))

    def recognize(self, image: Picture) -> Prediction:
        """Read a picture of one letter.

        Args:
            image: A path, a PIL image or an array; see `to_ink`.

        Raises:
            PictureError: If it cannot be read as a picture.
            EmptyDrawingError: If there is no ink in it.
        """
        return self.recognize_ink(to_ink(image))

    def recognize_many(self, images: Iterable[Picture]) -> list[Prediction]:
        """Read many pictures, in batches; they may come from a generator.

        Args:
            images: As for `recognize`.

        Returns:
            A prediction for each, in the same order.

        Raises:
            PictureError: If one of them cannot be read as a picture.
            EmptyDrawingError: If there is no ink in one of them.
            Either has a note that says which one it is.
        """
        fitted = _fitted(images)
        predictions: list[Prediction] = []
        waiting: deque[Future[list[Prediction]]] = deque()
        with ThreadPoolExecutor(AHEAD) as network:
            for batch in _batches(fitted):
                waiting.append(network.submit(self._read, batch))
                if len(waiting) > AHEAD:
                    predictions += waiting.popleft().result()
            for reading in waiting:
                predictions += reading.result()
        return predictions

    def recognize_strokes(self, strokes: Any, *, pen_width: float = PEN_WIDTH) -> Prediction:
        """Read pen strokes, also a stranger's.

        Args:
            strokes: A list of paths, each [x0, y0, x1, y1, …] in 0 to 1000 of the surface, or
                what else `check_strokes` takes.
            pen_width: Width of the pen, in 0 to 1 of the surface's side.

        Raises:
            StrokesError: If they are not that, or the pen has no width.
            EmptyDrawingError: If nothing is drawn.
        """
        return self.recognize_ink(strokes_to_ink(check_strokes(strokes), pen_width=pen_width))

    async def recognize_strokes_async(
        self, strokes: Any, *, pen_width: float = PEN_WIDTH
    ) -> Prediction:
        """Read pen strokes while an event loop goes on; for servers.

        The network reads on another thread, and a long drawing is inked on one. All else is
        done at once: it takes less time than threads would spend waiting for one another.

        Args:
            strokes: As for `recognize_strokes`.
            pen_width: As there.

        Raises:
            StrokesError: If they are not that, or the pen has no width.
            EmptyDrawingError: If nothing is drawn.
            ModelError: If the model was still loading, and there is none.
        """
        paths = check_strokes(strokes)

        def fitted() -> NDArray[np.uint8]:
            return fit_to_input(strokes_to_ink(paths, pen_width=pen_width))[np.newaxis]

        is_quick = sum(map(len, paths)) <= QUICK
        batch = fitted() if is_quick else await asyncio.to_thread(fitted)
        if isinstance(self._model, Future) and not self._model.done():
            # Who hangs up meanwhile does not end the loading.
            await asyncio.shield(asyncio.wrap_future(self._model))
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._beside, self.model, batch)
        return self._predictions(batch, answers)[0]

    def recognize_ink(self, ink: Ink) -> Prediction:
        """Read ink.

        Args:
            ink: (H, W) uint8, any size; 0 is paper, 255 is full ink.

        Raises:
            InkError: If it is not that.
            EmptyDrawingError: If no pixel is inked.
        """
        return self.recognize_inks([ink])[0]

    def recognize_inks(self, inks: Iterable[Ink]) -> list[Prediction]:
        """Read several inks in one call of the network.

        Args:
            inks: Each as for `recognize_ink`.

        Returns:
            A prediction for each, in the same order.

        Raises:
            InkError: If one of them is no ink.
            EmptyDrawingError: If one of them has no inked pixel.
        """
        fitted = [fit_to_input(ink) for ink in inks]
        return self._read(np.stack(fitted)) if fitted else []

    def _read(self, batch: NDArray[np.uint8]) -> list[Prediction]:
        return self._predictions(batch, self.model(batch))

    def _predictions(self, batch: NDArray[np.uint8], answers: Answers) -> list[Prediction]:
        rows = zip(batch, *answers, strict=True)  # (64, 64), (28,), ()
        return [self._prediction(*row) for row in rows]

    def _prediction(
        self, ink: Ink, probabilities: NDArray[np.float32], letterness: np.float32
    ) -> Prediction:
        thresholds = self.model.card.thresholds
        verdict = _verdict(float(probabilities.max()), float(letterness), thresholds)
        ink = ink.copy()  # a view would keep its whole batch in memory
        ink.setflags(write=False)
        return Prediction(tuple(probabilities.tolist()), float(letterness), verdict, ink)


def _verdict(confidence: float, letterness: float, thresholds: Thresholds) -> Verdict:
    if letterness < thresholds.letter:
        return "not_a_letter"
    return "unsure" if confidence < thresholds.sure else "sure"


def _fitted(images: Iterable[Picture]) -> Iterator[Ink]:
    """Fit pictures to the input, (64, 64) each, as they come."""
    for index, image in enumerate(images):
        try:
            yield fit_to_input(to_ink(image))
        except RecognizerError as error:
            error.add_note(f"This was said of picture {index}, counted from 0.")
            raise


def _batches(fitted: Iterable[Ink]) -> Iterator[NDArray[np.uint8]]:
    """Stack (64, 64) inks to (n, 64, 64), n at most 64, as they come."""
    rest = iter(fitted)
    while batch := list(islice(rest, BATCH)):
        yield np.stack(batch)
