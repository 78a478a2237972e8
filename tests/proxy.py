"""A proxy that serves the page below a path of its own, as README's does."""

import threading
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BELOW = "/harf"
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def proxy(port: int) -> str:
    """Start a proxy to a port of this machine; return the address below which the page is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.to = port  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}{BELOW}/"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def forward(self) -> None:
        if not self.path.startswith(BELOW + "/"):
            # A browser asks the host itself for its icon; the page is not there.
            self.send_response(204 if self.path == "/favicon.ico" else 404)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        upstream = HTTPConnection("127.0.0.1", self.server.to)  # type: ignore[attr-defined]
        headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        upstream.request(self.command, self.path.removeprefix(BELOW), body, headers)
        answer = upstream.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # the browser has closed its page
            while part := answer.read1(65536):  # as it comes: answers stream
                self.wfile.write(part)
                self.wfile.flush()

    do_GET = do_HEAD = do_POST = forward  # noqa: N815
