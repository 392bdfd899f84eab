"""Whatever others wrote, a reader returns or refuses in its own words: 300 changed inputs for each."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.support.reader_faults import find_fault
from tests.support.readers import make_readers

if TYPE_CHECKING:
    from pathlib import Path

CASES = 300


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_no_reader_fails_on_what_others_wrote(seed: int, tmp_path: Path) -> None:
    readers = make_readers(tmp_path)
    assert len({reader.name for reader in readers}) == len(readers) >= 12
    for reader in readers:
        rng = random.Random(f"{seed} {reader.name}")
        faults = [fault for _ in range(CASES) if (fault := find_fault(reader, rng)[0])]
        assert faults == [], reader.name
