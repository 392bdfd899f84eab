"""An S3 look-alike in a process of its own, spoken to over HTTP.

`python -m demo.s3 COMMAND ...` runs a command with such an S3 in its environment. Without a command it
is that process: it prints its URL, and ends as soon as its standard input is closed, so with its parent.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

__all__ = ["connect", "make_environment", "serve_s3"]

ROOT = Path(__file__).parents[1]
REGION, ACCOUNT = "us-east-1", "demo"


@contextlib.contextmanager
def serve_s3() -> Iterator[str]:
    """Give the URL of an empty S3 that lives as long as the block."""
    command = [sys.executable, "-m", "demo.s3"]
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"the S3 look-alike did not start: run {' '.join(command)}")
            yield url
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def make_environment(url: str, bucket: str = "pusher") -> dict[str, str]:
    """The environment variables with which pusher, and boto3 anywhere, use the S3 at `url`."""
    return {
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ENDPOINT_URL_SQS": url,  # the same process speaks that too: a broker, `sqs://`
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": ACCOUNT,
        "AWS_DEFAULT_REGION": REGION,
        "PUSHER_BUCKET": bucket,
    }


def connect(url: str) -> S3Client:
    """A client of the S3 at `url`, whatever the environment says."""
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=ACCOUNT,
    )


def _run(command: list[str]) -> int:
    """Run `command` with an S3 of its own; its exit code."""
    with serve_s3() as url:
        return subprocess.run(command, env={**os.environ, **make_environment(url)}, check=False).returncode  # noqa: S603 - the user's own command


def _serve() -> None:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    if sys.argv[1:]:
        raise SystemExit(_run(sys.argv[1:]))
    _serve()
