"""Uploads are forgotten: whatever lies in the folder for them is gone within minutes.

Gradio itself deletes only what arrived whole, in the field where it looks. Of an upload that
broke off it keeps what had arrived, and of each one a folder.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

EVERY = 60  # seconds
KEPT = 120  # seconds; whoever uploads a picture asks about it at once


def make_folder(folder: Path) -> None:
    """Make the folder for uploads, for this user alone; Gradio wants it from its start.

    Raises:
        SystemExit: If it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        sys.exit(
            f"Uploads cannot be kept in {folder.parent}: name a folder that may be written to "
            "with GRADIO_TEMP_DIR."
        )


def forget_uploads(folder: Path) -> None:
    """Look through the folder every minute from now on, beside everything else."""
    Thread(target=_sweep_for_ever, args=(folder,), daemon=True).start()


def _sweep_for_ever(folder: Path) -> None:
    while True:
        time.sleep(EVERY)
        sweep(folder, KEPT)


def sweep(folder: Path, kept: float) -> None:
    """Delete what has been there for longer, and the folders that nothing is left in.

    Args:
        folder: Of uploads alone; it stays, and may be missing.
        kept: Seconds.
    """
    before = time.time() - kept
    for root, _, files in os.walk(folder, topdown=False):
        is_old = False
        with suppress(OSError):  # gone meanwhile, or not ours to delete
            is_old = os.lstat(root).st_mtime < before
        for name in files:
            with suppress(OSError):
                file = os.path.join(root, name)
                if os.lstat(file).st_mtime < before:
                    os.unlink(file)
        if is_old and root != str(folder):
            with suppress(OSError):  # something is left in it
                os.rmdir(root)
