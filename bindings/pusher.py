# mypy: disable-error-code="empty-body"
"""What pusher offers to other services."""

from __future__ import annotations

from dataclasses import dataclass

from taskcontract import Service

__all__ = ["StorageRefusedError", "Stored", "pusher", "send_to_s3", "send_to_s3_v2"]

pusher = Service("pusher", queue="pusher", serializer="json")


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored object: its URL, its version for S3 (an ETag) and its size in bytes."""

    url: str
    etag: str
    size: int


class StorageRefusedError(Exception):
    """S3 refused to store the object at `url`, and would refuse it again; `code` is S3's word for why."""

    def __init__(self, message: str, *, url: str, code: str) -> None:
        super().__init__(message)
        self.url = url
        self.code = code


@pusher.task(version="1.0.0", sunset="2027-06-30", errors=(StorageRefusedError,))
def send_to_s3(key: str, content: str) -> str:
    """Store `content` under `key`; returns the object's URL."""
    ...


@pusher.task(version="2.0.0", supersedes=send_to_s3, errors=(StorageRefusedError,))
def send_to_s3_v2(key: str, content: str, meta: dict[str, str]) -> Stored:
    """Store `content` under `key` with metadata that S3 keeps beside it."""
    ...
