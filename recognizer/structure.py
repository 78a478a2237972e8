"""What no camera, scanner or drawing program writes, told before a decoder sees the file.

Pillow keeps what stands in a file around its pixels, as often as it stands there: a few
kilobytes that point at themselves take gigabytes, a million empty pieces take minutes.
The walks here take one step a piece and end at the first that is too many.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final

from .directory import EXIF, holds_strange_exif, holds_strange_tags, is_strange_tiff

# Each is several times what large files of telephones and of Photoshop have.
MAX_SEGMENTS: Final = 1000  # of a JPEG before its first scan; a colour profile of 4 MB takes 64
MAX_TABLES: Final = 2**16  # bytes of tables before the first scan; all that there can be take 3,000
MAX_LOOSE: Final = 2**16  # bytes between segments, which Pillow reads one at a time
MAX_CHUNKS: Final = 2000  # of a PNG, those apart that hold a good many of its pixels
MAX_INFLATED: Final = 8  # compressed profiles and texts of a PNG, each up to 4 MB of memory
MAX_UNICODE: Final = 4 * 2**20  # bytes of plain texts that one emoji makes four times as long
MAX_BLOCKS: Final = 1000  # of at most 255 bytes before a GIF's first frame

MAX_JPEG_BYTES: Final = 64 * 2**20  # what is looked at; 24 million pixels take less
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_BARE = frozenset((0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)))  # without a length behind them
_OF_PROGRAMS = frozenset((*range(0xE0, 0xF0), 0xFE))  # notes and comments, the rest are tables
_START_OF_SCAN, _APP1, _APP2 = 0xDA, 0xE1, 0xE2
_FURTHER_PICTURES = b"MPF\0"

_PIXELS = (b"IDAT", b"fdAT")
_GOOD_MANY = 256  # bytes; programs write 8,000 and more, but for the last
_CHUNK_NAME = re.compile(rb"\w{4}")
_LONGEST_KEY = 80  # bytes, with the zero behind it


def is_strange(file: BinaryIO) -> bool:
    """Tell a file that would cost a decoder far more than its picture is worth.

    Args:
        file: Of any kind; read, and left at any place.
    """
    start = _at(file, 0, 4)
    walks = (
        (b"\xff\xd8\xff", _is_strange_jpeg),
        (b"\x89PNG", _is_strange_png),
        (b"GIF8", _is_strange_gif),
        (b"II", is_strange_tiff),
        (b"MM", is_strange_tiff),
    )
    return any(start.startswith(magic) and walk(file) for magic, walk in walks)


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


def _is_strange_jpeg(file: BinaryIO) -> bool:
    exif = []  # Pillow puts the pieces together
    further = b""  # Pillow takes the last
    tables = loose = 0
    for number, (skipped, kind, body) in enumerate(_segments(_at(file, 0, MAX_JPEG_BYTES))):
        loose += skipped
        tables += len(body) * (kind not in _OF_PROGRAMS)
        if number > MAX_SEGMENTS or tables > MAX_TABLES or loose > MAX_LOOSE:
            return True
        if kind == _APP1 and body.startswith(EXIF):
            exif.append(body.removeprefix(EXIF))
        if kind == _APP2 and body.startswith(_FURTHER_PICTURES):
            further = body.removeprefix(_FURTHER_PICTURES)
    return holds_strange_exif(b"".join(exif)) or holds_strange_tags(further)


def _segments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Go from marker to marker up to the first scan, as Pillow does.

    Yields:
        The bytes that were skipped, the kind of segment and what it holds; at the end of
        a file without a scan those that were skipped, of kind 0.
    """
    place = 0
    while found := _MARKER.search(data, place):
        skipped, kind = found.end() - 2 - place, found[1][0]
        place = found.end()
        length = 0 if kind in _BARE else max(2, int.from_bytes(data[place : place + 2]))
        yield skipped, kind, data[place + 2 : place + length]
        if kind == _START_OF_SCAN:
            return
        place += length
    yield max(0, len(data) - place), 0, b""


def _is_strange_png(file: BinaryIO) -> bool:
    chunks = inflated = characters = 0
    place = len(b"\x89PNG\r\n\x1a\n")
    while _CHUNK_NAME.fullmatch(kind := (head := _at(file, place, 8))[4:]) and kind != b"IEND":
        length = int.from_bytes(head[:4])
        chunks += kind not in _PIXELS or length < _GOOD_MANY
        inflated += kind in (b"iCCP", b"zTXt")
        if kind == b"iTXt":
            # A key, a zero, and 1 if what follows is compressed.
            compressed = file.read(_LONGEST_KEY + 1).partition(b"\0")[2][:1] != b"\0"
            inflated += compressed
            characters += length * (not compressed)
        if chunks > MAX_CHUNKS or inflated > MAX_INFLATED or characters > MAX_UNICODE:
            return True
        place += 4 + 4 + length + 4  # length, name, what it holds, checksum
    return False


def _is_strange_gif(file: BinaryIO) -> bool:
    return sum(1 for _ in islice(_blocks(file), MAX_BLOCKS + 1)) > MAX_BLOCKS


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Go from block to block up to the first frame, as Pillow does."""
    flags = int.from_bytes(_at(file, 10, 1))
    file.seek(13 + (3 * 2 ** (1 + flags % 8) if flags >= 0x80 else 0))  # behind the palette
    while (start := file.read(1)) not in (b"", b";", b","):
        yield start
        if start != b"!":
            continue
        kind, block = file.read(1), _block(file)
        if kind == b"\xff" and block.startswith(b"NETSCAPE2.0"):
            block = _block(file)
        if kind != b"\xfe":  # not a comment: Pillow looks for one more even behind an empty one
            block = _block(file)
        while block:
            yield block
            block = _block(file)


def _block(file: BinaryIO) -> bytes:
    return file.read(int.from_bytes(file.read(1)))
