"""Pixels from any picture: files, images and arrays, good and bad."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from recognizer import (
    PictureError,
    Recognizer,
    RecognizerError,
    fit_to_input,
    strokes_to_ink,
    to_ink,
)
from recognizer.ink import line_width
from recognizer.picture import decode
from tests.hand import by_hand
from tests.inks import colored, differ, drawn, file_of, overlap, pieces
from tests.pictures import Pixels


@pytest.mark.parametrize("mode", ["L", "LA", "La", "RGB", "RGBA", "P", "CMYK", "YCbCr", "HSV"])
def test_every_mode_of_an_image_gives_the_same_ink(mode: str) -> None:
    image = Image.fromarray(255 - drawn())
    image = image.convert("LA").convert("La") if mode == "La" else image.convert(mode)
    assert differ(to_ink(image), drawn()) <= 2


def test_an_image_of_two_colours_is_read() -> None:
    assert overlap(to_ink(Image.fromarray(255 - drawn()).convert("1")), drawn()) > 0.95


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.astype(np.uint16) * 257,
        lambda x: x.astype(np.int32) * 257,
        lambda x: np.rint(x * np.float32(1023 / 255)).astype(np.uint16),  # of 10 bits
        lambda x: x.astype(np.int64),
        lambda x: x / 255,
        lambda x: (x / 255).astype(np.float16),
        lambda x: x.astype(np.float32),
        lambda x: x[:, :, None],
        lambda x: np.asfortranarray(x),
        lambda x: np.dstack([x, x, x]),
        lambda x: np.dstack([x, np.full_like(x, 255)]),
        lambda x: np.dstack([x, x, x, np.full_like(x, 255)]),
        lambda x: np.dstack([x, x, x, np.ones(x.shape)]),
        lambda x: np.dstack([x, np.ones_like(x)]),
        lambda x: np.dstack([x, x, x, np.ones_like(x)]).astype(np.uint16),
    ],
)
def test_every_kind_of_array_gives_the_same_ink(convert: Callable[[Pixels], Pixels]) -> None:
    assert differ(to_ink(convert(255 - drawn())), drawn()) <= 1


def test_dark_ink_of_two_greys_on_a_transparent_sheet_is_read_with_any_bits(
    recognizer: Recognizer,
) -> None:
    for letter in "بتثنخ":
        ink = drawn(letter)
        paths = by_hand(letter)
        body, dots = (strokes_to_ink(part, size=200) for part in (paths[:1], paths[1:]))
        colour = np.where(dots > body, 15, 0).astype(np.uint8)
        picture = np.dstack([colour, colour, colour, ink])
        for bits in (picture, picture.astype(np.uint16) * 257, picture.astype(np.int64)):
            assert recognizer.recognize(bits).letter == letter


def test_an_array_that_was_enlarged_smoothly_is_read() -> None:
    for white in (1, 255):
        small = (255 - drawn(size=96)).astype(np.float32) / 255 * white
        large = cv2.resize(small, (250, 250), interpolation=cv2.INTER_CUBIC)
        assert large.max() > white and large.min() < 0
        assert overlap(to_ink(large), drawn(size=250)) > 0.9


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float32, np.float64])
def test_a_large_array_of_any_kind_is_scaled_by_what_it_was_before_it_was_reduced(
    kind: type,
) -> None:
    large = 255 - drawn(size=1050)
    assert overlap(to_ink(large.astype(kind)), drawn(size=1050)) > 0.99


def test_a_mask_is_ink() -> None:
    mask = drawn() >= 128
    assert np.array_equal(to_ink(mask) > 0, mask)
    assert np.array_equal(to_ink(mask.astype(np.uint8)) > 0, mask)


def test_sixteen_bits_a_pixel_survive_the_file() -> None:
    image = Image.fromarray((255 - drawn()).astype(np.uint16) * 257)
    for kind in ("PNG", "TIFF"):
        assert differ(decode_ink(file_of(image, kind)), drawn()) == 0


def decode_ink(data: bytes) -> Pixels:
    return to_ink(decode(data))


@pytest.mark.parametrize(
    "kind, options, tolerance",
    [
        ("PNG", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("BMP", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("GIF", {}, 0),
        ("JPEG", {"quality": 95}, 24),
    ],
)
def test_every_file_format_gives_the_same_ink(kind: str, options: dict, tolerance: int) -> None:
    data = file_of(Image.fromarray(255 - drawn()), kind, **options)
    assert differ(decode_ink(data), drawn()) <= tolerance


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_transparent_file_gives_the_same_ink(kind: str) -> None:
    ink = np.where(drawn() >= 128, 255, 0).astype(np.uint8)
    image = Image.fromarray(np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink]))
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    assert differ(decode_ink(file_of(image, kind, **options)), ink) == 0


def test_a_cmyk_jpeg_is_read() -> None:
    image = Image.fromarray(255 - drawn()).convert("CMYK")
    assert overlap(decode_ink(file_of(image, "JPEG", quality=90)), drawn()) > 0.95


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_rotation_that_a_camera_notes_is_applied(kind: str, orientation: int) -> None:
    upright = Image.fromarray(255 - drawn(size=160))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert overlap(decode_ink(file_of(stored, kind, exif=exif)), drawn(size=160)) > 0.95


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.fromarray(255 - drawn(letter)) for letter in "جبس"]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        data = file_of(frames[0], kind, save_all=True, append_images=frames[1:])
        assert overlap(decode_ink(data), drawn("ج")) > 0.95


# What is no picture.


def bomb() -> bytes:
    """12,000 x 12,000 pixels in 20 KB."""
    return file_of(Image.new("1", (12_000, 12_000)), "PNG")


def png() -> bytes:
    return file_of(Image.fromarray(255 - drawn()), "PNG")


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "empty"),
        (b"hello, this is text", "PNG, JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG, JPEG"),
        (png()[: len(png()) // 2], "damaged"),
        (png()[:60], "damaged"),
        (file_of(Image.fromarray(drawn()), "JPEG")[:400], "damaged"),
        (file_of(Image.fromarray(drawn()), "GIF")[:2000], "damaged"),
        (file_of(Image.fromarray(drawn()), "PPM"), "PNG, JPEG"),
        (file_of(Image.fromarray(drawn()), "ICO"), "PNG, JPEG"),
        (file_of(Image.new("1", (1, 50)), "PNG"), "too few"),
        (bomb(), "12000×12000"),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_no_picture_is_refused_in_a_sentence(
    data: bytes, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "letter.png"
    path.write_bytes(data)
    for source in (lambda: decode(data), lambda: to_ink(path), lambda: to_ink(str(path))):
        with pytest.raises(PictureError, match=says) as refused:
            source()
        text = str(refused.value)
        assert text.endswith(".") and text[0].isupper()
        assert str(tmp_path) not in text and "0x" not in text


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.png", "a\0b"):
        with pytest.raises(PictureError, match="no such file"):
            to_ink(path)
    for path in (tmp_path, "/dev/zero"):
        with pytest.raises(PictureError, match="a folder, a device or a pipe"):
            to_ink(path)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(10, np.uint8),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((2, 4, 4, 3), np.uint8),
        np.zeros((0, 10), np.uint8),
        np.full((20, 20), np.nan),
        np.full((20, 20), np.inf),
        np.full((20, 20), -1.0),
        np.linspace(-2, 2, 400).reshape(20, 20),
        np.zeros((20, 20), complex),
        np.full((20, 20), "ب"),
        np.full((20, 20), None),
        np.zeros((1100, 1100), complex),
        np.zeros((1100, 1100), "M8[s]"),
        np.full((1100, 1100), "ب"),
        np.full((1100, 1100), None),
        np.broadcast_to(np.uint8(0), (10_000, 10_000)),
    ],
)
def test_an_array_that_is_no_picture_is_refused(array: NDArray) -> None:
    with pytest.raises(PictureError):
        to_ink(array)


@pytest.mark.parametrize("thing", [None, 7, b"\x89PNG", [[0, 255], [255, 0]]])
def test_what_is_neither_path_nor_image_nor_array_is_refused(thing: object) -> None:
    with pytest.raises(PictureError, match="path, a PIL image or a NumPy array"):
        to_ink(thing)  # type: ignore[arg-type]


def test_an_image_that_breaks_only_when_it_is_read_is_refused() -> None:
    lazy = Image.open(io.BytesIO(png()[: len(png()) // 2]))
    with pytest.raises(PictureError, match="damaged"):
        to_ink(lazy)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8), st.sampled_from("PJGWTB"))
def test_a_mangled_file_gives_ink_or_a_sentence(place: int, junk: bytes, kind: str) -> None:
    formats = {"P": "PNG", "J": "JPEG", "G": "GIF", "W": "WEBP", "T": "TIFF", "B": "BMP"}
    data = bytearray(file_of(Image.fromarray(255 - drawn(size=64)), formats[kind]))
    place %= len(data)
    data[place : place + len(junk)] = junk
    try:
        assert to_ink(decode(bytes(data))).dtype == np.uint8
    except RecognizerError as error:
        assert str(error).endswith(".")


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(2, 90), st.integers(2, 90), st.sampled_from([0, 3, 4])
)
def test_any_pixels_give_ink_or_a_sentence(seed: int, height: int, width: int, depth: int) -> None:
    random = np.random.default_rng(seed)
    values = random.choice([0, 1, 127, 254, 255], 2 + seed % 4)
    shape = (height, width, depth) if depth else (height, width)
    try:
        ink = to_ink(random.choice(values, shape).astype(np.uint8))
    except RecognizerError as error:
        assert str(error).endswith(".")
    else:
        assert ink.dtype == np.uint8 and ink.ndim == 2
        assert fit_to_input(ink).shape == (64, 64)


def test_the_caller_keeps_his_picture_as_it_was() -> None:
    array = 255 - drawn()
    copy = array.copy()
    to_ink(array)[:] = 0
    assert np.array_equal(array, copy)


# Large pictures.


def test_a_photo_of_24_million_pixels_is_read_in_bounded_memory(tmp_path: Path) -> None:
    photo = np.full((4000, 6000, 3), 235, np.uint8)
    photo[500:3500, 1500:4500] = colored(drawn("ث", 3000, 0.03), (235, 235, 235), (40, 40, 90))
    photo += np.random.default_rng(1).integers(0, 12, (4000, 6000, 1), dtype=np.uint8)
    for name in ("photo.jpg", "photo.png"):
        Image.fromarray(photo).save(tmp_path / name, compress_level=1)
        script = (
            "import resource, sys, numpy; from recognizer import to_ink\n"
            "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
            "before = peak(); ink = to_ink(sys.argv[1])\n"
            "numpy.save(sys.argv[2], ink); print(peak() - before)"
        )
        command = [sys.executable, "-c", script, str(tmp_path / name), str(tmp_path / "ink.npy")]
        megabytes = int(subprocess.run(command, capture_output=True, check=True).stdout)
        assert megabytes < 250, name
        ink = np.load(tmp_path / "ink.npy")
        assert max(ink.shape) <= 1024
        assert overlap(ink, drawn("ث", 512, 0.03)) > 0.95
        assert pieces(ink) == 4


def test_a_thin_pen_in_a_large_picture_survives_its_reduction() -> None:
    ink = drawn("ب", 3000, 0.04)
    assert line_width(to_ink(255 - ink)) > 0.03 * 512
    assert overlap(to_ink(255 - ink), ink) > 0.95
