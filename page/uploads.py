"""Uploads are forgotten: whatever lies in the folder for them is gone within minutes.

Gradio itself deletes only what arrived whole, in the field where it looks. Of an upload that
broke off it keeps what had arrived, and of each one a folder.
"""

import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from threading import Thread
from typing import Any

from gradio import route_utils

EVERY = 60  # seconds
_NAME = re.compile(r"harf-\d+-[0-9a-f]{16}")  # of such a folder (before_gradio.py), and no other
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


class _OneFile(route_utils.GradioMultiPartParser):
    """Reads forms of one file and nothing else, which is what clients send.

    Gradio takes a thousand files a form, and keeps what is no file in memory.
    """

    def __init__(self, *settings: Any, **named: Any) -> None:
        super().__init__(*settings, **{**named, "max_files": 1, "max_fields": 0})


def forget_uploads(folder: Path, names: set[str]) -> None:
    """Look through the folder now and every minute from now on, beside everything else.

    And through those that a killed page has left beside it.

    Args:
        folder: Of uploads alone.
        names: What Gradio remembers of them, for a folder that it would clear itself.
    """
    route_utils.GradioMultiPartParser = _OneFile  # type: ignore[misc]
    Thread(target=_sweep_for_ever, args=(folder, names), daemon=True).start()


def _sweep_for_ever(folder: Path, names: set[str]) -> None:
    while True:
        for one in [folder, *_left_behind(folder)]:
            sweep(one, KEPT)
        names.clear()
        time.sleep(EVERY)


def _left_behind(folder: Path) -> list[Path]:
    """Folders for uploads of this user's other pages; of one that lives, too, what is old goes."""
    others = []
    with suppress(OSError):
        others = [one for one in folder.parent.iterdir() if _NAME.fullmatch(one.name)]
    return [one for one in others if one != folder and _are_of_one_user(one, folder)]


def _are_of_one_user(one: Path, other: Path) -> bool:
    """Say whether two are folders, and no links to some, of the same user."""
    with suppress(OSError):
        first, second = one.lstat(), other.lstat()
        return S_ISDIR(first.st_mode) and first.st_uid == second.st_uid
    return False


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
