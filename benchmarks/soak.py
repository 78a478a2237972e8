"""Half an hour of strangers: ``python -m benchmarks.soak SECONDS``, on this machine alone.

Some draw, some send pictures, some send what is no drawing and no picture. How many asked,
what they were told and what memory the server held goes into results.json, under "soak".
"""

import argparse
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.corpus import corpus
from tests.hand import by_hand, letters
from tests.page_server import RunningPage, running_page
from tests.strangers import FILE, Stranger, data_url, resident

from .machine import machine, versions
from .results import RESULTS, record

STRANGERS = 8
PAUSE = 0.2  # seconds between two requests of one: below what the page's limits allow together
SMALL = 200_000  # bytes; the page's own browser part makes larger pictures smaller
READINGS = 60  # of the memory, over the whole time


@dataclass
class Tally:
    """What was asked and answered.

    Attributes:
        answered: Requests that were answered with a letter.
        refused: What the others were told, and how often.
        wrong: What was answered with another letter than was drawn, and should not have been.
        failed: What was not answered at all, and how often.
    """

    answered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: dict[str, Any], letter: str | None) -> None:
        """Note an answer.

        Args:
            answer: What came back.
            letter: What it must be; None if it may be anything that is said properly.
        """
        with self.lock:
            if "letter" in answer:
                self.answered += 1
                if letter not in (None, answer["letter"]):
                    self.wrong[f"{letter} read as {answer['letter']}"] += 1
                return
            said = str(answer.get("error"))
            detail = json.loads(said)["detail"] if said.startswith("{") else said
            self.refused[f"{answer.get('status', 200)} {str(detail)[:100]}"] += 1
            if letter is not None:
                self.wrong[f"{letter} refused"] += 1


def draws(me: Stranger, chance: random.Random) -> tuple[Any, str | None]:
    """Draw a letter on the page."""
    letter = chance.choice(letters())
    return me.show("draw", {"strokes": by_hand(letter), "turn": chance.randrange(99)}), letter


def calls(me: Stranger, chance: random.Random) -> tuple[Any, str | None]:
    """Send a letter's strokes to the API."""
    letter = chance.choice(letters())
    return me.call("recognize_strokes", by_hand(letter), 0.05), letter


def shows_a_file(me: Stranger, chance: random.Random) -> tuple[Any, str | None]:
    """Choose a good or bad file on the page."""
    sample = chance.choice([sample for sample in corpus() if len(sample.data) < SMALL])
    return me.show("upload", {"url": data_url(sample.data), "turn": 1}), None


def uploads_a_file(me: Stranger, chance: random.Random) -> tuple[Any, str | None]:
    """Upload a good or bad file to the API."""
    sample = chance.choice(corpus())
    return me.call("recognize", {"path": me.upload(sample.name, sample.data), "meta": FILE}), None


def sends_nonsense(me: Stranger, chance: random.Random) -> tuple[Any, str | None]:
    """Send what is no drawing, or far too much of it."""
    nonsense = [b"null", b"[[NaN,1]]", b"[" * 5000, b"[[1,2,3]]", b'{"a":[]}', b"\xff"]
    nonsense += [b"[[" + b"1," * 40_001 + b"1]]", b"[" + b"{}," * 99_999 + b"{}]", b"1" * 1_900_000]
    return me.call_raw("recognize_strokes", b'{"data":[%s]}' % chance.choice(nonsense)), None


def tries_a_door(me: Stranger, chance: random.Random) -> tuple[Any, str | None]:
    """Ask for a file of the server, one way or another."""
    if chance.random() < 0.5:
        return me.call("recognize", {"path": "/etc/hostname", "meta": FILE}), None
    status, text = me.ask("gradio_api/file=/etc/hostname")
    return {"error": text, "status": status}, None


# How often each is done; most strangers just want a letter read.
HABITS: dict[Callable[[Stranger, random.Random], tuple[Any, str | None]], int] = {
    draws: 10,
    calls: 4,
    shows_a_file: 3,
    uploads_a_file: 2,
    sends_nonsense: 2,
    tries_a_door: 1,
}


def soak(page: RunningPage, seconds: float) -> dict[str, Any]:
    """Let strangers at a page for that long.

    Returns:
        Figures for results.json; memory in megabytes, evenly spaced over the time.
    """
    corpus()  # made once: each stranger who comes at the same time would make another
    tally, until = Tally(), time.monotonic() + seconds
    log = len(page.log.read_bytes())

    def visit(number: int) -> None:
        chance = random.Random(number)
        for visit in itertools.count():
            if time.monotonic() > until:
                return
            # A new session now and then, as people come and go.
            me = Stranger(page, f"soak{number}-{visit // 20}")
            (habit,) = chance.choices(list(HABITS), list(HABITS.values()))
            try:
                tally.note(*habit(me, chance))
            except Exception as error:  # whatever it is, the soak goes on and counts it
                with tally.lock:
                    tally.failed[f"{habit.__name__}: {type(error).__name__}: {error}"[:100]] += 1
            time.sleep(chance.uniform(0, 2 * PAUSE))

    visitors = [threading.Thread(target=visit, args=(n,), daemon=True) for n in range(STRANGERS)]
    memory = [resident(page)]
    for visitor in visitors:
        visitor.start()
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, seconds / READINGS))
        memory.append(resident(page))
    for visitor in visitors:
        visitor.join(120)
    tracebacks = page.log.read_bytes()[log:].count(b"Traceback")
    return _figures(tally, seconds, memory, tracebacks)


def _figures(tally: Tally, seconds: float, memory: list[float], tracebacks: int) -> dict[str, Any]:
    asked = tally.answered + tally.refused.total() + tally.failed.total()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(seconds),
        "requests": asked,
        "answered": tally.answered,
        "refused": dict(tally.refused.most_common()),
        "wrong": dict(tally.wrong),
        "failed": dict(tally.failed),
        "tracebacks": tracebacks,
        "memory": [round(megabytes) for megabytes in memory],
    }


def main() -> int:
    """Soak a page of its own, print and record the figures.

    Returns:
        The exit status: 0, or 1 when somebody got a wrong answer or none.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=1800, help="half an hour")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to write into")
    options = parser.parse_args()
    told = machine()  # before it is kept busy
    figures = soak(running_page(), options.seconds)
    figures |= {"machine": told, "versions": versions()}
    record({"soak": figures}, options.results)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 1 if figures["wrong"] or figures["failed"] or figures["tracebacks"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
