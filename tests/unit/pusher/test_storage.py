"""One S3 client per process, and its conditional writes against writers in between."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bindings import Stored
from pusher import storage
from pusher.failures import StorageUnavailableError


@pytest.fixture(autouse=True)
def _some_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.process
def test_threads_share_a_client() -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda _: storage.find_client(), range(8)))

    assert len(set(map(id, clients))) == 1


FORKING = """
import os
from pusher.storage import find_client
parent = find_client()
child = os.fork()
if child == 0:
    os._exit(find_client() is parent)
_, status = os.waitpid(child, 0)
raise SystemExit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.process
def test_a_forked_process_makes_its_own() -> None:
    assert subprocess.run([sys.executable, "-c", FORKING], timeout=30, check=False).returncode == 0


class ContendedS3:
    """An S3 in which others write the key before each of the first `others` writes."""

    def __init__(self, others: int) -> None:
        self.others = others
        self.conditions: list[dict[str, str]] = []
        self.etag: str | None = None

    def head_object(self, **_: Any) -> dict[str, Any]:
        if self.etag is None:
            raise ClientError({"ResponseMetadata": {"HTTPStatusCode": 404}}, "HeadObject")  # type: ignore[typeddict-item]
        return {"ETag": self.etag, "Metadata": {}}

    def put_object(self, **arguments: Any) -> dict[str, Any]:
        self.conditions.append(
            {name: arguments[name] for name in ("IfMatch", "IfNoneMatch") if name in arguments}
        )
        if self.others:
            self.others -= 1
            self.etag = f'"other-{self.others}"'
            raise ClientError({"ResponseMetadata": {"HTTPStatusCode": 412}}, "PutObject")  # type: ignore[typeddict-item]
        self.etag = '"ours"'
        return {"ETag": self.etag}


def test_a_write_is_conditional_on_what_was_found() -> None:
    s3: Any = ContendedS3(others=2)

    assert storage.store(s3, "bucket", "key", "Zoë", {}) == Stored("s3://bucket/key", "ours", 4)
    assert s3.conditions == [{"IfNoneMatch": "*"}, {"IfMatch": '"other-1"'}, {"IfMatch": '"other-0"'}]


def test_a_key_that_others_keep_writing_is_left_for_a_retry() -> None:
    s3: Any = ContendedS3(others=99)

    with pytest.raises(StorageUnavailableError, match="changed by others"):
        storage.store(s3, "bucket", "key", "content", {})
