"""Any picture of a letter gives the ink that the pen left."""

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
    EmptyDrawingError,
    PictureError,
    Recognizer,
    RecognizerError,
    fit_to_input,
    to_ink,
)
from recognizer.ink import line_width
from recognizer.picture import decode
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.pictures import on_board, on_paper, on_screen

Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]

DOTTED = [letter for letter in letters() if letter in "بتثجخفقني"]


def drawn(letter: str = "ج", size: int = 200, pen: float = 0.05) -> Pixels:
    return strokes_to_ink(by_hand(letter), size=size, pen_width=pen)


def colored(ink: Pixels, paper: Color, pen: Color) -> Pixels:
    share = ink[:, :, None] / 255
    return np.rint(np.array(paper) * (1 - share) + np.array(pen) * share).astype(np.uint8)


def on_sheet(sheet: Pixels, ink: Pixels, pen: Color) -> Pixels:
    share = ink[:, :, None] / 255
    return np.rint(sheet * (1 - share) + np.array(pen) * share).astype(np.uint8)


def file_of(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def overlap(one: Pixels, other: Pixels) -> float:
    """How much of either lies on the other, 0 to 1, once they are fitted; a pixel off is on."""
    a, b = ((fit_to_input(ink) >= 128).view(np.uint8) for ink in (one, other))
    near_a, near_b = (cv2.dilate(ink, np.ones((3, 3), np.uint8)) for ink in (a, b))
    return float(min((a & near_b).sum() / a.sum(), (b & near_a).sum() / b.sum()))


def pieces(ink: Pixels) -> int:
    return int(cv2.connectedComponents((fit_to_input(ink) >= 100).view(np.uint8))[0]) - 1


def differ(one: Pixels, other: Pixels) -> int:
    assert one.shape == other.shape
    return int(np.abs(one.astype(int) - other).max())


# Clean pictures keep every grey of the edges.


@pytest.mark.parametrize("letter", letters())
def test_dark_on_light_light_on_dark_and_transparent_paper_give_the_same_ink(letter: str) -> None:
    ink = drawn(letter)
    black_on_nothing = np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink])
    white_on_nothing = np.dstack([np.full((*ink.shape, 3), 255, np.uint8), ink])
    for picture in (255 - ink, ink, black_on_nothing, white_on_nothing):
        assert differ(to_ink(picture), ink) == 0


def test_a_small_scan_with_soft_edges_keeps_its_greys() -> None:
    for letter in letters():
        scan = cv2.resize(drawn(letter, 320, 0.08), (32, 32), interpolation=cv2.INTER_AREA)
        scan = np.rint(scan * (255 / scan.max())).astype(np.uint8)
        assert differ(to_ink(scan), scan) == 0


def test_a_faint_scan_is_stretched_to_full_ink() -> None:
    faint = (drawn() * 0.4).astype(np.uint8)
    assert differ(to_ink(faint), drawn()) <= 3


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "CMYK", "YCbCr", "HSV"])
def test_every_mode_of_an_image_gives_the_same_ink(mode: str) -> None:
    assert differ(to_ink(Image.fromarray(255 - drawn()).convert(mode)), drawn()) <= 2


def test_an_image_of_two_colours_is_read() -> None:
    assert overlap(to_ink(Image.fromarray(255 - drawn()).convert("1")), drawn()) > 0.95


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.astype(np.uint16) * 257,
        lambda x: x.astype(np.int32) * 257,
        lambda x: x.astype(np.int64),
        lambda x: x / 255,
        lambda x: (x / 255).astype(np.float16),
        lambda x: x.astype(np.float32),
        lambda x: x[:, :, None],
        lambda x: np.asfortranarray(x),
        lambda x: np.dstack([x, x, x]),
        lambda x: np.dstack([x, np.full_like(x, 255)]),
        lambda x: np.dstack([x, x, x, np.full_like(x, 255)]),
    ],
)
def test_every_kind_of_array_gives_the_same_ink(convert: Callable[[Pixels], Pixels]) -> None:
    assert differ(to_ink(convert(255 - drawn())), drawn()) <= 1


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


@pytest.mark.parametrize(
    "paper, pen",
    [
        ((250, 240, 120), (40, 60, 200)),
        ((60, 160, 60), (214, 80, 60)),  # as bright as the paper, another colour
        ((20, 20, 90), (250, 250, 250)),
        ((245, 245, 245), (190, 190, 190)),
        ((255, 255, 255), (255, 220, 0)),
        ((0, 0, 0), (90, 0, 0)),
    ],
)
def test_a_pen_of_any_colour_on_paper_of_any_colour_gives_the_same_ink(
    paper: Color, pen: Color
) -> None:
    assert differ(to_ink(colored(drawn(), paper, pen)), drawn()) <= 6


