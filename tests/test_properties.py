"""What holds for every drawing, and for whatever is no drawing at all."""

import io
import math
from typing import Any

import cv2
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from recognizer import LETTERS, Recognizer, RecognizerError, strokes_to_ink
from recognizer.picture import decode
from tests.corpus import corpus
from tests.hand import Strokes, by_hand, letters

Pixels = NDArray[np.uint8]

SURE = 0.9  # a drawing between two letters may well fall to the other side
ENCODINGS: list[tuple[str, dict[str, Any]]] = [
    ("PNG", {}),
    ("BMP", {}),
    ("GIF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("WEBP", {"lossless": True}),
    ("WEBP", {"quality": 80}),
    ("JPEG", {"quality": 60}),
    ("JPEG", {"quality": 95, "progressive": True}),
]

# The recognizer is the same for all examples, and only read.
few = settings(max_examples=60)
many = settings(max_examples=200)


@st.composite
def drawings(draw: st.DrawFn) -> Strokes:
    """A letter by hand: turned, stretched and shaken a little."""
    turn = math.radians(draw(st.integers(-6, 6)))
    wide, high = (draw(st.integers(85, 110)) / 100 for _ in range(2))
    random = np.random.default_rng(draw(st.integers(0, 999)))
    matrix = [[wide * math.cos(turn), -math.sin(turn)], [math.sin(turn), high * math.cos(turn)]]
    strokes = []
    for path in by_hand(draw(st.sampled_from(letters()))):
        points = (np.reshape(path, (-1, 2)) - 500) * 0.8 @ np.transpose(matrix) + 500
        strokes.append((points + random.normal(0, 3, points.shape)).ravel().tolist())
    return strokes


def inked(strokes: Strokes, size: int = 256) -> Pixels:
    """Black on white, as a drawing program saves it."""
    return 255 - strokes_to_ink(strokes, size=size)


def sure_letter(recognizer: Recognizer, picture: Pixels) -> str:
    """The letter that a picture is surely read as; a doubtful one is no example."""
    prediction = recognizer.recognize(picture)
    assume(prediction.verdict == "sure" and prediction.confidence > SURE)
    return prediction.letter


def file_of(picture: Pixels, kind: str, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, **options)
    return file.getvalue()


@few
@given(drawings(), st.tuples(*[st.integers(0, 300)] * 4))
def test_moving_a_drawing_keeps_its_letter(
    recognizer: Recognizer, strokes: Strokes, around: tuple[int, int, int, int]
) -> None:
    picture = inked(strokes)
    top, bottom, left, right = around
    moved = np.pad(picture, ((top, bottom), (left, right)), constant_values=255)
    assert recognizer.recognize(moved).letter == sure_letter(recognizer, picture)


@few
@given(drawings(), st.integers(96, 900))
def test_scaling_a_drawing_keeps_its_letter(
    recognizer: Recognizer, strokes: Strokes, size: int
) -> None:
    picture = inked(strokes)
    way = cv2.INTER_AREA if size < len(picture) else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(picture, (size, size), interpolation=way), np.uint8)
    letter = sure_letter(recognizer, picture)
    assert recognizer.recognize(scaled).letter == letter
    assert recognizer.recognize(inked(strokes, size)).letter == letter


@few
@given(drawings())
def test_inverting_a_drawing_keeps_its_letter(recognizer: Recognizer, strokes: Strokes) -> None:
    picture = inked(strokes)
    assert recognizer.recognize(255 - picture).letter == sure_letter(recognizer, picture)


@few
@given(drawings(), st.sampled_from(ENCODINGS))
def test_encoding_a_drawing_anew_keeps_its_letter(
    recognizer: Recognizer, strokes: Strokes, encoding: tuple[str, dict[str, Any]]
) -> None:
    picture = inked(strokes)
    letter = sure_letter(recognizer, picture)
    assert recognizer.recognize(decode(file_of(picture, *encoding))).letter == letter


def check(recognizer: Recognizer, recognize: str, value: Any) -> None:
    """A prediction, or one of our errors with its sentence."""
    try:
        prediction = getattr(recognizer, recognize)(value)
    except RecognizerError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        assert prediction.letter in LETTERS and 0 <= prediction.confidence <= 1


def read(recognizer: Recognizer, data: bytes) -> None:
    try:
        pixels = decode(data)
    except RecognizerError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        check(recognizer, "recognize", pixels)


SIGNATURES = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0", b"MM\0*"]


@many
@given(st.sampled_from([*SIGNATURES, b"RIFF\xff\0\0\0WEBPVP8L"]), st.binary(max_size=400))
def test_any_bytes_give_a_prediction_or_one_of_our_errors(
    recognizer: Recognizer, signature: bytes, data: bytes
) -> None:
    read(recognizer, signature + data)


@many
@given(st.data())
def test_any_change_to_a_file_gives_a_prediction_or_one_of_our_errors(
    recognizer: Recognizer, data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from([s for s in corpus() if 0 < len(s.data) < 20_000]))
    changed = bytearray(sample.data)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed)))
        new = data.draw(st.binary(max_size=6))
        changed[place : place + data.draw(st.integers(0, 6))] = new
    read(recognizer, bytes(changed))


numbers = (
    st.integers(-(10**30), 10**30)
    | st.floats()
    | st.integers(0, 1000)
    | st.floats(0, 1000)
    | st.none()
    | st.booleans()
    | st.text(max_size=3)
)
paths = st.lists(st.integers(0, 1000), max_size=40) | st.lists(numbers, max_size=12)
anything = st.recursive(numbers, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@many
@given(st.lists(paths, max_size=8) | anything)
def test_any_strokes_give_a_prediction_or_one_of_our_errors(
    recognizer: Recognizer, strokes: Any
) -> None:
    check(recognizer, "recognize_strokes", strokes)


@many
@given(st.lists(st.lists(st.floats(-1e9, 1e9, exclude_min=True, exclude_max=True))))
def test_any_finite_points_give_a_prediction_or_one_of_our_errors(
    recognizer: Recognizer, strokes: list[list[float]]
) -> None:
    check(recognizer, "recognize_strokes", [path[: len(path) // 2 * 2] for path in strokes])
