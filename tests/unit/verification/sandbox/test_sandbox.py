"""A run's sandbox: which servers, which names, and its end."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import BrokerError
from taskcontract.verification.sandbox.sandbox import open_sandbox, sandbox_from_json

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("broker", "given", "backend"),
    [
        ("redis://127.0.0.1:1/0", None, "redis://127.0.0.1:1/0"),
        ("amqp://127.0.0.1:1//", None, "rpc://"),
        ("amqp://127.0.0.1:1//", "redis://127.0.0.1:1/0", "redis://127.0.0.1:1/0"),
        ("embedded", None, "embedded://{folder}/broker"),
        ("embedded://", None, "embedded://{folder}/broker"),
        ("sqs://", None, "embedded://{folder}/broker"),
        ("redis://127.0.0.1:1/0", "embedded", "embedded://{folder}/broker"),
    ],
)
def test_backend_that_fits(broker: str, given: str | None, backend: str) -> None:
    sandbox = open_sandbox(broker, given)
    try:
        assert sandbox.backend == backend.format(folder=sandbox.folder)
        assert sandbox_from_json(json.loads(json.dumps(sandbox.to_json()))) == sandbox
    finally:
        shutil.rmtree(sandbox.folder)


def test_embedded_in_a_folder_of_the_users(tmp_path: Path) -> None:
    sandbox = open_sandbox(f"embedded://{tmp_path}/deep/er", None)
    assert list((tmp_path / "deep/er").iterdir())
    sandbox.close()
    sandbox.close()
    assert list((tmp_path / "deep/er").iterdir()) == []


def test_embedded_where_there_can_be_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokerError, match="cannot use this folder"):
        open_sandbox(f"embedded://{tmp_path}/file/broker", None)


def test_embedded_in_a_folder_for_all(tmp_path: Path) -> None:
    """In one with the sticky bit, as /tmp is, nobody can put another in the place of the run's."""
    tmp_path.chmod(0o777)
    with pytest.raises(BrokerError, match="other users may write to it"):
        open_sandbox(f"embedded://{tmp_path}", None)
    tmp_path.chmod(0o1777)
    sandbox = open_sandbox(f"embedded://{tmp_path}", None)
    assert [str(path) for path in tmp_path.iterdir()] == [sandbox.folder]
    sandbox.close()


def test_two_rooms_share_no_name() -> None:
    one, other = open_sandbox("embedded", None), open_sandbox("embedded", None)
    assert one.run != other.run
    assert one.folder != other.folder
    one.close()
    other.close()


def test_queues_are_noted_once() -> None:
    sandbox = open_sandbox("embedded", None)
    assert sandbox.read_queues() == ()
    for name in ("shop.x", "ping.x", "shop.x"):
        sandbox.note_queue(name)
    assert sandbox.read_queues() == ("shop.x", "ping.x")
    sandbox.close()


@pytest.mark.process
def test_a_server_that_is_away_does_not_stop_the_end(caplog: pytest.LogCaptureFixture) -> None:
    for broker in ("redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"):
        open_sandbox(broker, None).close()
    assert len(caplog.records) == 2
