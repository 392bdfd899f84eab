"""pusher's callers of an old version are served by the newest, whatever they send."""

from __future__ import annotations

from pusher.tasks import provider
from taskcontract.testing import check_adapters


def test_every_adapter_is_sound() -> None:
    check_adapters(provider)
