"""The running app: how it starts, how it answers one and many, what it holds."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from page.drawpad import PEN_WIDTH
from recognizer import Recognizer

from . import people, saturation
from .app_server import NOTHING, READY, AppServer, draw_event, start
from .browser import pen_up_to_answer
from .connection import Connection
from .figures import PERCENT, Figure, quantile
from .machine import resident_megabytes
from .people import Drawing, Person
from .pictures import Strokes, drawings

PEOPLE = 32
LETTERS_IN_ALL = 10_000
LETTERS = "predict"  # Gradio's name for whatever event is asked by its number


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Start the app a few times and use the last one.

    Args:
        folder: Where its log goes.
        quick: Whether seconds are enough.
    """
    letters = drawings(640)
    asked = [_as_sent(letter) for letter in letters]
    with _apps(folder, asked[0], 1 if quick else 3) as apps:
        app = apps[-1]
        idle = resident_megabytes(app.process.pid)
        figures = [*_start(apps), *_browser(app, 3 if quick else 28)]
        together, count = _people(app, letters, 2 if quick else 60)
        figures += together
        busy, more = asyncio.run(_saturation(app, asked, quick=quick))
        count += more
        asyncio.run(_rest(app, asked, 0 if quick else LETTERS_IN_ALL - count))
        after = resident_megabytes(app.process.pid)
        return [*figures, *busy, *_memory(idle, after)]


@contextmanager
def _apps(folder: Path, drawing: Drawing, count: int) -> Iterator[list[AppServer]]:
    """Start the app that often, each time anew; the last one runs on."""
    apps = [start(folder, drawing)]
    try:
        while len(apps) < count:
            apps[-1].stop()
            apps.append(start(folder, drawing))
        yield apps
    finally:
        apps[-1].stop()


def _start(apps: list[AppServer]) -> list[Figure]:
    return [
        Figure(
            "process start to the page answering", median(a.page_s for a in apps), "s", at_most=3
        ),
        Figure(
            "process start to the first letter read",
            median(a.letter_s for a in apps),
            "s",
            at_most=8,
        ),
    ]


def _browser(app: AppServer, count: int) -> list[Figure]:
    waits = pen_up_to_answer(app.url, count)
    name = "pen-up to answer in the browser, one visitor"
    return [
        Figure(f"{name}, median", median(waits), "ms", at_most=60),
        Figure(f"{name}, 95 of 100", quantile(waits, 0.95), "ms", at_most=150),
    ]


def _people(app: AppServer, letters: list[Strokes], seconds: float) -> tuple[list[Figure], int]:
    each = len(letters) // PEOPLE
    crowd = [Person(i, letters[i * each : (i + 1) * each]) for i in range(PEOPLE)]
    asyncio.run(people.draw_together(crowd, app.port, draw_event(app.url), seconds))
    asked = [one for person in crowd for one in person.asked]
    waits = [1e3 * one.waited for one in asked if one.waited is not None]
    wrong = people.wrong_answers(Recognizer.load(), asked)
    name = f"{PEOPLE} people drawing at once"
    return [
        Figure(f"{name}, answers lost, mixed up or wrong", wrong, "answers", at_most=0),
        Figure(f"{name}, pen-up to answer, 95 of 100", quantile(waits, 0.95), "ms", at_most=500),
        Figure(f"{name}, letters", len(waits), "letters"),
        Figure(f"{name}, requests", len(asked), "requests"),
    ], len(asked)


async def _saturation(
    app: AppServer, asked: list[Drawing], *, quick: bool
) -> tuple[list[Figure], int]:
    endpoints = {LETTERS: draw_event(app.url), READY: None, NOTHING: None}
    seconds, rounds = (0.5, 1) if quick else (3, 4)
    rates = await saturation.answers_a_second(app.port, endpoints, asked, seconds, rounds)
    name = "letters a second at saturation"
    return [
        Figure(
            f"{name}, against an endpoint that reads nothing and sends a ready answer",
            100 * rates[LETTERS] / rates[READY],
            PERCENT,
            at_least=80,
        ),
        Figure(
            f"{name}, against one that sends nothing back, as Gradio does by default",
            100 * rates[LETTERS] / rates[NOTHING],
            PERCENT,
        ),
        Figure(name, rates[LETTERS], "a second"),
        Figure("profile: a request that sends a ready answer", 1e3 / rates[READY], "ms"),
        Figure("profile: a request that sends nothing back", 1e3 / rates[NOTHING], "ms"),
    ], int(rates[LETTERS] * seconds * rounds)


async def _rest(app: AppServer, asked: list[Drawing], count: int) -> None:
    """Have more letters read, until it is enough."""
    event = draw_event(app.url)

    async def some(client: int) -> None:
        connection = Connection(app.port, f"10.99.0.{client}")
        for i in range(client, count, PEOPLE):
            await saturation.ask(connection, LETTERS, event, asked[i % len(asked)])
        await connection.close()

    await asyncio.gather(*map(some, range(PEOPLE)))


def _memory(idle: float, after: float) -> list[Figure]:
    return [
        Figure("memory of the running app, its first letter read", idle, "MB", at_most=900),
        Figure(f"memory after {LETTERS_IN_ALL:,} letters", after, "MB", at_most=900),
        Figure("memory it grew by", after - idle, "MB", at_most=20),
    ]


def _as_sent(letter: Strokes) -> Drawing:
    return {"strokes": letter, "pen": PEN_WIDTH, "turn": 0}
