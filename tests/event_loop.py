"""Coroutines run from tests, which are no coroutines themselves."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def on_an_event_loop(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns or raises, run on a loop of its own.

    In a thread of its own, too: where a test before had a browser, Playwright's loop goes on in
    this one, and no thread runs two.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
