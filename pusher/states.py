"""What a consumer's interaction may take as given, brought about where the worker under test stores."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import ClientError

from pusher.failures import status_of
from pusher.settings import bucket_name
from pusher.storage import find_client
from pusher.tasks import provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType

__all__ = ["have_bucket", "have_no_bucket"]


@provider.state("a writable bucket")
def have_bucket() -> Iterator[None]:
    """pusher's bucket exists, or another one stands in for it as long as the interaction lasts.

    Its name is its own, so that runs beside each other (pytest-xdist) do not remove each other's bucket.
    """
    client, bucket = find_client(), bucket_name()
    if _exists(client, bucket):
        yield
        return
    own = f"{bucket[:40]}-{uuid4().hex[:12]}"
    _make(client, own)
    with _storing_in(own):
        yield
    _remove(client, own)


@provider.state("no bucket")
def have_no_bucket() -> Iterator[None]:
    """pusher's bucket is one that does not exist."""
    with _storing_in(f"missing-{uuid4().hex}"):
        yield


@contextmanager
def _storing_in(bucket: str) -> Iterator[None]:
    kept = os.environ.get("PUSHER_BUCKET")
    os.environ["PUSHER_BUCKET"] = bucket
    try:
        yield
    finally:
        del os.environ["PUSHER_BUCKET"]
        if kept is not None:
            os.environ["PUSHER_BUCKET"] = kept


def _exists(client: S3Client, bucket: str) -> bool:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if status_of(error) != 404:
            raise
        return False
    return True


def _make(client: S3Client, bucket: str) -> None:
    region = client.meta.region_name
    if region in ("us-east-1", "aws-global"):
        client.create_bucket(Bucket=bucket)
    else:
        place: BucketLocationConstraintType = region  # type: ignore[assignment]
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": place})


def _remove(client: S3Client, bucket: str) -> None:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for each in page.get("Contents", []):
            client.delete_object(Bucket=bucket, Key=each.get("Key", ""))
    client.delete_bucket(Bucket=bucket)
