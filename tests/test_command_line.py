"""Files and folders are read from the command line, an answer a line."""

import csv
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recognizer import CHARACTERS, LETTERS, Prediction, Recognizer, strokes_to_ink
from recognizer.__main__ import MANY, main
from recognizer.report import in_words
from tests.hand import by_hand

ROOT = Path(__file__).parent.parent


def draw(path: Path, letter: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(255 - strokes_to_ink(by_hand(letter), size=96)).save(path)
    return path


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    """What the command line reads a few pictures with."""
    return Recognizer.load(compiled=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three letters in a folder and its subfolder, beside what is no picture."""
    draw(tmp_path / "scans" / "b.png", "ب")
    draw(tmp_path / "scans" / "a.jfif", "س")
    draw(tmp_path / "scans" / "more" / "c.GIF", "ح")
    draw(tmp_path / "scans" / ".hidden.png", "و")
    (tmp_path / "scans" / "notes.txt").write_text("no picture")
    return tmp_path / "scans"


def test_a_line_a_file_names_the_letter(
    folder: Path, capsys: pytest.CaptureFixture[str], recognizer: Recognizer
) -> None:
    assert main([str(folder)]) == 0
    answers = [(folder / "a.jfif", "س"), (folder / "b.png", "ب"), (folder / "more" / "c.GIF", "ح")]
    lines = capsys.readouterr().out.splitlines()
    for line, (path, letter) in zip(lines, answers, strict=True):
        prediction = recognizer.recognize(path)
        assert line == f"{path}: {in_words(prediction)}"
        assert line.startswith(f"{path}: {letter} · {prediction.name}")


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
def test_a_name_breaks_no_line_and_orders_no_terminal_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw(tmp_path / "new\nline.png", "ب")
    draw(tmp_path / "red\x1b[31m.jfif.png", "س")
    draw(tmp_path / "rows\u2028.png", "س")
    draw(tmp_path / "turned\u202egpj.png", "س")
    draw(tmp_path / "zero\u200cwidth.png", "س")  # which Persian names are written with
    (tmp_path / "no\rink.png").write_bytes(b"")
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert [line.split(": ")[0] for line in said.out.splitlines()] == [
        f"{tmp_path}/new\\nline.png",
        f"{tmp_path}/red\\x1b[31m.jfif.png",
        f"{tmp_path}/rows\\u2028.png",
        f"{tmp_path}/turned\\u202egpj.png",
        f"{tmp_path}/zero\u200cwidth.png",
    ]
    assert said.err.startswith(f"{tmp_path}/no\\rink.png: ")


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_answered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = folder / "d.png"
    Image.new("L", (50, 50), 255).save(blank)
    too_long = Path("x" * 300 + ".png")  # for any file system
    unread = [folder / "notes.txt", folder / "missing.png", too_long]
    assert main([str(path) for path in (folder, *unread, folder / "b.png")]) == 1
    out, said = capsys.readouterr()
    names = [Path(line.partition(": ")[0]).name for line in out.splitlines()]
    assert names == ["a.jfif", "b.png", "c.GIF", "b.png"]
    assert f"{blank}: There is no ink in the picture" in said
    assert f"{folder / 'notes.txt'}: That file is not a picture" in said
    assert f"{folder / 'missing.png'}: There is no such file" in said
    assert f"{too_long}: There is no such file" in said


def test_a_folder_is_read_in_the_order_of_its_paths_without_what_is_no_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b/z.png", "b.d/a.png", "B.png", ".kept/y.png"):
        draw(folder / name, "ب")
    (folder / "folder.png").mkdir()
    (folder / "lost.png").symlink_to("nowhere")
    (folder / "linked.png").symlink_to("b.png")
    (folder / "around").symlink_to(".")
    assert main([str(folder)]) == 0
    read = [answer.partition(": ")[0] for answer in capsys.readouterr().out.splitlines()]
    expected = [".kept/y.png", "B.png", "a.jfif", "b/z.png", "b.d/a.png", "b.png", "linked.png"]
    assert read == [str(folder / name) for name in (*expected, "more/c.GIF")]


def test_pictures_of_formats_that_are_not_read_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "photo.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(50))
    assert main([str(folder)]) == 1
    out, said = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert said.startswith(f"{folder / 'photo.HEIC'}: That file is not a picture that can be read")


def test_a_folder_without_pictures_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{tmp_path}: There is no picture in this folder.\n"


def test_top_lists_the_likeliest_letters(
    folder: Path, capsys: pytest.CaptureFixture[str], recognizer: Recognizer
) -> None:
    assert main(["--top", "3", str(folder / "b.png")]) == 0
    ranked = recognizer.recognize(folder / "b.png").top(3)
    expected = ", ".join(f"{letter} {min(share, 0.99):.0%}" for letter, share in ranked)
    assert capsys.readouterr().out.rstrip().endswith(f"({expected})")


def test_json_is_an_object_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], recognizer: Recognizer
) -> None:
    assert main([str(folder), "--json", "--top", "5"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(answer["path"]).name for answer in answers] == ["a.jfif", "b.png", "c.GIF"]
    for answer in answers:
        prediction = recognizer.recognize(answer["path"])
        assert answer["letter"] == prediction.letter and answer["name"] == prediction.name
        assert answer["confidence"] == pytest.approx(prediction.confidence, abs=1e-5)
        assert answer["letterness"] == pytest.approx(prediction.letterness, abs=1e-5)
        assert answer["verdict"] == prediction.verdict
        assert [
            (t["letter"], pytest.approx(t["probability"], abs=1e-5)) for t in answer["top"]
        ] == [*prediction.top(5)]


def test_csv_is_a_table_with_a_header(
    folder: Path, capsys: pytest.CaptureFixture[str], recognizer: Recognizer
) -> None:
    strange = draw(folder / 'comma, "quote".png', "م")
    assert main([str(folder), "--csv", "--top", "2"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [Path(row["path"]).name for row in rows] == ["a.jfif", "b.png", strange.name, "c.GIF"]
    for row in rows:
        prediction = recognizer.recognize(row["path"])
        assert row["letter"] == row["letter_1"] == prediction.letter
        assert row["letter_2"] == prediction.top(2)[1][0]
        assert float(row["confidence"]) == pytest.approx(prediction.confidence, abs=1e-5)
        assert row["verdict"] == prediction.verdict


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--json", "--csv", "a.png"],
        ["--top", "0", "a.png"],
        ["--top", "29", "a.png"],
        ["--top", "x", "a.png"],
        ["--bogus", "a.png"],
        [""],  # a variable that is not set, which is not the folder one is in
    ],
)
def test_a_wrong_command_line_is_explained(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: python -m recognizer" in capsys.readouterr().err


def test_help_needs_no_tensorflow() -> None:
    script = (
        "import sys, recognizer.__main__ as line\n"
        "try: line.main(['--help'])\n"
        "finally: print({'tensorflow', 'keras', 'gradio'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "FILE_OR_FOLDER" in done.stdout
    assert done.stdout.endswith("set()\n")


def test_a_console_without_arabic_and_a_name_that_is_not_utf_8_are_no_obstacle(
    tmp_path: Path,
) -> None:
    path = os.fsencode(tmp_path) + b"/\xe8\xe9.png"
    draw(tmp_path / "b.png", "ب").rename(os.fsdecode(path))
    command = [sys.executable, "-m", "recognizer", path]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, check=True)
    assert done.stdout.startswith(path + ": ب · beh".encode())


def test_a_name_that_is_not_utf_8_is_json_all_the_same(tmp_path: Path) -> None:
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/\xe8\xe9.png")
    draw(tmp_path / "b.png", "ب").rename(strange)
    draw(tmp_path / "ب.png", "ب")
    command = [sys.executable, "-m", "recognizer", "--json", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    plain, escaped = done.stdout.decode().splitlines()
    assert "ب.png" in plain and escaped.isascii()
    assert json.loads(escaped)["path"] == strange and json.loads(escaped)["letter"] == "ب"


def line(*arguments: str | Path, **streams: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line as a shell does, both of its outputs read unless streams says else."""
    return subprocess.run(
        [sys.executable, "-m", "recognizer", *arguments],
        cwd=ROOT,
        text=True,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def gone() -> int:
    """Return a pipe whose reader is gone."""
    reader, pipe = os.pipe()
    os.close(reader)
    return pipe


@pytest.mark.parametrize("paths, status", [([], 0), (["missing.png"], 1)])
def test_a_reader_that_has_seen_enough_is_no_error(
    folder: Path, paths: list[str], status: int
) -> None:
    done = line(*paths, folder, stdout=gone())
    assert done.stderr.count("\n") == len(paths)
    assert done.returncode == status


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]])
def test_without_a_place_for_answers_there_is_one_sentence(form: list[str]) -> None:
    done = line("b.png", *form, preexec_fn=partial(os.close, 1))
    assert done.stderr == "The answers could not be written: the standard output is closed.\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    "stderr",
    [
        pytest.param(lambda: {"preexec_fn": partial(os.close, 2)}, id="closed"),
        pytest.param(lambda: {"stderr": gone()}, id="gone"),
        pytest.param(
            lambda: {"stderr": os.open("/dev/full", os.O_WRONLY)},
            id="full",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is none"),
        ),
    ],
)
def test_where_nobody_hears_of_errors_everything_is_answered_all_the_same(
    tmp_path: Path, stderr: Callable[[], dict[str, Any]]
) -> None:
    many_files(tmp_path)
    done = line("missing.png", tmp_path, "--csv", **stderr())
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [Path(row["path"]).name for row in rows] == [f"{n:02}.png" for n in range(MANY)]
    assert done.returncode == 1


