"""As many letters as the server can answer, against its endpoint that does nothing."""

import asyncio
import time

from .app_server import NOTHING
from .connection import Connection
from .people import Drawing

CLIENTS = 16  # at the same time


async def answers_a_second(
    port: int, events: dict[str, int | None], drawings: list[Drawing], seconds: float, rounds: int
) -> dict[str, float]:
    """Ask without a pause, the endpoints in turn.

    Args:
        port: Of the app.
        events: The number of each endpoint's event; None for the one that does nothing.
        drawings: What is asked about.
        seconds: For each endpoint and round.
        rounds: How often each has its turn.

    Returns:
        Answers a second of each endpoint.

    Raises:
        RuntimeError: If an answer is no answer.
    """
    counts = dict.fromkeys(events, 0)
    spent = dict.fromkeys(events, 0.0)
    for number in range(rounds):
        for name, event in events.items():
            started = time.monotonic()
            clients = (
                _ask(port, event, drawings[client:], started + seconds, f"10.{number}.0.{client}")
                for client in range(CLIENTS)
            )
            counts[name] += sum(await asyncio.gather(*clients))
            spent[name] += time.monotonic() - started
    return {name: counts[name] / spent[name] for name in events}


async def _ask(
    port: int, event: int | None, drawings: list[Drawing], until: float, address: str
) -> int:
    # Each has an address of its own: one alone is not to call this often (page/limits.py).
    connection = Connection(port, address)
    count = 0
    while time.monotonic() < until:
        await ask(connection, event, drawings[count % len(drawings)])
        count += 1
    await connection.close()
    return count


async def ask(connection: Connection, event: int | None, drawing: Drawing) -> None:
    """Have a letter read, or, without an event, nothing done."""
    path = "predict" if event is not None else NOTHING
    body = {"data": [drawing], "fn_index": event, "session_hash": "busy"}
    status, answer = await connection.post(f"/gradio_api/run/{path}", body)
    if status != 200 or (event is not None and b'"letter"' not in answer):
        raise RuntimeError(f"{path} answered {status}: {answer[:200]!r}")
