"""One kept-alive HTTP connection that asks in JSON: light, so that the server is what is timed."""

import asyncio
import json
from typing import Any

PATIENCE = 30  # seconds for one answer


class Connection:
    """A client of the app; one request at a time."""

    def __init__(self, port: int, address: str | None = None) -> None:
        """Prepare to connect.

        Args:
            port: Of the app, on 127.0.0.1.
            address: Who the app shall take this for, as behind a proxy.
        """
        forwarded = f"X-Forwarded-For: {address}\r\n" if address else ""
        self._port = port
        self._headers = f"Host: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{forwarded}"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: Any) -> tuple[int, bytes]:
        """Ask and wait.

        Returns:
            Status and body of the answer.
        """
        return await asyncio.wait_for(self._post(path, json.dumps(body).encode()), PATIENCE)

    async def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"POST {path} HTTP/1.1\r\n{self._headers}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        return int(lines[0].split()[1]), await reader.readexactly(int(headers["content-length"]))

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
