"""As many letters as the server can answer, against endpoints of it that read none."""

import asyncio
import time

from .connection import Connection
from .people import Drawing

CLIENTS = 16  # at the same time


async def answers_a_second(
    port: int,
    endpoints: dict[str, int | None],
    drawings: list[Drawing],
    seconds: float,
    rounds: int,
) -> dict[str, float]:
    """Ask without a pause, the endpoints in turn.

    Args:
        port: Of the app.
        endpoints: Each by its name, with the number of its event if it has no name of its own.
        drawings: What is asked about.
        seconds: For each endpoint and round.
        rounds: How often each has its turn.

    Returns:
        Answers a second of each endpoint.

    Raises:
        RuntimeError: If an answer is none.
    """
    counts = dict.fromkeys(endpoints, 0)
    spent = dict.fromkeys(endpoints, 0.0)
    for _ in range(rounds):
        for number, (name, event) in enumerate(endpoints.items()):
            started = time.monotonic()
            clients = (
                _ask(port, name, event, drawings[client:], started + seconds, address)
                # One address alone is not to call this often (page/limits.py).
                for client, address in enumerate(f"10.{number}.0.{n}" for n in range(CLIENTS))
            )
            counts[name] += sum(await asyncio.gather(*clients))
            spent[name] += time.monotonic() - started
    return {name: counts[name] / spent[name] for name in endpoints}


async def _ask(
    port: int, name: str, event: int | None, drawings: list[Drawing], until: float, address: str
) -> int:
    connection = Connection(port, address)
    count = 0
    while time.monotonic() < until:
        await ask(connection, name, event, drawings[count % len(drawings)])
        count += 1
    await connection.close()
    return count


async def ask(connection: Connection, name: str, event: int | None, drawing: Drawing) -> None:
    """Send a drawing to an endpoint.

    Raises:
        RuntimeError: If the answer is none.
    """
    body = {"data": [drawing], "fn_index": event, "session_hash": "busy"}
    status, answer = await connection.post(f"/gradio_api/run/{name}", body)
    if status != 200:
        raise RuntimeError(f"{name} answered {status}: {answer[:200]!r}")
