"""Pixels from any picture: files, PIL images and arrays, made safe, upright and small.

One decoder for everything: the command line, Python callers and the page's upload.
"""

import math
import os
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from .cost import MAX_PIXELS, is_bomb, pixels_allowed
from .directory import holds_strange_exif
from .errors import PictureError, TooFewPixelsError
from .ink import Ink
from .paper import Pixels, find_ink
from .structure import is_strange

Picture: TypeAlias = str | os.PathLike[str] | Image.Image | NDArray[Any]

WORK_SIDE = 1024  # pixels; the longest side that is looked at, larger pictures are reduced
BAND = 64  # rows of a reduced image
FULL = (1, 2**8 - 1, 2**10 - 1, 2**12 - 1, 2**14 - 1, 2**16 - 1)  # white in an array
BEYOND = 0.25  # of white; as far may interpolation lead beyond white and black
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # what the decoder may try, nothing else

_RAW_EXIF = "Raw profile type exif"  # hexadecimal text that old programs write into PNG
MAX_RAW_EXIF = 2**20  # characters; telephones write at most a quarter

# Pillow warns, with its own path, of what is refused or read here anyway.
warnings.filterwarnings("ignore", module=r"PIL\.")

_NOT_A_PICTURE = (
    "That file is not a picture that can be read: use PNG, JPEG, WebP, GIF, BMP or TIFF."
)
_DAMAGED = "The picture is damaged and cannot be read: save or photograph it again."
_EMPTY = "The file is empty: choose a picture of one letter."
_NO_PLAIN_FILE = "That is no file but a folder, a device or a pipe: name a picture that is saved."
_NO_FILE = "There is no such file: check its name and that it may be read."


def to_ink(image: Picture) -> Ink:
    """Find the ink in any picture of a letter.

    Args:
        image: A path, a PIL image, or an array (H, W), (H, W, 1) grey, (H, W, 2) grey
            and alpha, (H, W, 3) RGB or (H, W, 4) RGBA; bool, integers of 8 to 16 bit,
            or floats in 0 to 1 or 0 to 255, give or take what interpolation adds. Ink may
            be dark on light or light on dark.

    Returns:
        (h, w) uint8 ink, longest side at most 1024; 0 is paper, 255 is full ink.

    Raises:
        PictureError: If it cannot be read as a picture.
        EmptyDrawingError: If there is no ink in it.
    """
    return find_ink(to_pixels(image))


def to_pixels(image: Picture) -> Pixels:
    """Bring any picture to 8 bit, upright, at most 1024 pixels a side.

    Args:
        image: As for `to_ink`.

    Returns:
        uint8 (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA.

    Raises:
        PictureError: If it cannot be read as a picture.
    """
    if isinstance(image, np.ndarray):
        return _from_array(image)
    if isinstance(image, Image.Image):
        return _from_pil(image)
    if isinstance(image, str | os.PathLike):
        return _from_path(Path(image))
    raise PictureError("A picture is a path, a PIL image or a NumPy array.")


def decode(data: bytes) -> Pixels:
    """Read the bytes of a picture file from a stranger, in bounded memory.

    Args:
        data: A whole PNG, JPEG, WebP, GIF, BMP or TIFF file of at most 24 million
            pixels (WebP 7, progressive JPEG 20: they take more to decode); the first
            frame counts.

    Returns:
        As `to_pixels`; EXIF rotation is applied, transparency is kept.

    Raises:
        PictureError: If it is empty, damaged, too large or something else.
    """
    if not data:
        raise PictureError(_EMPTY)
    return _from_file(BytesIO(data))


def to_png(ink: Ink) -> bytes:
    """Draw ink dark on light, as a PNG file without metadata; `to_ink` finds the same ink in it.

    Args:
        ink: (h, w) uint8; 0 is paper, 255 is full ink.

    Returns:
        The file's bytes, 8 bits of grey a pixel.
    """
    return cv2.imencode(".png", 255 - ink)[1].tobytes()


def _from_path(path: Path) -> Pixels:
    try:
        if not path.is_file():  # a device or a pipe would never end
            raise PictureError(_NO_PLAIN_FILE if path.exists() else _NO_FILE)
        if not path.stat().st_size:
            raise PictureError(_EMPTY)
        with path.open("rb") as file:
            return _from_file(file)
    except (OSError, ValueError):  # ValueError: a null character in the name
        raise PictureError(_NO_FILE) from None


def _from_file(file: BinaryIO) -> Pixels:
    try:
        if is_strange(file):
            raise PictureError(_DAMAGED)
        with Image.open(file, formats=FORMATS) as image:
            _check_size(image.width, image.height, pixels_allowed(image))
            if is_bomb(image, file):
                raise PictureError(_DAMAGED)
            image.draft("RGB", (WORK_SIDE, WORK_SIDE))  # JPEG decodes small, the rest ignores it
            image.load()
            if holds_strange_exif(_exif(image)):
                raise PictureError(_DAMAGED)
            return _from_pil(image)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(_too_large("far too many")) from None
    except UnidentifiedImageError:
        raise PictureError(_NOT_A_PICTURE) from None
    except Exception:  # Pillow's plugins raise whatever a broken file makes them stumble over
        raise PictureError(_DAMAGED) from None


