"""Small files that once took gigabytes or minutes before a pixel was seen, made here."""

import io
import struct
import zlib
from functools import cache
from typing import Any

from PIL import Image

_GREY = zlib.compress((b"\0" + b"\xff" * 40) * 40)  # the pixels of 40×40 white ones
_LARGE = (6000, 4000)


@cache
def dangerous() -> dict[str, bytes]:
    """Return each file by its name."""
    return _tags() | _texts() | _strips() | _pieces() | _runs()


def _tags() -> dict[str, bytes]:
    """Thousands of tags whose values are the same bytes."""
    many, few = _directory(7000, 100_000), _directory(1000, 900_000)
    place = _directory(7000, 100_000, folder=0x8825)
    return {
        "tags.tiff": many,
        "tags.jpg": jpeg(_exif_segments(few)),
        "tags.png": png(chunk(b"eXIf", few)),
        "tags.webp": _file("WEBP", exif=b"Exif\0\0" + few),
        "tags of the place.png": png(chunk(b"eXIf", place)),
        "tags as text.png": png(chunk(b"tEXt", b"Raw profile type exif\0\nexif\n1\n" + _hex(few))),
        "many names before tags.png": png(chunk(b"eXIf", b"Exif\0\0" * 1_500_000)),
    }


def _texts() -> dict[str, bytes]:
    text = zlib.compress("😀".encode() + b"a" * 1_048_570)
    chunks = [chunk(b"iTXt", b"%d\0\1\0\0\0" % number + text) for number in range(60)]
    return {"texts.png": png(b"".join(chunks))}


def _strips() -> dict[str, bytes]:
    """A large picture in one piece, and a small one in a million."""
    data = zlib.compress(bytes(_LARGE[0] * _LARGE[1] * 8))
    offsets = {273: (1, 1_000_000, 8), 278: (3, 1, 1), 279: (3, 1, 100)}
    strip = {273: (4, 1, 8), 278: (4, 1, _LARGE[1]), 279: (4, 1, len(data))}
    tile = dict(
        zip((322, 323, 324, 325), [(4, 1, n) for n in (*_LARGE, 8, len(data))], strict=True)
    )
    rgba, cmyk = {262: (3, 1, 2), 338: (3, 1, 2)}, {262: (3, 1, 5)}
    return {
        "strips.tiff": tiff(
            {256: (3, 1, 100), 257: (3, 1, 100), 258: (3, 1, 8)} | offsets, bytes([8]) * 1_000_000
        ),
        "strip.tiff": _sixteen_bits(rgba | strip, data),
        "tile.tiff": _sixteen_bits(rgba | tile, data),
        "strip of four inks.tiff": _sixteen_bits(cmyk | strip, data),
    }


def _pieces() -> dict[str, bytes]:
    """Millions of pieces that hold next to nothing."""
    header = b"\xff\xc0" + struct.pack(">HBHHB", 65_534, 8, 100, 100, 1)
    return {
        "segments.jpg": jpeg(b"\xff\xe5\0\2" * 2_500_000),
        "tiny exif.jpg": jpeg(b"\xff\xe1\0\x09Exif\0\0A" * 900_000),
        "components.jpg": jpeg((header + b"\1\x11\0" * 21_842) * 150),
        "chunks.png": png(chunk(b"zzZz", b"") * 850_000),
        "empty pixels.png": png(chunk(b"IDAT", b"") * 850_000),
        "comment.gif": gif(b"!\xfe" + b"\1A" * 1_000_000 + b"\0"),
        "comments.gif": gif(b"!\xfe\1A\0" * 400_000),
    }


def _runs() -> dict[str, bytes]:
    return {
        "rows.bmp": bmp(*_LARGE, b"\1\xff\0\0" * 4000 + b"\0\1"),
        "runs of nothing.bmp": bmp(1000, 1000, b"\1\xff" * 1000 + b"\5\0" * 4_500_000),
    }


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG's chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(before: bytes) -> bytes:
    """A white PNG with more chunks before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", _GREY) + chunk(b"IEND", b"")


def jpeg(segments: bytes) -> bytes:
    """A white JPEG with more segments."""
    data = _file("JPEG")
    return data[:2] + segments + data[2:]


def gif(extensions: bytes) -> bytes:
    """A white GIF with extensions before its frame."""
    data = _file("GIF")
    behind_palette = 13 + (3 << (data[10] & 7) + 1)
    return data[:behind_palette] + extensions + data[behind_palette:]


def bmp(width: int, height: int, runs: bytes) -> bytes:
    """A grey BMP of runs."""
    palette = b"".join(bytes([level, level, level, 0]) for level in range(256))
    start = 14 + 40 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(runs), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(runs), 0, 0, start) + header + palette + runs


def tiff(tags: dict[int, tuple[int, int, int]], data: bytes) -> bytes:
    """A TIFF of tags, each a type, a count and a value or its place, behind 8 bytes and data."""
    entries = [struct.pack("<HHII", tag, *tags[tag]) for tag in sorted(tags)]
    directory = struct.pack("<H", len(tags)) + b"".join(entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory


def _file(kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("L", (40, 40), 255).save(file, kind, **options)
    return file.getvalue()


def _hex(data: bytes) -> bytes:
    return data.hex().encode()


def _directory(count: int, size: int, folder: int = 0) -> bytes:
    """A TIFF of so many tags that point at so many bytes, or one tag that points at them."""
    picture = {256: (4, 1, 40), 257: (4, 1, 40), 258: (4, 1, 8), 262: (4, 1, 1), 273: (4, 1, 8)}
    same = {1000 + number: (7, size, 8) for number in range(count)}
    if not folder:
        return tiff(picture | same, bytes(size))
    inner = tiff(same, bytes(size))[8:]
    return tiff({274: (3, 1, 6), folder: (4, 1, 8 + size)}, inner)


def _exif_segments(data: bytes) -> bytes:
    pieces = [b"Exif\0\0" + data[place : place + 60_000] for place in range(0, len(data), 60_000)]
    return b"".join(b"\xff\xe1" + struct.pack(">H", 2 + len(piece)) + piece for piece in pieces)


def _sixteen_bits(tags: dict[int, tuple[int, int, int]], data: bytes) -> bytes:
    """A deflated TIFF of four samples a pixel."""
    bits = struct.pack("<4H", 16, 16, 16, 16)
    size = {256: (4, 1, _LARGE[0]), 257: (4, 1, _LARGE[1]), 259: (3, 1, 8), 277: (3, 1, 4)}
    return tiff({**size, 258: (3, 4, 8 + len(data)), **tags}, data + bits)