def without_roots_powers() -> None:
    """Let root be refused as others are: exec gives it no powers that are dropped here."""
    drop, powers = 24, (1, 2)  # PR_CAPBSET_DROP, and the powers over files: capabilities(7)
    if os.geteuid() == 0 and any(ctypes.CDLL(None).prctl(drop, power, 0, 0, 0) for power in powers):
        raise OSError("root keeps its powers")


def test_folders_that_may_not_be_read_are_named_and_the_others_are_answered(folder: Path) -> None:
    closed, unlit = folder / "b", folder / "more" / "inner"
    for name in (closed, unlit):
        draw(name / "d.png", "و")
    closed.chmod(0)
    unlit.chmod(0o400)  # its files are listed, and cannot be opened
    done = line(folder, closed, preexec_fn=without_roots_powers)
    names = [Path(answer.partition(": ")[0]).name for answer in done.stdout.splitlines()]
    assert names == ["a.jfif", "b.png", "c.GIF"]
    assert [said.partition(": ")[0] for said in done.stderr.splitlines()] == [
        str(closed),
        str(unlit / "d.png"),
        str(closed),
    ]
    assert f"{closed}: This folder cannot be opened: Permission denied.\n" in done.stderr
    assert done.returncode == 1


def test_many_files_on_a_terminal_show_a_bar(tmp_path: Path) -> None:
    many_files(tmp_path)
    terminal, other_end = os.openpty()
    with (tmp_path / "answers").open("w") as answers:
        command = [sys.executable, "-m", "recognizer", tmp_path]
        line = subprocess.Popen(command, cwd=ROOT, stdout=answers, stderr=other_end)
    os.close(other_end)
    shown = read_to_end(terminal)
    assert line.wait() == 1
    assert len((tmp_path / "answers").read_text(encoding="utf-8").splitlines()) == MANY
    assert f"0 of {MANY + 1}" in shown and f"{MANY} of {MANY + 1}" in shown
    assert "10a.png: There is no ink" in shown


