"""What it was measured on."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from recognizer.model import BUNDLED, read_card

PACKAGES = ("gradio", "keras", "numpy", "opencv-python-headless", "pillow", "starlette", "uvicorn")


def versions() -> dict[str, str]:
    """Python, the packages that decide how fast it is, and the model: its checksum's beginning."""
    import tensorflow  # whose package has more than one name

    return {
        "python": platform.python_version(),
        "tensorflow": tensorflow.__version__,
        **{name: version(name) for name in PACKAGES},
        "model": read_card(BUNDLED).sha256[:12],
    }


def machine() -> dict[str, Any]:
    """The processor, its cores, and how much else it has to do just now."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def resident_megabytes(process: int) -> float:
    """Memory that a process holds, in MB of 2**20 bytes."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
