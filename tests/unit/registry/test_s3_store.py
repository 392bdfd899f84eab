"""What a store in S3 says when S3 does not do what it is asked: over HTTP, as boto3 really speaks."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from demo.s3 import make_environment
from taskcontract.errors import RegistryError
from taskcontract.registry.registry import Registry
from taskcontract.registry.s3_store import S3Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.process

XML = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>so it is</Message></Error>"


@contextlib.contextmanager
def serve(status: int, content: bytes, *, length: int | None = None) -> Iterator[str]:
    """Give the URL of a server that has one answer to all; `length` is what it says that it sends."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) if length is None else length))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in make_environment("http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", f"{tmp_path}/config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", f"{tmp_path}/credentials")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def fail(url: str, monkeypatch: pytest.MonkeyPatch) -> RegistryError:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
    with pytest.raises(RegistryError) as caught:
        Registry(S3Store("bucket", "team")).is_there()
    assert caught.value.where.startswith("s3://bucket/team")
    assert caught.value.do
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "do"),
    [
        (403, "ExpiredToken", "Sign in again"),
        (400, "ExpiredToken", "Sign in again"),
        (403, "AccessDenied", "Let this identity"),
        (403, "InvalidAccessKeyId", "does not know this access key"),
        (403, "SignatureDoesNotMatch", "secret key"),
        (403, "RequestTimeTooSkewed", "clock"),
        (404, "NoSuchBucket", "bucket's name"),
        (503, "SlowDown", "again"),
        (500, "InternalError", "again"),
        (501, "NotImplemented", "conditional writes"),
    ],
)
def test_each_refusal_has_its_way_out(
    status: int, code: str, do: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(status, XML.format(code=code).encode()) as url:
        error = fail(url, monkeypatch)
    assert f"so it is ({code})" in error.what
    assert do in error.do


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_what_is_no_s3_is_named_by_its_status(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(status, b"<html>hello</html>") as url:
        error = fail(url, monkeypatch)
    assert f"({status})" in error.what
    assert "()" not in error.what


def test_a_connection_that_ends_early_is_no_damaged_object(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b'{"taskcontract-registry": 1}'
    with serve(200, whole[:10], length=len(whole)) as url:
        error = fail(url, monkeypatch)
    assert "damaged" not in error.do
    assert "remove" not in error.do


def test_an_object_that_is_cut_in_the_store_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(200, b'{"taskcontract-re') as url:
        error = fail(url, monkeypatch)
    assert "damaged" in error.do


def test_a_password_in_the_endpoint_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    error = fail(f"http://someone:hunter-2@127.0.0.1:{port}", monkeypatch)
    assert "hunter-2" not in str(error)
    assert f"127.0.0.1:{port}" in error.what


def test_missing_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = fail("http://127.0.0.1:1", monkeypatch)
    assert "no credentials" in error.what
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "no credentials" in fail("http://127.0.0.1:1", monkeypatch).what


def test_a_store_that_never_answers_ends_in_time() -> None:
    """What the client waits for in all, at worst: nobody sees a job of CI hang for longer."""
    config = S3Store("bucket", "")._client.meta.config
    attempts = config.retries["total_max_attempts"]
    assert attempts * max(config.connect_timeout, config.read_timeout) <= 60
