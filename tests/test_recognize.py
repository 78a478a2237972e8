"""From a drawing or a picture to a letter, in whatever way it comes."""

import asyncio
import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer import (
    CHARACTERS,
    LETTERS,
    EmptyDrawingError,
    InkError,
    ModelError,
    PictureError,
    Prediction,
    Recognizer,
    StrokesError,
    fit_to_input,
    strokes_to_ink,
    to_ink,
)
from recognizer.explain import explain
from recognizer.ink import shown_square
from recognizer.model import Model, Thresholds
from recognizer.recognize import QUICK
from recognizer.strokes import MAX_NUMBERS
from tests.event_loop import on_an_event_loop
from tests.hand import by_hand, letters
from tests.page_server import PATIENCE
from tests.pictures import on_paper, on_screen

Pixels = NDArray[np.uint8]


def drawn(letter: str) -> Pixels:
    """Black on white, as from a drawing program."""
    return 255 - strokes_to_ink(by_hand(letter))


@pytest.mark.parametrize("letter", letters())
def test_a_letter_drawn_by_hand_is_read(recognizer: Recognizer, letter: str) -> None:
    assert recognizer.recognize_strokes(by_hand(letter)).letter == letter


def test_all_letters_from_a_drawing_program_are_read_together(recognizer: Recognizer) -> None:
    read = [p.letter for p in recognizer.recognize_many(map(on_screen, letters()))]
    assert read == list(letters())


def test_a_path_an_image_an_array_ink_and_strokes_give_the_same_answer(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    picture = drawn("ج")
    Image.fromarray(picture).save(tmp_path / "j.png")
    with os.scandir(tmp_path) as found:
        (entry,) = found  # neither a str nor a Path, but path-like
    answers = {
        recognizer.recognize(picture),
        recognizer.recognize(entry),
        recognizer.recognize(255 - picture),
        recognizer.recognize(Image.fromarray(picture)),
        recognizer.recognize(tmp_path / "j.png"),
        recognizer.recognize(str(tmp_path / "j.png")),
        recognizer.recognize_ink(255 - picture),
        recognizer.recognize_strokes(by_hand("ج")),
    }
    assert len(answers) == 1
    assert answers.pop().letter == "ج"


def test_a_moved_letter_gets_the_same_answer(recognizer: Recognizer) -> None:
    picture = drawn("س")
    moved = np.pad(picture, ((0, 300), (200, 10)), constant_values=255)
    assert recognizer.recognize(moved) == recognizer.recognize(picture)


def test_many_get_the_answers_that_each_gets_alone_in_their_order(recognizer: Recognizer) -> None:
    pictures = [drawn(letter) for letter in letters()]
    for alone, together in zip(
        map(recognizer.recognize, pictures), recognizer.recognize_many(pictures), strict=True
    ):
        assert alone.letter == together.letter
        assert np.allclose(alone.probabilities, together.probabilities, atol=1e-4)
        assert np.array_equal(alone.ink, together.ink)


def test_more_letters_than_a_batch_may_come_from_a_generator(recognizer: Recognizer) -> None:
    names = [letters()[n % 7] for n in range(300)]

    def pictures() -> Iterator[Pixels]:
        for name in names:
            yield drawn(name)

    assert [p.letter for p in recognizer.recognize_many(pictures())] == names


def test_of_many_pictures_the_one_that_cannot_be_read_is_named(recognizer: Recognizer) -> None:
    pictures = [drawn("ب")] * 300
    pictures[270] = np.full((64, 64), 255, np.uint8)
    with pytest.raises(EmptyDrawingError) as refused:
        recognizer.recognize_many(iter(pictures))
    assert "picture 270" in refused.value.__notes__[0]


def test_of_no_pictures_nothing_is_read(recognizer: Recognizer) -> None:
    assert recognizer.recognize_many([]) == []


@pytest.fixture(scope="module")
def prediction(recognizer: Recognizer) -> Prediction:
    return recognizer.recognize_strokes(by_hand("ق"))


def test_a_prediction_names_the_likeliest_letter(prediction: Prediction) -> None:
    index = int(np.argmax(prediction.probabilities))
    assert prediction.letter == LETTERS[index] == "ق"
    assert prediction.name == CHARACTERS[index].name == "qaf"
    assert prediction.confidence == max(prediction.probabilities)


def test_probabilities_are_one_a_letter_and_sum_to_one(prediction: Prediction) -> None:
    assert len(prediction.probabilities) == 28
    assert all(type(p) is float and 0 <= p <= 1 for p in prediction.probabilities)
    assert sum(prediction.probabilities) == pytest.approx(1, abs=1e-5)
    assert type(prediction.letterness) is float and 0 <= prediction.letterness <= 1


def test_top_ranks_the_letters(prediction: Prediction) -> None:
    assert prediction.top(1) == (("ق", prediction.confidence),)
    ranked = prediction.top(28)
    assert {letter for letter, _ in ranked} == set(LETTERS)
    assert [p for _, p in ranked] == sorted(prediction.probabilities, reverse=True)
    assert all(prediction.probabilities[LETTERS.index(letter)] == p for letter, p in ranked)
    assert prediction.top(5) == ranked[:5]
    assert prediction.top(100) == ranked
    assert prediction.top(0) == prediction.top(-1) == ()


def test_a_prediction_is_plain_values_too(prediction: Prediction) -> None:
    told = json.loads(json.dumps(prediction.to_json(3)))
    assert (told["letter"], told["name"], told["verdict"]) == (
        prediction.letter,
        prediction.name,
        prediction.verdict,
    )
    assert told["confidence"] == prediction.confidence
    assert [(one["letter"], one["probability"]) for one in told["top"]] == list(prediction.top(3))
    assert len(prediction.to_json()["top"]) == 5


def test_the_ink_of_a_prediction_is_what_the_model_saw(recognizer: Recognizer) -> None:
    picture = on_paper("ع")
    prediction = recognizer.recognize(picture)
    assert np.array_equal(prediction.ink, fit_to_input(to_ink(picture)))
    assert recognizer.model(prediction.ink[np.newaxis])[0][0].max() == pytest.approx(
        prediction.confidence, abs=1e-6
    )


def test_a_prediction_cannot_be_changed(prediction: Prediction) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        prediction.letterness = 1.0  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        prediction.ink[0, 0] = 1


def test_equal_predictions_are_one_in_a_set(recognizer: Recognizer) -> None:
    one, same, other = (recognizer.recognize_strokes(by_hand(letter)) for letter in "ببت")
    assert one == same and hash(one) == hash(same)
    assert one != other
    assert {one, same, other} == {one, other}


@pytest.mark.parametrize(
    "letter, sure, verdict",
    [
        (1.0, 0.0, "not_a_letter"),
        (1.0, 1.0, "not_a_letter"),
        (0.0, 1.0, "unsure"),
        (0.0, 0.0, "sure"),
    ],
)
def test_the_thresholds_beside_the_weights_make_the_verdict(
    recognizer: Recognizer, letter: float, sure: float, verdict: str
) -> None:
    model = recognizer.model
    card = dataclasses.replace(model.card, thresholds=Thresholds(letter, sure))
    strict = Recognizer(Model(card, model._infer))
    assert strict.recognize_strokes(by_hand("ب")).verdict == verdict


def test_many_threads_get_each_the_answer_to_its_own_letter(recognizer: Recognizer) -> None:
    drawings = [by_hand(letter) for letter in letters()] * 4
    alone = [recognizer.recognize_strokes(drawing) for drawing in drawings[: len(letters())]] * 4
    with ThreadPoolExecutor(16) as threads:
        together = list(threads.map(recognizer.recognize_strokes, drawings))
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.ink, other.ink)
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-4)