def test_the_bar_fits_a_narrow_terminal(tmp_path: Path) -> None:
    import termios  # not on Windows, where the other tests run

    many_files(tmp_path)
    terminal, other_end = os.openpty()
    termios.tcsetwinsize(other_end, (24, 40))
    command = [sys.executable, "-m", "recognizer", tmp_path, "--csv"]
    line = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=other_end)
    os.close(other_end)
    shown = read_to_end(terminal)
    assert line.wait() == 1
    bars = [piece for piece in re.split("[\r\n]+", shown) if "There is no ink" not in piece]
    assert len(bars) > MANY and max(map(len, bars)) == 39


def test_who_stops_it_keeps_what_was_read_and_sees_no_traceback(tmp_path: Path) -> None:
    for n in range(400):  # more than fits into a pipe: without a reader it would not end
        draw(tmp_path / f"{n:0200}.png", "ب")
    command = [sys.executable, "-u", "-m", "recognizer", tmp_path]
    stopped = subprocess.Popen(
        command,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What a shell runs in the background would not hear it.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert stopped.stdout
    first = stopped.stdout.readline()
    stopped.send_signal(signal.SIGINT)
    answers, said = stopped.communicate()
    assert (stopped.returncode, said) == (130, "Stopped.\n")
    read = [first, *answers.splitlines()[:-1]]  # the last may be half a line
    assert all(": ب" in answer for answer in read)


def test_many_files_away_from_a_terminal_show_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many_files(tmp_path)
    assert main([str(tmp_path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def many_files(folder: Path) -> None:
    """Enough for a bar, and one without ink among them."""
    for n in range(MANY):
        draw(folder / f"{n:02}.png", "ب")
    Image.new("L", (50, 50), 255).save(folder / "10a.png")


def read_to_end(terminal: int) -> str:
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    return shown.decode()


def prediction_of(first: str, share: float, second: str, verdict: str) -> Prediction:
    shares = [0.0] * len(LETTERS)
    shares[LETTERS.index(first)], shares[LETTERS.index(second)] = share, 1 - share
    ink = strokes_to_ink(by_hand("ب"))
    return Prediction(tuple(shares), 0.9, verdict, ink)  # type: ignore[arg-type]


def test_the_answer_is_in_words() -> None:
    assert in_words(prediction_of("ب", 0.98, "ن", "sure")) == "ب · beh, 98%"
    # As on the page, certainty is not on offer.
    assert in_words(prediction_of("ب", 0.9999, "ن", "sure")) == "ب · beh, 99%"
    dots = in_words(prediction_of("ب", 0.6, "ت", "unsure"))
    assert dots == "ب · beh, 60%: ب or ت? Check the dots."
    one_dot = in_words(prediction_of("ب", 0.6, "ن", "unsure"))
    assert one_dot == "ب · beh, 60%: ب or ن? Check the dot."
    shape = in_words(prediction_of("د", 0.6, "ر", "unsure"))
    assert shape == "د · dal, 60%: د or ر? Check the shape."
    none = in_words(prediction_of("ه", 0.6, "م", "not_a_letter"))
    assert none == "does not look like a letter; the nearest is ه · heh"


def test_words_can_be_found_for_every_pair_of_letters() -> None:
    for one in CHARACTERS:
        for other in CHARACTERS:
            if one is not other:
                words = in_words(prediction_of(one.letter, 0.7, other.letter, "unsure"))
                same = (one.dots, one.place) == (other.dots, other.place)
                assert words.endswith("Check the shape.") == same
