"""Which of S3's answers are worth another try."""

from __future__ import annotations

import botocore.exceptions as botocore
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from pusher.failures import StorageRefusedError, StorageUnavailableError, explain


def answer(status: int, code: str) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "said"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "PutObject",
    )


CONNECTION = {"endpoint_url": "http://s3"}


@pytest.mark.parametrize(
    "error",
    [
        answer(500, "InternalError"),
        answer(503, "SlowDown"),
        answer(503, "503"),
        answer(429, "TooManyRequests"),
        answer(400, "RequestTimeout"),
        answer(409, "ConditionalRequestConflict"),
        botocore.EndpointConnectionError(**CONNECTION),
        botocore.ConnectTimeoutError(**CONNECTION),
        botocore.ReadTimeoutError(**CONNECTION),
        botocore.ConnectionClosedError(**CONNECTION),
    ],
    ids=str,
)
def test_transient(error: BotoCoreError | ClientError) -> None:
    assert isinstance(explain(error, "s3://bucket/key"), StorageUnavailableError)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (answer(404, "NoSuchBucket"), "PUSHER_BUCKET"),
        (answer(403, "AccessDenied"), "s3:PutObject"),
        (answer(403, "403"), "s3:ListBucket"),
        (answer(403, "SignatureDoesNotMatch"), "AWS_SECRET_ACCESS_KEY"),
        (botocore.NoCredentialsError(), "AWS_ACCESS_KEY_ID"),
        (botocore.ParamValidationError(report="no key"), "arguments"),
        (botocore.SSLError(error=OSError("expired"), **CONNECTION), "expired"),
        (answer(400, "InvalidDigest"), "InvalidDigest"),
    ],
    ids=str,
)
def test_permanent(error: BotoCoreError | ClientError, advice: str) -> None:
    explained = explain(error, "s3://bucket/key")

    assert isinstance(explained, StorageRefusedError)
    assert "s3://bucket/key" in str(explained)
    assert advice in str(explained)