FORKED = """
import asyncio, os, signal, warnings
from recognizer import ModelError, Recognizer
from tests.hand import by_hand

warnings.simplefilter("ignore")  # Python warns of forks beside threads

def child(*calls):
    if (pid := os.fork()) == 0:
        signal.alarm(120)  # seconds: whoever waits for ever ends then
        for call in calls:
            try:
                print(call().letter, flush=True)
            except ModelError as error:
                print(error, flush=True)
        os._exit(0)
    os.waitpid(pid, 0)

def load():
    return Recognizer.load(compiled=False)  # there sooner

def later():  # by way of a thread that only the parent has
    return asyncio.run(recognizer.recognize_strokes_async(by_hand("ب")))

child(lambda: load().recognize_strokes(by_hand("ب")))
recognizer = load()
model = recognizer.model
later()
child(load, later, lambda: recognizer.recognize_strokes(by_hand("ب")), lambda: model(None))
print(later().letter)
"""


def test_a_process_that_was_forked_after_loading_is_told_and_one_forked_before_reads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    before, *told, parent = done.stdout.splitlines()
    assert (before, parent) == ("ب", "ب")
    assert len(told) == 4 and all("was forked" in sentence for sentence in told)


def test_an_event_loop_gets_each_the_answer_to_its_own_letter(recognizer: Recognizer) -> None:
    drawings = [by_hand(letter) for letter in letters()] * 4
    read = [recognizer.recognize_strokes_async(drawing, pen_width=0.03) for drawing in drawings]
    together = on_an_event_loop(_all(read))
    for drawing, prediction in zip(drawings, together, strict=True):
        alone = recognizer.recognize_strokes(drawing, pen_width=0.03)
        assert np.array_equal(prediction.ink, alone.ink)
        assert prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-4)


