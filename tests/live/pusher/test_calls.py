"""Both versions, served by the worker that the README starts, on real HTTP to S3."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from bindings import Stored, send_to_s3, send_to_s3_v2
from demo.worker import run_worker

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.live


def test_both_versions_store_and_answer_in_their_own_type(
    broker: str, environment: dict[str, str], bucket: str, log: Path, s3: S3Client
) -> None:
    with run_worker(broker, environment, log):
        url = send_to_s3.delay("items/1.json", '{"name": "Zoë"}').get(timeout=20)
        stored = send_to_s3_v2.delay("items/2.json", "two", {"tenant": "acme"}).get(timeout=20)

    etag = hashlib.md5(b"two").hexdigest()
    assert url == f"s3://{bucket}/items/1.json"
    assert stored == Stored(f"s3://{bucket}/items/2.json", etag, 3)
    first = s3.get_object(Bucket=bucket, Key="items/1.json")
    second = s3.get_object(Bucket=bucket, Key="items/2.json")
    assert (first["Body"].read().decode(), first["Metadata"]) == ('{"name": "Zoë"}', {})
    assert (second["Body"].read().decode(), second["Metadata"]) == ("two", {"tenant": "acme"})
