"""A live pusher: an S3 look-alike, a broker folder, and a consumer's app that sends to it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from celery import Celery

from bindings import pusher
from demo.s3 import connect, make_environment, serve_s3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client


@pytest.fixture(scope="package")
def s3_url() -> Iterator[str]:
    with serve_s3() as url:
        yield url


@pytest.fixture
def bucket(s3: S3Client) -> str:
    """A bucket of the test's own, which keeps each version of an object."""
    name = f"test-{uuid4()}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture
def s3(s3_url: str) -> S3Client:
    return connect(s3_url)


@pytest.fixture
def environment(s3_url: str, bucket: str) -> dict[str, str]:
    """pusher's environment; one attempt per call, so that every other is a retry of Celery's."""
    return {**make_environment(s3_url, bucket), "AWS_MAX_ATTEMPTS": "1"}


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An embedded broker of the test's own, which the bindings' calls go to."""
    url = f"embedded://{tmp_path}/broker"
    with Celery("tests", broker=url, backend=url, set_as_current=False) as app:
        monkeypatch.setattr(pusher, "app", app)
        yield url


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"