@pytest.mark.parametrize("count", [QUICK, QUICK + 2, MAX_NUMBERS])
def test_an_event_loop_goes_on_while_a_drawing_is_read(recognizer: Recognizer, count: int) -> None:
    chance = np.random.default_rng(0)
    scribble = [chance.uniform(0, 1000, count).tolist()]

    async def read() -> tuple[Prediction, list[float]]:
        reading = asyncio.create_task(recognizer.recognize_strokes_async(scribble, pen_width=0.99))
        held = []
        while not reading.done():
            before = time.perf_counter()
            await asyncio.sleep(0)
            held.append(time.perf_counter() - before)
        return await reading, held

    # A busy machine may hold up anything once; a loop that stands still while it is read does so
    # for as long as that takes.
    tries = (on_an_event_loop(read())[1] for _ in range(20))
    assert any(max(held) < max(0.02, sum(held) / 2) for held in tries)
    assert on_an_event_loop(read())[0] == recognizer.recognize_strokes(scribble, pen_width=0.99)


def test_who_asks_while_the_model_loads_waits_without_holding_up_an_event_loop(
    recognizer: Recognizer,
) -> None:
    loading: Future[Model] = Future()
    waiting = Recognizer(loading)
    loaded = Timer(1, loading.set_result, [recognizer.model])

    async def read() -> str:
        gone, stays = (
            asyncio.create_task(waiting.recognize_strokes_async(by_hand(letter))) for letter in "بس"
        )
        await asyncio.sleep(0.05)
        assert not stays.done()
        gone.cancel()
        loaded.start()
        return (await stays).letter

    assert on_an_event_loop(read()) == "س"


def test_who_waits_for_a_model_that_cannot_be_loaded_is_told() -> None:
    loading: Future[Model] = Future()
    waiting = Recognizer(loading)
    Timer(0.1, loading.set_exception, [ModelError("The model is not whole.")]).start()
    for _ in range(2):  # who waits, and who comes later
        with pytest.raises(ModelError, match="not whole"):
            on_an_event_loop(waiting.recognize_strokes_async(by_hand("ب")))


def test_what_is_not_a_letter_is_told_from_letters(recognizer: Recognizer) -> None:
    grid = [[n, 100, n, 900] for n in range(100, 901, 100)]
    grid += [[100, n, 900, n] for n in range(100, 901, 100)]
    assert recognizer.recognize_strokes(grid).verdict == "not_a_letter"
    verdicts = [recognizer.recognize_strokes(by_hand(letter)).verdict for letter in letters()]
    assert "not_a_letter" not in verdicts


def test_an_empty_drawing_is_refused_however_it_comes(recognizer: Recognizer) -> None:
    blank = np.full((64, 64), 255, np.uint8)
    for recognize in (
        lambda: recognizer.recognize(blank),
        lambda: recognizer.recognize_ink(np.zeros((64, 64), np.uint8)),
        lambda: recognizer.recognize_strokes([]),
        lambda: on_an_event_loop(recognizer.recognize_strokes_async([])),
        lambda: recognizer.recognize_many([drawn("ب"), blank]),
    ):
        with pytest.raises(EmptyDrawingError):
            recognize()


def test_what_is_no_picture_or_stroke_is_refused(recognizer: Recognizer, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(PictureError):
        recognizer.recognize(tmp_path / "a.png")
    with pytest.raises(StrokesError):
        recognizer.recognize_strokes("ب")
    with pytest.raises(StrokesError):
        on_an_event_loop(recognizer.recognize_strokes_async([[1, float("nan")]]))


@pytest.mark.parametrize(
    "ink",
    [
        None,
        "b.png",
        drawn("ب").tolist(),
        drawn("ب") > 128,
        drawn("ب") / 255,
        drawn("ب").astype(np.int64),
        np.dstack([drawn("ب")] * 3),
        drawn("ب")[0],
    ],
    ids=lambda ink: f"{type(ink).__name__}",
)
def test_what_is_no_ink_is_refused_in_a_sentence(recognizer: Recognizer, ink: Any) -> None:
    for read in (
        recognizer.recognize_ink,
        lambda ink: recognizer.recognize_inks([strokes_to_ink(by_hand("ب")), ink]),
        lambda ink: explain(recognizer.model, ink),
        fit_to_input,
        shown_square,
    ):
        with pytest.raises(InkError, match=r"\(H, W\) of uint8"):
            read(ink)


def test_inks_may_come_from_a_generator_and_of_none_nothing_is_read(
    recognizer: Recognizer,
) -> None:
    inks = [strokes_to_ink(by_hand(letter)) for letter in "بس"]
    assert [read.letter for read in recognizer.recognize_inks(ink for ink in inks)] == ["ب", "س"]
    assert recognizer.recognize_inks([]) == []


def test_strokes_of_tuples_and_arrays_are_strokes(recognizer: Recognizer) -> None:
    strokes = by_hand("ب")
    answer = recognizer.recognize_strokes(strokes)
    for alike in (
        tuple(map(tuple, strokes)),
        [np.array(path) for path in strokes],
        [np.array(path, np.float32).reshape(-1, 2) for path in strokes],
    ):
        assert recognizer.recognize_strokes(alike) == answer


async def _all(readings: Iterable[Coroutine[Any, Any, Prediction]]) -> list[Prediction]:
    return await asyncio.gather(*readings)
