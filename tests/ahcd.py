"""AHCD for the tests that need it, where it is at hand."""

import os
from functools import cache
from pathlib import Path

import pytest

from train.dataset import Scans, load_ahcd


def ahcd_source() -> Path:
    """Where HARF_AHCD says that AHCD is; a test that needs it is left out without it."""
    if "HARF_AHCD" not in os.environ:
        pytest.skip("set HARF_AHCD to AHCD's zip or folder to run this")
    return Path(os.environ["HARF_AHCD"])


def ahcd() -> tuple[Scans, Scans]:
    """AHCD's training and test set."""
    return _load(ahcd_source())


@cache
def _load(source: Path) -> tuple[Scans, Scans]:
    return load_ahcd(source)