def _exif(image: Image.Image) -> bytes:
    """Return what Pillow will look for the rotation in, once the pixels are read."""
    if "exif" in image.info or _RAW_EXIF not in image.info:
        return bytes(image.info.get("exif", b""))
    text = image.info[_RAW_EXIF]
    if len(text) > MAX_RAW_EXIF:
        raise PictureError(_DAMAGED)
    return bytes.fromhex("".join(text.split("\n")[3:]))


def _from_pil(image: Image.Image) -> Pixels:
    _check_size(image.width, image.height)
    try:
        factor = max(image.size) // WORK_SIDE
        image = _plain(image) if factor <= 1 else _reduced(image, factor)
        return _from_array(np.asarray(ImageOps.exif_transpose(image)))
    except PictureError:
        raise
    except Exception:  # an image that was opened lazily breaks only here
        raise PictureError(_DAMAGED) from None


def _plain(image: Image.Image) -> Image.Image:
    """Convert to L, RGB or RGBA, whichever holds everything that the image shows."""
    if image.mode[0] in "IF":  # 16 and 32 bit: Pillow would clip, not scale
        return image
    if image.mode == "La":  # alpha multiplied in, from which Pillow knows one way only
        image = image.convert("LA")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """Convert and reduce a large image in bands: as a whole it would be there twice."""
    bands = []
    for top in range(0, image.height, BAND * factor):
        bottom = min(top + BAND * factor, image.height)
        band = _plain(image.crop((0, top, image.width, bottom)))
        if band.mode.startswith("I;"):  # 16 bit, which Pillow cannot reduce
            band = band.convert("I")
        bands.append(band.reduce(factor))
    height = sum(band.height for band in bands)
    whole = Image.new(bands[0].mode, (bands[0].width, height))
    for number, band in enumerate(bands):
        whole.paste(band, (0, number * BAND))
    # Rotated only now that it is small.
    orientation = ExifTags.Base.Orientation
    whole.getexif()[orientation] = image.getexif().get(orientation, 1)
    return whole


def _from_array(array: NDArray[Any]) -> Pixels:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (2, 3, 4)):
        raise PictureError("An array must be (H, W), or (H, W, n) with 1 to 4 channels.")
    if array.dtype.kind not in "buif":
        raise PictureError("An array must hold numbers: bool, integers or floats.")
    _check_size(array.shape[1], array.shape[0])
    array = _reduce(array)
    if array.ndim == 3 and array.shape[2] in (2, 4) and _has_mask_for_alpha(array):
        array = np.dstack([_to_8_bit(array[:, :, :-1]), _to_8_bit(array[:, :, -1])])
    else:
        array = _to_8_bit(array)
    if array.ndim == 3 and array.shape[2] == 2:  # grey and alpha
        array = array[:, :, [0, 0, 0, 1]]
    return np.ascontiguousarray(array)


def _reduce(array: NDArray[Any]) -> NDArray[Any]:
    height, width = array.shape[:2]
    scale = WORK_SIDE / max(height, width)
    if scale >= 1:
        return array
    if array.dtype not in (np.uint8, np.uint16, np.float32):  # all that cv2 resizes well
        array = array.astype(np.float32)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(array, size, interpolation=cv2.INTER_AREA))


def _has_mask_for_alpha(array: NDArray[Any]) -> bool:
    """Tell colours of 0 to 255 or more with an alpha of 0 to 1 beside them."""
    return bool(array[:, :, -1].max() <= 1 + BEYOND < array[:, :, :-1].max())


def _to_8_bit(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale values of 0..1, 0..255 or 9 to 16 bits to 0..255; the largest tells which it is."""
    top, bottom = float(array.max()), float(array.min())
    if not (math.isfinite(top) and -bottom <= top * BEYOND):
        raise PictureError("An array must hold values of 0 to 1, 0 to 255 or 0 to 65535.")
    if array.dtype == np.uint8 and top > 1:
        return array
    # Floats may have been interpolated, which goes beyond either end.
    most = 1 + BEYOND if array.dtype.kind == "f" else 1
    full = next((full for full in FULL if top <= most * full), top)
    return np.asarray(np.rint((array * np.float32(255 / full)).clip(0, 255)), np.uint8)


def _check_size(width: int, height: int, most: int = MAX_PIXELS) -> None:
    if width * height > most:
        raise PictureError(_too_large(f"{width}×{height}", most))
    if min(width, height) < 2 * max(1, max(width, height) // WORK_SIDE):
        raise TooFewPixelsError(
            f"The picture has {width}×{height} pixels, too few for a letter: choose a larger one."
        )


def _too_large(size: str, most: int = MAX_PIXELS) -> str:
    return f"The picture has {size} pixels: reduce it to at most {most // 10**6} million."
