"""People who draw at the same time, each letter at a human pace, over real HTTP.

All have one address, as a class behind its school's has.

What their browsers send is what assets/page/drawpad.js sends: the strokes so far every
150 ms while the pen moves and whenever it lifts, one request at a time, the last one
always.
"""

import asyncio
import base64
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from page.drawpad import LIVE_EVERY, PEN_WIDTH
from recognizer import Prediction, Recognizer, strokes_to_ink

from .connection import Connection
from .pictures import Strokes

SPEED = 1300  # units of the surface a second: a letter takes one to two seconds
LIFT = 0.15  # seconds from one stroke to the next
LOOK = 1.0  # seconds on the answer before the next letter

Drawing = dict[str, Any]


@dataclass
class Asked:
    """One request and what came back.

    Attributes:
        drawing: What was sent.
        status: Of the answer; 0 if none came.
        answer: Its body.
        waited: Seconds from the last pen-up to it, of a whole letter; None while it is drawn.
    """

    drawing: Drawing
    status: int = 0
    answer: bytes = b""
    waited: float | None = None


@dataclass
class Person:
    """Somebody who draws letter after letter.

    Attributes:
        number: Who; makes the session.
        letters: What to draw.
        asked: Every request that was made, in order.
    """

    number: int
    letters: list[Strokes]
    asked: list[Asked] = field(default_factory=list)

    async def draw(self, port: int, event: int, until: float) -> None:
        """Draw until that time (of `time.monotonic`), then finish the letter."""
        self._connection, self._event = Connection(port), event
        self._pending: Asked | None = None
        self._asking: asyncio.Task[None] | None = None
        for turn, letter in enumerate(itertools.cycle(self.letters)):
            await self._letter(letter, turn)
            await asyncio.sleep(LOOK)
            if time.monotonic() > until:
                break
        await self._connection.close()

    async def _letter(self, letter: Strokes, turn: int) -> None:
        done: Strokes = []
        for stroke in letter:
            for part in _as_the_pen_moves(stroke):
                await asyncio.sleep(LIVE_EVERY / 1000)
                self._send(_drawing([*done, part], turn))
            done.append(stroke)
            if len(done) < len(letter):
                self._send(_drawing(done, turn))
                await asyncio.sleep(LIFT)
        lifted = time.monotonic()
        last = self._send(_drawing(done, turn))
        while self._asking:
            await self._asking
        last.waited = time.monotonic() - lifted

    def _send(self, drawing: Drawing) -> Asked:
        """Ask, or replace what waits for its turn: the page's trigger_mode is always_last."""
        self._pending = Asked(drawing)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return self._pending

    async def _ask(self) -> None:
        while self._pending:
            asked, self._pending = self._pending, None
            self.asked.append(asked)
            body = {
                "data": [asked.drawing],
                "fn_index": self._event,
                "session_hash": f"person{self.number}",
            }
            try:
                asked.status, asked.answer = await self._connection.post(
                    "/gradio_api/run/predict", body
                )
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await self._connection.close()
        self._asking = None


async def draw_together(people: list[Person], port: int, event: int, seconds: float) -> None:
    """Let all of them draw for that long, starting one after the other within a second."""

    async def one(person: Person) -> None:
        await asyncio.sleep(person.number / len(people))
        await person.draw(port, event, time.monotonic() + seconds)

    await asyncio.gather(*map(one, people))


def wrong_answers(recognizer: Recognizer, asked: list[Asked]) -> int:
    """How many requests were lost, or answered for another drawing or with another letter."""
    inks = [strokes_to_ink(one.drawing["strokes"], pen_width=PEN_WIDTH) for one in asked]
    expected: list[Prediction] = []
    for i in range(0, len(inks), 256):
        expected += recognizer.recognize_inks(inks[i : i + 256])
    return sum(not _is_right(*pair) for pair in zip(asked, expected, strict=True))


def _is_right(asked: Asked, expected: Prediction) -> bool:
    if asked.status != 200:
        return False
    answer = json.loads(asked.answer)["data"][0]
    return (
        answer["turn"] == asked.drawing["turn"]
        and answer["letter"] == expected.letter
        and base64.b64decode(answer["ink"]) == expected.ink.tobytes()
        and abs(answer["confidence"] - expected.confidence) < 1e-3
    )


def _as_the_pen_moves(stroke: list[float]) -> list[list[float]]:
    """The beginnings of a stroke that are sent before the pen lifts."""
    points = np.reshape(stroke, (-1, 2))
    length = np.concatenate([[0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    ends = np.arange(1, length[-1] / (SPEED * LIVE_EVERY / 1000)) * SPEED * LIVE_EVERY / 1000
    return [stroke[: 2 * max(1, int(np.searchsorted(length, end)))] for end in ends]


def _drawing(strokes: Strokes, turn: int) -> Drawing:
    return {"strokes": [list(stroke) for stroke in strokes], "pen": PEN_WIDTH, "turn": turn}
