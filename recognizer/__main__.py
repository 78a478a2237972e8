"""Recognise files and folders: ``python -m recognizer FILE_OR_FOLDER…``."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .aside import let_go, say
from .characters import LETTERS
from .errors import PictureError, RecognizerError
from .ink import use_one_thread
from .model import do_without_onednn, for_good
from .recognize import Recognizer
from .report import Report, csv_report, in_one_line, json_report, line_report

SUFFIXES = {".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
SUFFIXES |= {".avif", ".heic", ".heif"}  # pictures too, of which it is said that they are not read
MANY = 20  # files; from here on a progress bar is worth its line, and compiling its time
BAR = 30  # characters
USUAL = 80  # characters, of a terminal that does not say


def main(arguments: Sequence[str] | None = None) -> int:
    """Recognise what the command line names.

    Args:
        arguments: The command line without the program; None means the real one.

    Returns:
        The exit status: 0, 1 when something could not be read or written, or 130 when it
        was stopped with Ctrl+C.
    """
    options = _parser().parse_args(arguments)
    if sys.stdout is None:
        say("The answers could not be written: the standard output is closed.")
        return 1
    # A console of another encoding shall not stop at the first Arabic letter, nor at
    # a file whose name is not UTF-8.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    files = [file for path in options.paths for file in _pictures(path)]
    unread: list[Path] = []
    try:
        with for_good():
            recognizer = Recognizer.load(compiled=len(files) >= MANY)
        for file in _recognize(recognizer, files, options.report(options.top)):
            unread.append(file)
        sys.stdout.flush()
    except RecognizerError as error:  # the model itself
        say(str(error))
        return 1
    except BrokenPipeError:  # whoever read our lines, `head` perhaps, has seen enough
        let_go(sys.stdout)
    except KeyboardInterrupt:
        try:
            sys.stdout.flush()  # what was read so far
        except OSError:
            let_go(sys.stdout)
        say("Stopped.")
        return 130
    except OSError as error:  # the disk is full
        let_go(sys.stdout)
        say(f"The answers could not be written: {error.strerror}.")
        return 1
    return 1 if unread else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m recognizer",
        description="Read one handwritten Arabic letter from each picture.",
        epilog="The environment variable HARF_MODEL names another model: a folder, or "
        "hf://OWNER/NAME@REVISION on the Hub. "
        "Exit status: 0, or 1 when something could not be read, the model not be loaded or the "
        "answers not be written, 2 for a wrong command line, 130 when it was stopped.",
    )
    parser.add_argument(
        "paths",
        metavar="FILE_OR_FOLDER",
        nargs="+",
        type=_path,
        help="a picture, or a folder with pictures in it and in its subfolders",
    )
    parser.add_argument(
        "--top", metavar="K", type=_count, default=1, help="show the K likeliest letters"
    )
    parser.set_defaults(report=line_report)
    form = parser.add_mutually_exclusive_group()
    for flag, report, text in (
        ("--json", json_report, "print one JSON object a line"),
        ("--csv", csv_report, "print a table with a header"),
    ):
        form.add_argument(flag, dest="report", action="store_const", const=report, help=text)
    return parser


def _path(text: str) -> Path:
    if not text:  # a variable that is not set; as a path it would be the folder one is in
        raise argparse.ArgumentTypeError("a name is empty")
    return Path(text)


def _count(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= len(LETTERS):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a number of 1 to {len(LETTERS)}")


def _pictures(path: Path) -> list[Path]:
    """Return the pictures in a folder, sorted, or the path itself if there are none.

    Folders in it that cannot be opened are among them: they are then named.
    """
    if not os.path.isdir(path):  # where pathlib may not look, it raises
        return [path]
    found: list[Path] = []
    errors: list[OSError] = []  # Path.rglob would pass over them, and say nothing
    for folder, _, names in os.walk(path, onerror=errors.append):
        files = [Path(folder, name) for name in names if not name.startswith(".")]
        found += [file for file in files if file.suffix.lower() in SUFFIXES and _may_be_read(file)]
    return sorted(found + [Path(error.filename) for error in errors]) or [path]


def _may_be_read(path: Path) -> bool:
    """Tell a file from a pipe or a link to nowhere; one that is out of reach may be one."""
    return os.path.isfile(path) or not os.path.lexists(path)


def _recognize(recognizer: Recognizer, files: Sequence[Path], report: Report) -> Iterator[Path]:
    """Report each file as soon as it is read, and yield those that could not be."""
    bar = _Bar(len(files))
    for done, file in enumerate(files):
        bar.show(done)
        try:
            if os.path.isdir(file):
                raise PictureError(_no_picture(file))
            prediction = recognizer.recognize(file)
        except RecognizerError as error:
            bar.clear()
            say(f"{in_one_line(file)}: {error}")
            yield file
        except KeyboardInterrupt:
            bar.clear()
            raise
        else:
            bar.clear()
            report(file, prediction)


def _no_picture(folder: Path) -> str:
    try:
        os.scandir(folder).close()
    except OSError as error:
        return f"This folder cannot be opened: {error.strerror}."
    return "There is no picture in this folder."


def _columns() -> int:
    """How wide the terminal is that stderr is shown on."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or USUAL
    except OSError:  # it says that it is one, and is another program's window
        return USUAL


class _Bar:
    """A progress bar on stderr, where a person watches and the files are many."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.is_shown = total >= MANY and sys.stderr is not None and sys.stderr.isatty()
        # A line that is too long for the terminal would not be gone with a carriage return.
        self.width = _columns() - 1 if self.is_shown else 0

    def show(self, done: int) -> None:
        full = "#" * (BAR * done // self.total)
        self._show(f"[{full:{BAR}}] {done} of {self.total}")

    def clear(self) -> None:
        self._show(" " * (BAR + 20))

    def _show(self, text: str) -> None:
        if self.is_shown:
            say(text[: self.width], end="\r")


if __name__ == "__main__":
    # Where they are installed, TensorFlow and Keras import them to draw and to take tables: 0.9 s
    # for nothing.
    for name in ("matplotlib", "pandas", "scipy"):
        sys.modules[name] = None  # type: ignore[assignment]
    use_one_thread()
    do_without_onednn()
    sys.exit(main())
