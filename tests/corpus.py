"""Pictures and files as strangers send them: odd, broken and hostile ones, made here.

``python -m tests.corpus FOLDER`` writes them.
"""

import io
import re
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image, PngImagePlugin

from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand

LETTER = "ج"  # on every picture that holds a letter at all
Outcome = Literal["letter", "refused", "either"]

_LARGE = (6000, 4000)  # 24 million pixels: the most that is allowed
_FRAME = (4000, 3000)
_UNDO_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Sample:
    """A file from a stranger.

    Attributes:
        name: What its sender calls it.
        data: Its bytes.
        outcome: Whether its letter must be read, it must be refused, or either will do
            as long as it ends in an answer or in a sentence.
    """

    name: str
    data: bytes
    outcome: Outcome


@cache
def corpus() -> tuple[Sample, ...]:
    """Return every file; the same ones each time."""
    samples = []
    for outcome, files in (
        ("letter", {**_kinds(), **_orientations(), **_polyglots(), **_names()}),
        ("refused", {**_no_pictures(), **_blank(), **_bombs(), **_damaged()}),
        ("either", {**_cut_and_flipped(), **_noise()}),
    ):
        samples += [Sample(name, data, outcome) for name, data in files.items()]  # type: ignore[arg-type]
    return tuple(samples)


@cache
def costly() -> tuple[Sample, ...]:
    """Return pictures of as many pixels as are allowed, in the ways that cost most."""
    return tuple(Sample(name, data, "either") for name, data in _large().items())


def _letter(size: int = 200) -> Image.Image:
    return Image.fromarray(255 - strokes_to_ink(by_hand(LETTER), size=size))


