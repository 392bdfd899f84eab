"""A small gauntlet: one hostile message of each kind among honest calls, and a kill in the middle."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.gauntlet.course import Course
from tests.gauntlet.hostile import RARE, find_kinds
from tests.support.own_brokers import BROKERS, Absent, open_broker

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.slow]


POOLS = {"embedded": "threads", "redis": "prefork", "rabbitmq": "prefork"}


@pytest.mark.parametrize("broker", BROKERS)
def test_no_hostile_message_stops_the_others(broker: str, tmp_path: Path) -> None:
    place = tmp_path / "server"
    place.mkdir()
    hostile = len(find_kinds(broker).keys() - RARE.keys()) + 10
    try:
        with open_broker(broker, place) as opened:
            account = Course(opened, broker, POOLS[broker], tmp_path, seed=2).run(150, hostile)
    except Absent as absent:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(absent))
    assert account.troubles == []
    assert account.honest == 200
    assert account.fates.total() == account.hostile == hostile
