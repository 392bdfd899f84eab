"""The provider states that consumers may take as given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bindings import StorageRefusedError
from pusher import states
from pusher.settings import bucket_name
from pusher.storage import store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.live


def buckets(s3: S3Client) -> set[str]:
    return {each.get("Name", "") for each in s3.list_buckets()["Buckets"]}


@pytest.fixture
def named(s3: S3Client, monkeypatch: pytest.MonkeyPatch) -> S3Client:
    """The S3 of the test as the one that pusher stores in."""
    monkeypatch.setattr(states, "find_client", lambda: s3)
    return s3


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_for_a_bucket_that_is_missing_another_is_made_and_removed(
    region: str, named: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHER_BUCKET", "missing-bucket")
    monkeypatch.setattr(named.meta.config, "region_name", region)
    before = buckets(named)
    state = states.have_bucket()

    next(state)
    assert buckets(named) == before | {bucket_name()}
    assert bucket_name().startswith("missing-bucket-")
    assert store(named, bucket_name(), "key", "content", {}).size == 7
    assert next(state, None) is None
    assert buckets(named) == before
    assert bucket_name() == "missing-bucket"


def test_runs_beside_each_other_have_buckets_of_their_own(
    named: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHER_BUCKET", "b" * 63)
    before = buckets(named)
    one = states.have_bucket()
    next(one)
    first = bucket_name()
    monkeypatch.setenv("PUSHER_BUCKET", "b" * 63)  # as another process has it
    other = states.have_bucket()
    next(other)
    assert buckets(named) == before | {first, bucket_name()}
    assert next(one, None) is None
    assert len(buckets(named)) == len(before) + 1
    assert next(other, None) is None
    assert buckets(named) == before


@pytest.mark.parametrize("before", [None, "bucket"])
def test_a_bucket_that_is_missing_is_so_for_one_interaction(
    before: str | None, named: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUSHER_BUCKET", raising=False)
    if before is not None:
        monkeypatch.setenv("PUSHER_BUCKET", before)
    state = states.have_no_bucket()

    next(state)
    with pytest.raises(StorageRefusedError) as refused:
        store(named, bucket_name(), "key", "content", {})
    assert refused.value.code == "NoSuchBucket"
    assert next(state, None) is None
    assert os.environ.get("PUSHER_BUCKET") == before


def test_a_bucket_that_was_there_stays_with_all_that_is_in_it(
    named: S3Client, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHER_BUCKET", bucket)
    state = states.have_bucket()

    next(state)
    store(named, bucket, "key", "content", {})
    assert next(state, None) is None
    assert named.head_object(Bucket=bucket, Key="key")["ContentLength"] == 7
