"""Measure everything: ``python -m benchmarks``, about six minutes on two idle cores.

It prints tables and writes results.json beside this file, and README's table from it.
"""

import argparse
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from recognizer.ink import use_one_thread

from . import report
from .machine import machine, versions
from .results import RESULTS, record


def main() -> int:
    """Measure what the command line asks for.

    Returns:
        The exit status: 0, or 1 when something could not be measured. A goal that is
        missed is a result, not a failure.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick",
        metavar="FILE",
        type=Path,
        help="a trial of seconds with its results in FILE; README stays as it is",
    )
    quick: Path | None = parser.parse_args().quick
    results = measure_all(quick=quick is not None)
    for group, sentence in results["failed"].items():
        print(f"\n{report.GROUPS[group]} could not be measured: {sentence}", file=sys.stderr)
    if results["failed"] and not quick:
        print("results.json and README stay as they are.", file=sys.stderr)
        return 1
    results = record(results, quick or RESULTS)
    if not quick:
        report.write_readme(results)
    return 1 if results["failed"] else 0


def measure_all(*, quick: bool) -> dict[str, Any]:
    """Measure group after group; one that fails does not keep the others away."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    use_one_thread()  # as the page and the command line do
    os.environ.pop("HARF_MODEL", None)  # the model that ships is what the figures are about
    results: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "quick": quick,
        "machine": machine(),
        "versions": versions(),
        "groups": {},
        "failed": {},
    }
    with tempfile.TemporaryDirectory(prefix="harf-benchmarks-") as folder:
        for group in report.GROUPS:
            try:
                # TensorFlow's import costs seconds: after the environment is set.
                module = import_module(f".{group}", __package__)
                figures = [f.as_json() for f in module.measure(Path(folder), quick=quick)]
            except Exception as error:  # whatever it is, the other groups can still be measured
                traceback.print_exc()
                results["failed"][group] = f"{type(error).__name__}: {error}"
                continue
            results["groups"][group] = figures
            print(report.screen_table(group, figures), flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main())