def _file(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _kinds() -> dict[str, bytes]:
    letter = _letter()
    pixels = np.asarray(letter)
    frames = [Image.new("L", letter.size, 255), letter.rotate(90)]
    on_nothing = Image.fromarray(np.dstack([np.zeros((*pixels.shape, 3), np.uint8), 255 - pixels]))
    animated = {"save_all": True, "append_images": frames, "duration": 50}
    return {
        "plain.png": _file(letter, "PNG"),
        "two pictures.jpg": _file(letter, "MPO", save_all=True, append_images=frames[:1]),
        "transparent.png": _file(on_nothing, "PNG"),
        "interlaced.gif": _file(letter, "GIF", interlace=True),
        "animated.gif": _file(letter.convert("RGB"), "GIF", **animated),
        "animated.webp": _file(letter.convert("RGB"), "WEBP", lossless=True, **animated),
        "lossless.webp": _file(letter, "WEBP", lossless=True),
        "progressive.jpg": _file(letter, "JPEG", quality=92, progressive=True),
        "cmyk.jpg": _file(letter.convert("CMYK"), "JPEG", quality=92),
        "cmyk.tiff": _file(letter.convert("CMYK"), "TIFF"),
        "16bit.png": _file(Image.fromarray(pixels.astype(np.uint16) * 257), "PNG"),
        "16bit.tiff": _file(Image.fromarray(pixels.astype(np.uint16) * 257), "TIFF"),
        "float.tiff": _file(Image.fromarray(pixels.astype(np.float32) / 255), "TIFF"),
        "large 16bit.png": _file(
            Image.fromarray(np.asarray(_letter(2100)).astype(np.uint16) * 257), "PNG"
        ),
        "large palette.png": _file(_letter(2100).convert("P"), "PNG"),
        "two colours.bmp": _file(letter.convert("1"), "BMP"),
        "text.png": _file(letter, "PNG", pnginfo=_text("note", "a" * 5_000_000)),
    }


def _orientations() -> dict[str, bytes]:
    files = {}
    for orientation in range(1, 9):
        image = _letter()
        if orientation in _UNDO_ORIENTATION:
            image = image.transpose(_UNDO_ORIENTATION[orientation])
        exif = Image.Exif()
        exif[0x0112] = orientation
        files[f"turned {orientation}.jpg"] = _file(image, "JPEG", quality=92, exif=exif)
    return files


def _polyglots() -> dict[str, bytes]:
    png, archive = _file(_letter(), "PNG"), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../escape.txt", "x")
    page = b"<script>alert(1)</script>"
    return {
        "also a zip.png": png + archive.getvalue(),
        "also a page.html": png + page,
        "also a page.jpg": _file(_letter(), "JPEG", quality=92, comment=page),
        "wrong suffix.jpg": png,
        "no suffix": png,
    }


def _names() -> dict[str, bytes]:
    data = _file(_letter(), "PNG")
    return dict.fromkeys(
        [
            "../../../etc/passwd.png",
            "..\\..\\windows.png",
            "/etc/passwd",
            "\u202egnp.exe",
            "\u200f\u2066حرف\u2069.png",
            "n" * 4096 + ".png",
            "quote\"'; rm -rf .png",
            "<img src=x onerror=alert(1)>.png",
            "%2e%2e%2fup.png",
            "new\nline.png",
            "null\0byte.png",
            ".hidden.png",
            "CON.png",
        ],
        data,
    )


def _no_pictures() -> dict[str, bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("letter.png", _file(_letter(), "PNG"))
    box = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic")
    return {
        "empty.png": b"",
        "text.jpg": b"This is a letter, but not a picture of one.\n",
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>",
        "phone.heic": box + bytes(200),
        "paper.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
        "pdf before.png": b"%PDF-1.7\n" + _file(_letter(), "PNG"),
        "letters.zip": archive.getvalue(),
        "portable.png": _file(_letter(), "PPM"),
        "icon.png": _file(_letter(64), "ICO"),
        "one byte.png": b"\x89",
        "only a signature.png": b"\x89PNG\r\n\x1a\n",
        "one pixel.png": _file(Image.new("L", (1, 1)), "PNG"),
        "line.png": _file(Image.new("L", (1, 5000)), "PNG"),
        "ribbon.png": _png(12_000_000, 2, 1, zlib.compress(bytes(1 + 1_500_000) * 2)),
        "ladder.png": _png(2, 12_000_000, 1, zlib.compress(b"\0\xff" * 12_000_000)),
    }


def _blank() -> dict[str, bytes]:
    return {
        "white.png": _file(Image.new("RGB", (300, 200), "white"), "PNG"),
        "black.jpg": _file(Image.new("RGB", (300, 200)), "JPEG"),
        "transparent nothing.webp": _file(Image.new("RGBA", (300, 200)), "WEBP", lossless=True),
    }


def _bombs() -> dict[str, bytes]:
    """Small files that would take gigabytes or minutes."""
    row = bytes(1 + 20_000 // 8)
    deflated = zlib.compress(bytes(100_000_000), 1)
    return {
        "20000.png": _png(20_000, 20_000, 1, zlib.compress(row * 20_000)),
        "12000.png": _file(Image.new("1", (12_000, 12_000)), "PNG"),
        "16000.webp": _webp_header(16_000, 16_000),
        "6000.webp": _webp_header(*_LARGE),
        "65000.gif": b"GIF89a" + struct.pack("<HHBBB", 65_000, 65_000, 0, 0, 0) + b";",
        "tile.tiff": _tiff({322: 30_000, 323: 30_000, 324: 8, 325: len(deflated)}, deflated),
        "text for a tile.tiff": _tiff({323: 100_000_000}, deflated, text=322),
        "scans.jpg": _many_scans(),
        "scans, and a picture behind them.jpg": _with_pictures_behind(_many_scans()),
        "profile.png": _png(40, 40, 8, _GREY, _chunk(b"iCCP", b"p\0\0" + deflated)),
        "inflated text.png": _png(40, 40, 8, _GREY, _chunk(b"zTXt", b"t\0\0" + deflated)),
    }


def _damaged() -> dict[str, bytes]:
    png = bytearray(_file(_letter(), "PNG"))
    png[29] ^= 0xFF  # of the header's checksum
    data = bytearray(_file(_letter(), "PNG"))
    data[data.index(b"IDAT") + 40] ^= 0xFF
    return {"wrong checksum.png": bytes(png), "wrong data.png": bytes(data)}


def _cut_and_flipped() -> dict[str, bytes]:
    files = {}
    random = np.random.default_rng(6)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"):
        options = {"compression": "tiff_deflate"} if kind == "TIFF" else {}
        data = _file(_letter(), kind, **options)
        for share in (0.1, 0.5, 0.95):
            files[f"cut at {share}.{kind.lower()}"] = data[: int(len(data) * share)]
        for number in range(4):
            flipped = bytearray(data)
            for place in random.integers(0, len(data), 1 + 3 * number):
                flipped[place] ^= 1 << int(random.integers(8))
            files[f"flipped {number}.{kind.lower()}"] = bytes(flipped)
    return files


def _large() -> dict[str, bytes]:
    return {
        "large.png": _file(Image.new("RGBA", _LARGE, (9, 9, 9, 99)), "PNG", compress_level=1),
        "large palette and alpha.png": _file(Image.new("P", _LARGE), "PNG", transparency=0),
        "large cmyk.tiff": _file(Image.new("CMYK", _LARGE), "TIFF", compression="packbits"),
        "large float.tiff": _file(Image.new("F", _LARGE), "TIFF", compression="packbits"),
        "large progressive.jpg": _file(
            Image.new("RGB", (5000, 4000)), "JPEG", progressive=True, subsampling=0
        ),
        "large animated.gif": _file(
            Image.new("P", _FRAME), "GIF", save_all=True, append_images=[Image.new("P", _FRAME, 1)]
        ),
        "large.webp": _file(Image.new("RGB", (2700, 2700)), "WEBP", quality=1, method=0),
        "much text.png": _png(40, 40, 8, _GREY, _chunk(b"tEXt", b"t\0" + b"a" * 9_000_000)),
        "many chunks.png": _png(40, 40, 8, _GREY, _chunk(b"zzZz", b"") * 50_000),
    }


def _noise() -> dict[str, bytes]:
    random = np.random.default_rng(6)
    noise = random.integers(0, 256, (300, 300, 3), np.uint8)
    return {
        "noise.png": _file(Image.fromarray(noise), "PNG"),
        "noise.jpg": _file(Image.fromarray(noise), "JPEG"),
        "noise as bytes.webp": b"RIFF\x00\x10\x00\x00WEBPVP8 " + random.bytes(4000),
        "noise as bytes.tiff": b"II*\0" + random.bytes(4000),
        "noise as bytes.bmp": b"BM" + random.bytes(4000),
        "checks.png": _file(Image.fromarray(np.indices((200, 200)).sum(0) % 2 == 0), "PNG"),
    }


_GREY = zlib.compress((b"\0" + b"\xff" * 40) * 40)  # the pixels of 40×40 white ones


def _text(key: str, text: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text(key, text, zip=False)
    return info


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, bits: int, pixels: bytes, before: bytes = b"") -> bytes:
    """A grey PNG, whatever it claims to hold."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _tiff(tags: dict[int, int], data: bytes, text: int = 0) -> bytes:
    """A grey deflated TIFF of 100×100, whatever its tiles claim to be; one tag may be text."""
    base = {256: 100, 257: 100, 258: 8, 259: 8, 262: 1, 277: 1}
    strips = {} if 324 in tags else {273: 8, 278: 100, 279: len(data)}
    entries = {tag: struct.pack("<HHII", tag, 4, 1, n) for tag, n in (base | strips | tags).items()}
    if text:
        entries[text] = struct.pack("<HHI4s", text, 2, 4, b"aaa\0")
    directory = b"".join(entries[tag] for tag in sorted(entries))
    start = struct.pack("<I", 8 + len(data))
    return b"II*\0" + start + data + struct.pack("<H", len(entries)) + directory + bytes(4)


def _webp_header(width: int, height: int) -> bytes:
    """A lossless WebP that ends after its size."""
    size = struct.pack("<I", (width - 1) | (height - 1) << 14)
    chunk = b"VP8L" + struct.pack("<I", 20) + b"\x2f" + size + bytes(15)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def _many_scans() -> bytes:
    """A progressive JPEG whose last scan comes 15,000 times: minutes of decoding in 1 MB."""
    data = _file(Image.new("L", _LARGE, 128), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * 15_000 + b"\xff\xd9"


def _with_pictures_behind(data: bytes) -> bytes:
    """A JPEG whose header says that a second picture follows the first."""
    pixel = Image.new("L", (8, 8))
    two = _file(pixel, "MPO", save_all=True, append_images=[pixel])
    start = two.index(b"MPF\0") - 4
    end = start + 2 + int.from_bytes(two[start + 2 : start + 4])
    return data[:2] + two[start:end] + data[2:]


def write(folder: Path, samples: tuple[Sample, ...] | None = None) -> None:
    """Write the files, or those given, under as much of their names as a folder can hold."""
    for number, sample in enumerate(samples or corpus() + costly()):
        name = re.sub(r"[\0-\x1f/\\]", "_", sample.name)[-100:]
        (folder / f"{number:03} {name}").write_bytes(sample.data)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
