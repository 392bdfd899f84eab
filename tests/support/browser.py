"""A headless browser that looks at the pages of a folder, served on this machine."""

from __future__ import annotations

import functools
import html
import json
import os
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFLINE = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# The page stands in a frame of the width that is asked for, which is what its style goes by: a window of a
# browser has a least width. What is seen of it is written where --dump-dom shows it.
FRAME = """\
<!doctype html>
<iframe src="/PAGE" style="width: WIDTHpx; height: 900px; border: 0"></iframe>
<pre id="seen"></pre>
<script>
addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument;
  const title = page.querySelector("h1");
  const box = title && title.getBoundingClientRect();
  const room = page.documentElement.clientWidth;
  document.querySelector("#seen").textContent = JSON.stringify({
    title: title && title.firstChild.textContent.trim(),
    visible: Boolean(box && box.width && box.left >= 0 && box.right <= room && box.bottom < 900),
    room,
    width: page.documentElement.scrollWidth,
    styled: STYLED,
  });
});
</script>
"""

SITE_STYLED = 'getComputedStyle(page.querySelector(".md-header")).position === "sticky"'


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and at /frame/WIDTH/PAGE a frame of that width with that page in it."""

    missing: list[str] = []  # noqa: RUF012 - one server at a time
    styled: str

    def do_GET(self) -> None:
        framed = re.fullmatch(r"/frame/(\d+)/(.+)", self.path)
        if framed is None:
            super().do_GET()
            return
        body = (
            FRAME.replace("WIDTH", framed[1])
            .replace("PAGE", framed[2])
            .replace("STYLED", self.styled)
            .encode()
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if self.path != "/favicon.ico":
            self.missing.append(self.path)
        super().send_error(code, message, explain)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing of what was found."""


def find_browser() -> str:
    """The path of a browser; the test is skipped where there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser to look with: none of {', '.join(BROWSERS)} is installed")
    return found


@contextmanager
def serve(folder: Path, styled: str = SITE_STYLED) -> Iterator[str]:
    """Serve `folder`; the value is its URL. What was asked for and is missing fails the test at the end.

    `styled` is an expression that is true where a `page` has its style.
    """
    _Handler.missing, _Handler.styled = [], styled
    handler = functools.partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
    assert _Handler.missing == []


def look(browser: str, url: str, page: str, width: int, profile: Path) -> dict[str, Any]:
    """What is seen of `page` in a frame of `width` pixels."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [
            browser,
            *OFFLINE,
            *sandbox,
            f"--user-data-dir={profile}",
            "--window-size=1600,1000",
            "--virtual-time-budget=5000",
            "--dump-dom",
            f"{url}/frame/{width}/{page}",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    seen = re.search(r'<pre id="seen">(.+?)</pre>', done.stdout, re.DOTALL)
    assert seen is not None, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(html.unescape(seen[1]))
    return found
