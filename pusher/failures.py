"""What S3 may answer instead of storing, and which of it is worth another try."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's, a base of its connection errors
    HTTPClientError,
    SSLError,
)

from bindings import StorageRefusedError

__all__ = ["StorageRefusedError", "StorageUnavailableError", "explain", "is_precondition", "status_of"]

_TRANSIENT_STATUS = (408, 409, 429)
_TRANSIENT_CODES = frozenset(
    {"RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded"}
)
_ADVICE = {
    "NoSuchBucket": "create the bucket, or name another in PUSHER_BUCKET",
    "AccessDenied": "let pusher's credentials use s3:ListBucket, s3:GetObject and s3:PutObject there",
    "403": "let pusher's credentials use s3:ListBucket, s3:GetObject and s3:PutObject there",
    "InvalidAccessKeyId": "see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "SignatureDoesNotMatch": "see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "NoCredentialsError": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role",
    "ParamValidationError": "correct the arguments of the call",
}


class StorageUnavailableError(Exception):
    """S3 could not be reached, throttled the call or failed itself: another try may succeed."""


def explain(error: BotoCoreError | ClientError, url: str) -> StorageUnavailableError | StorageRefusedError:
    """The error for `url`'s caller: what S3 answered and, where it is known, what to do."""
    code = _code_of(error)
    if _is_transient(error):
        return StorageUnavailableError(f"S3 did not store {url}: {error}")
    advice = _ADVICE.get(code)
    text = f"S3 refused to store {url}: {error}" + (f"; {advice}" if advice else "")
    return StorageRefusedError(text, url=url, code=code)


def is_precondition(error: ClientError) -> bool:
    """Whether a conditional write lost against another writer."""
    return status_of(error) == 412


def status_of(error: ClientError) -> int:
    """The HTTP status of S3's answer; 0 where it has none."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _code_of(error: BotoCoreError | ClientError) -> str:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "")
    return type(error).__name__


def _is_transient(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, ClientError):
        status = status_of(error)
        return status >= 500 or status in _TRANSIENT_STATUS or _code_of(error) in _TRANSIENT_CODES
    # A certificate that does not fit is no hiccup, although botocore files it under connections.
    return isinstance(error, ConnectionError | HTTPClientError) and not isinstance(error, SSLError)
