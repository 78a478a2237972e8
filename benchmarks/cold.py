"""A newcomer's first start: ``make run`` in a fresh clone, with nothing cached.

``python -m benchmarks.cold`` writes what it took into results.json and README.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from . import report
from .app_server import ROOT, free_port, wait_for
from .results import record

_DOWNLOADED = re.compile(r"^\s*Downloading \S+ \(([\d.]+) ([kMG]?B)", re.MULTILINE)
# The environment of the make that runs this, where else pip would look, whether it is silent, and
# another model: a newcomer has none of these.
_NOT_OURS = re.compile("MAKE|HARF_|PIP_(INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|CONSTRAINT|QUIET)")
_MEGABYTES = {"B": 1e-6, "kB": 1e-3, "MB": 1, "GB": 1e3}


def main() -> None:
    """Clone, run until the page answers, and write it down."""
    with tempfile.TemporaryDirectory(prefix="harf-cold-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, clone], check=True)
        seconds, megabytes = _run(clone, Path(folder) / "log")
    print(f"{seconds:.0f} s from `make run` to the page, {megabytes:.0f} MB of packages")
    cold = {"seconds": round(seconds), "megabytes": round(megabytes)}
    report.write_readme(record({"cold": cold}))


def _run(clone: Path, log: Path) -> tuple[float, float]:
    """Seconds until the page answers, and MB of packages that were downloaded for it."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not _NOT_OURS.match(name)},
        "GRADIO_SERVER_PORT": str(port),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_PROGRESS_BAR": "off",
    }
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process, patience=1800)
        seconds = time.monotonic() - started
    except RuntimeError:
        print(log.read_text(encoding="utf-8", errors="replace")[-2000:], file=sys.stderr)
        raise
    finally:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    said = log.read_text(encoding="utf-8", errors="replace")
    sizes = _DOWNLOADED.findall(said)
    return seconds, sum(float(size) * _MEGABYTES[unit] for size, unit in sizes)


if __name__ == "__main__":
    main()
