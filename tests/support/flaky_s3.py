"""A proxy in front of an S3, which fails or holds back the answers that a test tells it to."""

from __future__ import annotations

import contextlib
import http.client
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSAL = "<Error><Code>{code}</Code><Message>said by the proxy</Message></Error>"


@dataclass
class FlakyS3:
    """What the proxy does to the next requests of one method, and what it has seen."""

    url: str = ""
    failures: list[tuple[int, str]] = field(default_factory=list)
    """Status and S3 error code for each of the next PUTs; when there are none left, they pass."""
    puts: int = 0
    holding: threading.Event = field(default_factory=threading.Event)
    """Set by a test: answers to PUTs are held back, although S3 has them."""
    held: threading.Event = field(default_factory=threading.Event)
    """Set by the proxy: an answer is being held back."""
    released: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def proxy(s3_url: str) -> Iterator[FlakyS3]:
    """Give a proxy for `s3_url` that serves as long as the block."""
    flaky = FlakyS3()
    target = urlsplit(s3_url).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.command == "PUT":
                flaky.puts += 1
                if flaky.failures:
                    status, code = flaky.failures.pop(0)
                    self.answer(
                        status, {"Content-Type": "application/xml"}, _REFUSAL.format(code=code).encode()
                    )
                    return
            upstream = http.client.HTTPConnection(target, timeout=10)
            try:
                upstream.request(self.command, self.path, body, dict(self.headers))
                response = upstream.getresponse()
                content = response.read()
            finally:
                upstream.close()
            if self.command == "PUT" and flaky.holding.is_set():
                flaky.held.set()
                flaky.released.wait(30)
                return
            self.answer(response.status, dict(response.getheaders()), content)

        do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = forward  # noqa: N815 - http.server's names

        def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            length = headers.get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Nothing: the worker's own log says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    flaky.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield flaky
    finally:
        flaky.released.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
