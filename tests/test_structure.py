"""Files that would cost a decoder far more than their picture: refused before it sees them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.picture import decode
from tests.dangerous import bmp, chunk, dangerous, gif, jpeg, png
from tests.inks import file_of

ROOT = Path(__file__).parent.parent
MEGABYTES = 100  # above what was there before
SECONDS = 5  # of a processor, for Python's start too
MAX_FILE = 10_500_000  # bytes

_SCRIPT = f"""
import resource, sys
from recognizer import RecognizerError
from recognizer.picture import decode
data = open(sys.argv[1], "rb").read()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
try:
    decode(data)
except RecognizerError as error:
    print(peak() - before, error)
"""


@pytest.mark.parametrize("name", list(dangerous()))
def test_a_file_that_costs_more_than_its_picture_is_refused_at_once(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(dangerous()[name])
    assert (tmp_path / "file").stat().st_size < MAX_FILE
    command = [sys.executable, "-c", _SCRIPT, str(tmp_path / "file")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    megabytes, _, said = done.stdout.strip().partition(" ")
    assert "damaged" in said
    assert int(megabytes) < MEGABYTES


@pytest.mark.parametrize(
    "data",
    [
        jpeg((b"\xff\xe2\xff\xff" + b"ICC_PROFILE\0\1\1" + bytes(65_519)) * 64),
        jpeg(b"\xff" * 3000 + (b"\xff\xe1\0\x10Exif\0\0II*\0\x08\0\0\0")),
        png(chunk(b"iTXt", b"note\0\0\0\0\0" + "ج".encode() * 1000) * 500),
        png(chunk(b"zTXt", b"note\0\0x\x9cK\x04\0\0b\0b") * 5),
        gif(b"!\xff\x0bXMP DataXMP" + b"<" * 61 * 500 + b"\0" + b"!\xfe\3any\0"),
        bmp(40, 40, b"\x28\xff\0\0" * 40 + b"\0\1"),
        file_of(Image.new("L", (40, 3000), 255), "TIFF", tiffinfo={278: 1}),
        file_of(Image.new("RGB", (40, 3000)), "TIFF", compression="tiff_lzw", tiffinfo={278: 1}),
        file_of(Image.new("RGB", (900, 900)), "TIFF", compression="jpeg", big_tiff=True),
    ],
)
def test_what_programs_write_around_a_picture_is_no_reason_to_refuse_it(data: bytes) -> None:
    assert decode(data).dtype == np.uint8