@pytest.mark.parametrize("pen", [(255, 0, 0), (0, 90, 255), (250, 210, 0)])
def test_dots_of_another_colour_stay(pen: Color) -> None:
    body, dots = (strokes_to_ink(paths, size=200) for paths in (by_hand("ث")[:1], by_hand("ث")[1:]))
    picture = on_sheet(colored(body, (255, 255, 255), (0, 0, 0)), dots, pen)
    assert pieces(to_ink(picture)) == pieces(np.maximum(body, dots)) == 4
    on_nothing = np.zeros((200, 200, 4), np.uint8)
    on_nothing[:, :, 3] = np.maximum(body, dots)
    on_nothing[dots > 0, :3] = pen
    assert pieces(to_ink(on_nothing)) == 4


def test_a_form_line_at_the_edge_of_a_scan_is_no_part_of_the_letter() -> None:
    scan = np.full((32, 32), 255, np.uint8)
    scan[14:17, 6:20] = scan[10:12, 13:15] = 0  # a line and a dot above it
    alone = to_ink(scan)
    scan[3:30, 31] = scan[31, 2:9] = 40
    assert np.array_equal(to_ink(scan), alone)


def test_a_pale_form_line_close_to_the_letter_is_no_part_of_it() -> None:
    scan = np.full((32, 32), 255, np.uint8)
    scan[24:28, 6:26] = 0
    alone = to_ink(scan)
    scan[31, 4:12] = scan[31, 15:18] = 160
    assert np.array_equal(to_ink(scan), alone)


def test_a_dot_that_the_edge_touches_stays_with_its_letter() -> None:
    scan = np.full((32, 32), 255, np.uint8)
    scan[8:10, 4:28] = scan[0:3, 15:18] = 0
    assert to_ink(scan)[1, 16] == 255


