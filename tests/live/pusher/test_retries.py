"""What S3 may answer instead of storing: tried again where that can help, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bindings import StorageRefusedError, send_to_s3
from demo.worker import run_worker
from tests.support.flaky_s3 import proxy
from tests.support.worker_options import QUICK

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live


def test_transient_errors_are_tried_again(
    broker: str, environment: dict[str, str], bucket: str, log: Path, s3_url: str
) -> None:
    with proxy(s3_url) as flaky:
        flaky.failures = [(503, "SlowDown"), (500, "InternalError")]
        with run_worker(broker, {**environment, "AWS_ENDPOINT_URL_S3": flaky.url}, log, options=QUICK):
            url = send_to_s3.delay("items/1.json", "one").get(timeout=20)

    assert url == f"s3://{bucket}/items/1.json"
    assert flaky.puts == 3
    assert log.read_text().count("Retry in") == 2


def test_permanent_errors_end_the_call_at_once(
    broker: str, environment: dict[str, str], log: Path, s3_url: str
) -> None:
    errors = [(404, "NoSuchBucket", "create the bucket"), (403, "AccessDenied", "s3:PutObject")]
    url = f"s3://{environment['PUSHER_BUCKET']}/items/1.json"
    with (
        proxy(s3_url) as flaky,
        run_worker(broker, {**environment, "AWS_ENDPOINT_URL_S3": flaky.url}, log, options=QUICK),
    ):
        for number, (status, code, advice) in enumerate(errors, 1):
            flaky.failures = [(status, code)]
            result = send_to_s3.delay("items/1.json", "one")
            with pytest.raises(StorageRefusedError, match=code) as refused:
                result.get(timeout=20)
            assert advice in str(refused.value)
            assert (refused.value.code, refused.value.url) == (code, url)
            assert flaky.puts == number
