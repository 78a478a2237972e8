"""What a picture file would cost to decode, told from its header before a pixel is seen.

A small file can ask for much: memory, when a format unfolds more than it shows, and
time, when it describes the same picture again and again.
"""

import re
from typing import BinaryIO, Final

from PIL import Image

MAX_PIXELS: Final = 24_000_000
MEMORY: Final = 5 * MAX_PIXELS  # bytes; 24 million pixels with alpha take 4 each

# Measured on 24 million pixels: Pillow's WebP decoder holds them four times.
_WEBP_BYTES = 16  # a pixel
# A progressive JPEG is held whole as coefficients of 2 bytes, however small it is decoded.
_COEFFICIENT_BYTES = 2

# Cameras and encoders write 10 or so. Each costs a walk over all coefficients, 8 ms for a
# large picture, and 42 bytes of file are enough for one: 1 MB would keep a core for minutes.
MAX_SCANS: Final = 64
MAX_JPEG_BYTES: Final = 64 * 2**20  # what is looked at; 24 million pixels take less
_MARKER = re.compile(rb"\xff+([^\x00\x01\xff\xd0-\xd8])", re.DOTALL)
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9

_JPEGS = ("JPEG", "MPO")  # MPO is what Pillow calls a JPEG with more pictures behind the first

# Pillow unfolds the runs of a BMP in Python, and a run may add nothing.
_RLE = (1, 2)  # BMP's numbers for runs of 8 and 4 bits
MAX_RLE_PIXELS: Final = 2**20
MAX_RLE_BYTES: Final = 2**20


def pixels_allowed(image: Image.Image) -> int:
    """Return how many pixels of this kind may be decoded.

    Args:
        image: Opened, not yet decoded.
    """
    if image.format == "WEBP":
        return MEMORY // _WEBP_BYTES
    if image.format in _JPEGS and "progressive" in image.info:
        return min(MAX_PIXELS, MEMORY // (_COEFFICIENT_BYTES * len(image.getbands())))
    return MAX_PIXELS


def is_bomb(image: Image.Image, file: BinaryIO) -> bool:
    """Tell a file that asks for more memory or time than its picture is worth.

    Args:
        image: Opened, not yet decoded.
        file: What it was opened from; read, and left at any place.
    """
    if image.format in _JPEGS:
        file.seek(0)
        return _scans(file.read(MAX_JPEG_BYTES)) > MAX_SCANS
    if image.format == "BMP" and image.info["compression"] in _RLE:
        too_long = file.seek(0, 2) > MAX_RLE_BYTES
        return too_long or image.width * image.height > MAX_RLE_PIXELS
    return False


def _scans(data: bytes) -> int:
    """Count the scans of a JPEG up to its end; one more than allowed is enough."""
    place = scans = 0
    while scans <= MAX_SCANS and (found := _MARKER.search(data, place)):
        kind = found[1][0]
        if kind == _END_OF_IMAGE:
            break
        scans += kind == _START_OF_SCAN
        place = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans
