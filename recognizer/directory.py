"""The directories of tags that TIFF, EXIF and pictures of several pictures have in common.

A tag says how long its value is and where it lies; nothing keeps a thousand tags from
pointing at the same megabyte, and a reader from keeping it a thousand times.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final, Literal, NamedTuple, TypeAlias

from .cost import MAX_PIXELS

# Each is several times what large files of telephones and of Photoshop have.
MAX_TAGS: Final = 1000
MAX_NUMBERS: Final = 2**16  # in all tags; 2 for each strip, and 400 bytes of memory for a fraction
LEAST_VALUES: Final = 2**16  # bytes of values that even a file shorter than that may point at
# Unfolded whole beside the picture's 4 bytes a pixel: as much as the largest RGB picture has.
MAX_STRIP: Final = 3 * MAX_PIXELS  # bytes

Order: TypeAlias = Literal["little", "big"]

EXIF = b"Exif\0\0"
_ORDERS: dict[bytes, Order] = {b"II": "little", b"MM": "big"}
_BIG = 43  # the version for more than 4 GB, with longer numbers throughout
_HEADERS = (b"II*\0", b"II\0*", b"II+\0", b"MM\0*", b"MM*\0", b"MM\0+")  # all that Pillow takes
_FEW = 8  # bits a sample are told for each

# TIFF's numbers for types, with their sizes in bytes.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_STRINGS = (1, 2, 7)  # kept as they are, all others as an object a number
_WHOLE = (1, 3, 4, 6, 8, 9, 13, 16, 17, 18)

# TIFF's numbers for tags.
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _COLORS, _SAMPLES, _ROWS = 256, 257, 258, 259, 262, 277, 278
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_STRIPS, _TILES = 273, 324
_DIRECTORIES = (0x8769, 0x8825, 0xA005)  # those that point at more tags: EXIF, place and others
_UNCOMPRESSED, _JPEG, _YCBCR = 1, 7, 6


class _Tag(NamedTuple):
    number: int
    kind: int
    length: int  # how many values
    place: int  # of its value in the file


def is_strange_tiff(file: BinaryIO) -> bool:
    """Tell a TIFF file whose tags or strips take far more memory or time than its picture.

    Args:
        file: Read, and left at any place.
    """
    numbers = _numbers(file)
    return numbers is None or _strip_bytes(numbers) > MAX_STRIP


def holds_strange_tags(data: bytes) -> bool:
    """Tell a directory, with TIFF's header before it, that takes far more memory than it has."""
    return _numbers(BytesIO(data)) is None


def holds_strange_exif(data: bytes) -> bool:
    """Tell EXIF, with or without its name before it, that must not be looked into."""
    for _ in range(2):  # Pillow cuts off as many as there are, and copies the rest each time
        data = data.removeprefix(EXIF)
    return data.startswith(EXIF) or holds_strange_tags(data)


def _numbers(file: BinaryIO) -> dict[int, int] | None:
    """Read the largest whole number of each tag in the first directory; None if it is strange."""
    size, header = file.seek(0, 2), _at(file, 0, 16)
    if len(header) < 8 or header[:4] not in _HEADERS:
        return {}
    order, big = _ORDERS[header[:2]], header[2] == _BIG
    starts = [int.from_bytes(header[8:16] if big else header[4:8], order)]
    tags = values = amount = 0
    found: dict[int, int] = {}
    for start in starts:  # grows
        for tag in _tags(file, start, order, big=big):
            extent = tag.length * _SIZES[tag.kind]
            tags += 1
            if tag.place + extent <= size:  # else no reader follows it
                values += extent
                amount += tag.length * (tag.kind not in _STRINGS or tag.number in (_STRIPS, _TILES))
            if tags > MAX_TAGS or values > max(size, LEAST_VALUES) or amount > MAX_NUMBERS:
                return None
            number = _largest(file, tag, order)
            if start == starts[0]:
                found[tag.number] = max(number, found.get(tag.number, 0))
            if tag.number in _DIRECTORIES and number not in starts:
                starts.append(number)
    return found


def _tags(file: BinaryIO, start: int, order: Order, *, big: bool) -> Iterator[_Tag]:
    """Go through a directory's tags of known types, up to the end of the file at most."""
    head, layout, room = (8, "HHQ", 8) if big else (2, "HHL", 4)
    entry = struct.Struct((">" if order == "big" else "<") + layout)
    place = start + head
    amount = int.from_bytes(_at(file, start, head), order)
    for _ in range(amount):
        raw = _at(file, place, entry.size + room)
        if len(raw) < entry.size + room:
            return
        number, kind, count = entry.unpack_from(raw)
        value = place + entry.size  # or, where it does not fit, its place
        place = value + room
        if kind not in _SIZES:
            continue
        if count * _SIZES[kind] > room:
            value = int.from_bytes(raw[entry.size :], order)
        yield _Tag(number, kind, count, value)


def _largest(file: BinaryIO, tag: _Tag, order: Order) -> int:
    """Return the largest of a tag's first whole numbers; 0 if it has none."""
    if tag.kind not in _WHOLE:
        return 0
    size = _SIZES[tag.kind]
    raw = _at(file, tag.place, size * min(tag.length, _FEW))
    return max(
        (int.from_bytes(raw[i : i + size], order) for i in range(0, len(raw), size)), default=0
    )


def _strip_bytes(numbers: dict[int, int]) -> int:
    """Return what a decoder must unfold at once of a picture: a strip or a tile."""
    if numbers.get(_COMPRESSION, _UNCOMPRESSED) == _UNCOMPRESSED:
        return 0  # read row by row
    height = numbers.get(_HEIGHT, 0)
    pixels = numbers.get(_WIDTH, 0) * min(height, numbers.get(_ROWS, height))
    if _TILE_WIDTH in numbers:
        pixels = numbers[_TILE_WIDTH] * numbers.get(_TILE_HEIGHT, 0)
    bits = numbers.get(_SAMPLES, 1) * numbers.get(_BITS, 1)
    if numbers.get(_COLORS) == _YCBCR and numbers[_COMPRESSION] != _JPEG:
        bits += 32  # unfolded once more, to red, green, blue and alpha
    return pixels * bits // 8


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)
