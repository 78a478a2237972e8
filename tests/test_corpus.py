"""Whatever file a stranger sends, by whatever way: its letter, or one sentence."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from page.texts import TEXTS
from page.upload import SMALL_BYTES
from recognizer import LETTERS, Recognizer, RecognizerError
from recognizer.picture import decode
from tests import corpus
from tests.corpus import LETTER, Sample
from tests.page_server import RunningPage, running_page
from tests.strangers import FILE, Stranger, data_url, watched

ROOT = Path(__file__).parent.parent
MEGABYTES = 200  # above idle


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


def check_sentence(text: str) -> None:
    """One sentence, without what only a developer understands."""
    assert re.fullmatch(r"[A-Z].+\.", text), text
    assert not re.search(r"Traceback|0x|/|\\|\.py|Error|object at", text), text


def check(sample: Sample, answer: dict[str, Any]) -> None:
    """An answer or {"error": …}, whichever the file deserves."""
    if "error" in answer:
        assert sample.outcome != "letter", (sample.name, answer)
        check_sentence(answer["error"])
    else:
        assert sample.outcome != "refused", (sample.name, answer)
        assert answer["letter"] in LETTERS
        assert sample.outcome != "letter" or answer["letter"] == LETTER, sample.name


def test_python_reads_its_letter_or_raises_one_sentence(recognizer: Recognizer) -> None:
    for sample in corpus.corpus():
        try:
            answer = {"letter": recognizer.recognize(decode(sample.data)).letter}
        except RecognizerError as error:
            answer = {"error": str(error)}
        check(sample, answer)


def test_no_file_takes_more_memory_than_is_allowed(tmp_path: Path) -> None:
    corpus.write(tmp_path)
    script = (
        "import resource, sys; from PIL import Image\n"
        "from recognizer import RecognizerError, to_ink\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "Image.init(); before = peak()\n"
        "for file in sys.argv[1:]:\n"
        "    try: to_ink(file)\n"
        "    except RecognizerError: pass\n"
        "    print(peak() - before, file)"
    )
    command = [sys.executable, "-c", script, *sorted(map(str, tmp_path.iterdir()))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    peaks = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert [file for megabytes, file in peaks if int(megabytes) > MEGABYTES][:1] == []


def test_the_command_line_answers_each_file_or_names_it(tmp_path: Path) -> None:
    samples = corpus.corpus()
    corpus.write(tmp_path, samples)
    files = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        [sys.executable, "-m", "recognizer", "--json", *files],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and ".py" not in done.stderr
    answers = {row["path"]: row for row in map(json.loads, done.stdout.splitlines())}
    for file, sample in zip(files, samples, strict=True):
        said = done.stderr.partition(f"{file}: ")[2].partition("\n")[0]
        assert (file in answers) != bool(said), sample.name
        check(sample, answers.get(file) or {"error": said})


def test_the_page_shows_its_letter_or_a_sentence_in_either_language(page: RunningPage) -> None:
    visitor = Stranger(page)
    with watched(page) as memory:
        for turn, sample in enumerate(corpus.corpus()):
            if len(sample.data) > SMALL_BYTES:
                continue  # the browser makes it smaller, or says so itself
            shown = visitor.show("upload", {"url": data_url(sample.data), "turn": turn})
            assert shown["turn"] == turn
            if "error" in shown:
                assert sample.outcome != "letter", sample.name
                assert all(f"error.{shown['error']}" in texts for texts in TEXTS.values())
            else:
                check(sample, shown)
    assert max(memory) - memory[0] < MEGABYTES


def test_the_api_answers_with_its_letter_or_one_sentence(page: RunningPage) -> None:
    caller, log = Stranger(page), len(page.said())
    with watched(page) as memory:
        for sample in corpus.corpus() + corpus.costly():
            path = caller.upload(sample.name, sample.data)
            assert Path(path).parent.parent == page.uploads
            check(sample, caller.call("recognize", {"path": path, "meta": FILE}))
    assert max(memory) - memory[0] < MEGABYTES
    assert b"Traceback" not in page.said()[log:]
