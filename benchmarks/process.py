"""Whole processes: the command line against the baseline's script and TensorFlow's import."""

import os
import subprocess
import sys
from pathlib import Path

import cv2

from . import baseline
from .figures import PERCENT, TIMES, Figure, medians
from .pictures import papers

ROOT = Path(__file__).parent.parent
_LEAST = (
    "import gc, sys; gc.disable(); sys.modules.update(matplotlib=None, pandas=None, scipy=None); "
    "import tensorflow; gc.freeze()"
)


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Time processes from start to end, in turn.

    Args:
        folder: Where files may be left.
        quick: Whether once is enough.
    """
    model, picture = folder / "script.keras", folder / "one.png"
    baseline.save_network(model)
    cv2.imwrite(str(picture), papers(1, 64)[0])
    seconds = medians(
        {
            "ours": lambda: _run("-m", "recognizer", str(picture)),
            "script": lambda: _run("-m", "benchmarks.baseline", str(model), str(picture)),
            "import": lambda: _run("-c", "import tensorflow"),
            "least": lambda: _run("-c", _LEAST),
        },
        1 if quick else 3,
        warm_up=0 if quick else 1,
    )
    ours = seconds["ours"]
    return [
        Figure(
            "`python -m recognizer one.png`, whole process, against the baseline's script",
            seconds["script"] / ours,
            TIMES,
            at_least=1.5,
        ),
        Figure("`python -m recognizer one.png`", ours, "s"),
        Figure("profile: the baseline's script", seconds["script"], "s"),
        Figure("profile: TensorFlow's import alone, with what it draws in", seconds["import"], "s"),
        Figure(
            "profile: the same as ours does it, without matplotlib, pandas, scipy and collecting",
            seconds["least"],
            "s",
        ),
        Figure("of ours, that import", 100 * seconds["least"] / ours, PERCENT),
    ]


def _run(*arguments: str) -> None:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
        check=True,
    )
