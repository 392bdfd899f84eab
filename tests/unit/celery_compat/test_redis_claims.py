"""What claiming needs of Kombu is there; where it is not, the stock transport stays. Live tests claim."""

from __future__ import annotations

import logging

import pytest
from kombu import Connection
from kombu.transport import redis

from taskcontract.celery_compat.redis_claims import NEEDED, ClaimingTransport, claim_in_one_step


def claims() -> bool:
    with Connection("redis://127.0.0.1:1") as connection:
        claim_in_one_step(connection)
        assert connection.transport_cls in ("redis", ClaimingTransport)
        return connection.transport_cls != "redis"


def test_a_connection_claims() -> None:
    assert claims()
    for name, needed in NEEDED.items():
        used = getattr(redis, name).__mro__
        assert all(any(each in vars(cls) for cls in used) for each in needed)


@pytest.mark.parametrize("name", [f"{cls}.{name}" for cls, names in NEEDED.items() for name in names])
def test_without_one_of_them_the_stock_transport_stays(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner, _, attribute = name.partition(".")
    for cls in getattr(redis, owner).__mro__:
        if attribute in vars(cls):
            monkeypatch.delattr(cls, attribute)
    with caplog.at_level(logging.WARNING):
        assert not claims()
    assert "a worker that is killed may lose a message of Redis: kombu" in caplog.text
    assert f"has no {name}" in caplog.text
