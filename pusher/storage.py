"""Objects in S3, written so that doing it twice is doing it once."""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import threading
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from bindings import Stored
from pusher.failures import StorageUnavailableError, explain, is_precondition, status_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

__all__ = ["find_client", "store"]

_ATTEMPTS = 3


def find_client() -> S3Client:
    """This process's S3 client: made once, shared by its threads, never inherited by a fork."""
    with _making:
        return _make_client()


@functools.cache
def _make_client() -> S3Client:
    return boto3.session.Session().client("s3")


def _begin_child() -> None:
    global _making
    # Another thread of the parent may have held it: nobody is left here to let it go.
    _making = threading.Lock()
    _make_client.cache_clear()


_making = threading.Lock()
os.register_at_fork(after_in_child=_begin_child)


def store(client: S3Client, bucket: str, key: str, content: str, meta: dict[str, str]) -> Stored:
    """Store `content` (UTF-8) with `meta` under `key`, unless exactly that is stored there already.

    Each write is conditional on what was found before it: of two deliveries of one message, one
    writes, and in a bucket with versions there is one version. Raises StorageUnavailableError where
    another try may succeed, StorageRefusedError where it would not.
    """
    url = f"s3://{bucket}/{key}"
    body = content.encode()
    checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
    try:
        for _ in range(_ATTEMPTS):
            found = _look(client, bucket, key)
            if found is not None and _is_same(found, checksum, meta):
                return Stored(url, _plain(found["ETag"]), len(body))
            condition: Any = {"IfNoneMatch": "*"} if found is None else {"IfMatch": found["ETag"]}
            try:
                written = client.put_object(
                    Bucket=bucket, Key=key, Body=body, Metadata=meta, ChecksumAlgorithm="SHA256", **condition
                )
            except ClientError as error:
                # 404: the object that was found is gone again.
                if not is_precondition(error) and not (found is not None and status_of(error) == 404):
                    raise
            else:
                return Stored(url, _plain(written["ETag"]), len(body))
    except (BotoCoreError, ClientError) as error:
        raise explain(error, url) from error
    raise StorageUnavailableError(f"{url} was changed by others {_ATTEMPTS} times while it was being stored")


def _look(client: S3Client, bucket: str, key: str) -> HeadObjectOutputTypeDef | None:
    try:
        return client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except ClientError as error:
        if status_of(error) == 404:
            return None
        raise


def _is_same(found: HeadObjectOutputTypeDef, checksum: str, meta: dict[str, str]) -> bool:
    # Metadata travels in HTTP headers: S3 gives names in lower case and values without outer blanks.
    expected = {name.lower(): value.strip() for name, value in meta.items()}
    kept = {name.lower(): value.strip() for name, value in found["Metadata"].items()}
    return found.get("ChecksumSHA256") == checksum and kept == expected


def _plain(etag: str) -> str:
    return etag.strip('"')
