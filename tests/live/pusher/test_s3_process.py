"""The S3 look-alike lives as long as whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError

from demo.s3 import ROOT, connect, serve_s3
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.live

STARTER = """
import sys
from demo.s3 import serve_s3
with serve_s3() as url:
    print(url, flush=True)
    sys.stdin.read()
"""

COMMAND = """
import boto3
assert boto3.client("s3").list_buckets()["Buckets"] == []
raise SystemExit(7)
"""


def is_gone(s3: S3Client) -> bool:
    """Whether the S3 answers no longer."""
    try:
        s3.list_buckets()
    except EndpointConnectionError:
        return True
    return False


def test_it_ends_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        s3 = connect(parent.stdout.readline().strip())
        assert s3.list_buckets()["Buckets"] == []
        parent.kill()

    wait_until(lambda: is_gone(s3))


def test_it_ends_with_its_block() -> None:
    with serve_s3() as url:
        s3 = connect(url)
        assert s3.list_buckets()["Buckets"] == []

    wait_until(lambda: is_gone(s3))


def test_a_command_gets_it_in_its_environment() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-m", "demo.s3", sys.executable, "-c", COMMAND],
        cwd=ROOT,
        env=environment,
        check=False,
    )

    assert done.returncode == 7