def test_paper_is_found_though_the_letter_touches_the_edges() -> None:
    thick = drawn("ب", 300, 0.12)
    rows, columns = np.nonzero(thick >= 64)
    tight = thick[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    for picture in (tight, 255 - tight):
        assert overlap(to_ink(picture), tight) > 0.99


# An alef that is cut out fills its picture: nothing is left to tell ink from paper.
@pytest.mark.parametrize("letter", [letter for letter in letters() if letter != "ا"])
def test_a_small_scan_that_was_cut_out_and_enlarged_is_no_photo(letter: str) -> None:
    scan = cv2.resize(drawn(letter, 320, 0.08), (32, 32), interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(scan >= 64)
    cut = scan[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    large = cv2.resize(cut, None, fx=11, fy=11, interpolation=cv2.INTER_CUBIC)
    assert overlap(to_ink(255 - large), large) > 0.99


def test_round_corners_and_holes_in_a_sheet_are_no_ink() -> None:
    ink = drawn()
    disc = cv2.circle(np.zeros_like(ink), (100, 100), 99, 255, cv2.FILLED)
    for paper, pen in (((255, 255, 255), (0, 0, 0)), ((20, 40, 60), (240, 240, 200))):
        card = np.dstack([colored(ink, paper, pen), disc])
        assert overlap(to_ink(card), ink) > 0.99


# Photos.


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("picture", [on_paper, lambda x: on_paper(x, ruled=True), on_board])
def test_a_photo_keeps_the_letter_with_its_dots_and_nothing_else_and_is_read(
    recognizer: Recognizer, letter: str, picture: Callable[[str], Pixels]
) -> None:
    ink = to_ink(picture(letter))
    assert pieces(ink) == pieces(to_ink(on_screen(letter)))
    assert recognizer.recognize_ink(ink).letter == letter


def lit(picture: Pixels, light: NDArray[np.float64], noise: float = 3) -> Pixels:
    grain = np.random.default_rng(5).normal(0, noise, picture.shape)
    return np.asarray((picture * light[:, :, None] + grain).clip(0, 255), np.uint8)


def shadow(size: int, softness: float) -> NDArray[np.float64]:
    """The shadow of something straight, across a corner of the picture."""
    y, x = np.mgrid[:size, :size]
    inside = (x + 0.6 * y > 0.75 * size).astype(np.float64)
    return np.asarray(1 - 0.45 * cv2.GaussianBlur(inside, (0, 0), softness))


@pytest.mark.parametrize("softness", [1.5, 8, 40])
@pytest.mark.parametrize("letter", ["ث", "س"])
def test_a_shadow_across_the_letter_goes(letter: str, softness: float) -> None:
    ink = drawn(letter, 512, 0.03)
    photo = lit(colored(ink, (235, 230, 220), (50, 50, 60)), shadow(512, softness))
    assert overlap(to_ink(photo), ink) > 0.95
    assert pieces(to_ink(photo)) == pieces(ink)


def ruled(size: int, color: Color, *, tilt: float = 0, squared: bool = False) -> Pixels:
    sheet = np.full((size, size, 3), (250, 250, 245), np.uint8)
    shift = round(size * np.tan(np.deg2rad(tilt)))
    for at in range(size // 20 - abs(shift), size + abs(shift), size // 11):
        cv2.line(sheet, (0, at), (size, at - shift), color, 2, cv2.LINE_AA)
        if squared:
            cv2.line(sheet, (at, 0), (at + shift, size), color, 2, cv2.LINE_AA)
    return sheet


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("tilt", [0, 2, -3])
@pytest.mark.parametrize("color", [(170, 200, 240), (90, 90, 110)])
@pytest.mark.parametrize("letter", ["ث", "ك"])
def test_ruled_lines_go_and_the_letter_stays(
    letter: str, color: Color, tilt: float, squared: bool
) -> None:
    ink = drawn(letter, 512, 0.035)
    page = on_sheet(ruled(512, color, tilt=tilt, squared=squared), ink, (30, 30, 40))
    assert overlap(to_ink(page), ink) > 0.95


@pytest.mark.parametrize("letter", letters())
def test_a_long_stroke_of_a_letter_is_no_ruled_line(letter: str) -> None:
    ink = drawn(letter, 300, 0.04)
    rows, columns = np.nonzero(ink >= 64)
    tight = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert overlap(to_ink(255 - tight), ink) > 0.99


def test_the_table_around_the_paper_goes() -> None:
    ink = drawn("ب", 512, 0.035)
    photo = np.full((512, 512, 3), (110, 80, 50), np.uint8)
    photo[30:480, 60:500] = colored(ink, (225, 222, 215), (40, 40, 60))[30:480, 60:500]
    assert overlap(to_ink(photo), ink) > 0.95
    beside = colored(ink, (225, 222, 215), (40, 40, 60))
    beside[:, :60] = (110, 80, 50)
    assert overlap(to_ink(beside), ink) > 0.95


def test_specks_go() -> None:
    ink = drawn("ح", 300)
    specks = np.random.default_rng(3).random(ink.shape) < 0.002
    cleaned = to_ink(np.where(specks, 0, 255 - ink).astype(np.uint8))
    assert pieces(cleaned) == 1
    assert overlap(cleaned, ink) > 0.99


@pytest.mark.parametrize("letter", DOTTED)
@pytest.mark.parametrize("size", [48, 100, 300])
def test_dots_never_go_even_when_they_are_half_as_wide_as_the_pen(letter: str, size: int) -> None:
    body = strokes_to_ink(by_hand(letter)[:1], size=size, pen_width=0.06)
    picture = body.copy()
    for x, y in by_hand(letter)[1:]:
        center = (round(x / 1000 * size * 16), round(y / 1000 * size * 16))
        radius = round(0.06 * size / 4 * 16)
        cv2.circle(picture, center, radius, 255, cv2.FILLED, cv2.LINE_AA, 4)
    inked = (to_ink(255 - picture) >= 48).view(np.uint8)
    expected = (picture >= 48).view(np.uint8)
    assert cv2.connectedComponents(inked)[0] == cv2.connectedComponents(expected)[0]


@pytest.mark.parametrize("letter", [letter for letter in DOTTED if letter != "ب"])
def test_dots_smaller_than_a_pixel_of_a_scan_count_as_ink(letter: str) -> None:
    scan = strokes_to_ink(by_hand(letter)[:1], size=32, pen_width=0.04)
    dots = by_hand(letter)[1:]
    for x, y in dots:  # a third of a pixel, spread over two
        row, column = round(y * 0.032), round(x * 0.032)
        assert not scan[row - 1 : row + 2, column - 1 : column + 2].any()
        scan[row, column], scan[row - 1, column] = 50, 30
    assert pieces(to_ink(255 - scan)) == 1 + len(dots)


def test_what_is_paler_than_any_dot_or_far_from_the_letter_is_left_pale() -> None:
    scan = np.zeros((32, 32), np.uint8)
    scan[20:23, 8:20] = 255
    scan[16, 14], scan[2, 28] = 20, 60
    assert np.array_equal(to_ink(255 - scan), scan)


# No ink.


def noise(mean: float, deviation: float, size: int = 200) -> Pixels:
    values = np.random.default_rng(7).normal(mean, deviation, (size, size))
    return np.asarray(values.clip(0, 255), np.uint8)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((64, 64), np.uint8),
        np.full((64, 64, 3), 255, np.uint8),
        np.full((300, 200, 3), (200, 180, 40), np.uint8),
        np.zeros((64, 64, 4), np.uint8),
        np.zeros((40, 40), np.float32),
        noise(230, 2),
        noise(230, 5, 700),
        noise(128, 10, 100),
        np.dstack([noise(200, 3)] * 3),
        ruled(512, (170, 200, 240)),
        lit(np.full((512, 512, 3), 235, np.uint8), np.linspace(0.5, 1, 512) * np.ones((512, 1))),
        np.tile(np.linspace(120, 250, 300).astype(np.uint8), (300, 1)),
    ],
)
def test_a_picture_without_ink_is_refused(picture: Pixels) -> None:
    with pytest.raises(EmptyDrawingError, match="draw one letter"):
        to_ink(picture)


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
    for path in (tmp_path / "missing.png", tmp_path, "a\0b"):
        with pytest.raises(PictureError, match="no such file"):
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
