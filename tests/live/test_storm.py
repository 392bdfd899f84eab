"""A small storm: a rolling deploy with a killed worker and a broker that is away loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.storm.course import Course
from tests.support.own_brokers import open_broker

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.slow]


def test_nothing_is_lost_in_a_small_storm(tmp_path: Path) -> None:
    place = tmp_path / "server"
    place.mkdir()
    with open_broker("embedded", place) as broker:
        account = Course(broker, "kept", 300, tmp_path, print).run()
    assert account.is_clean, account
    assert account.right == 300
    assert account.refused > 0, "old workers were sent calls of version 2"
    assert account.replayed >= account.refused > 0
