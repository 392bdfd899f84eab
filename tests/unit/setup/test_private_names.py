"""Names of pydantic-core that are not promised, with what stops to work without; Celery's: celery_compat."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from taskcontract.declare.codec import Codec

if TYPE_CHECKING:
    from collections.abc import Callable


class Day(BaseModel):
    day: date


def reads_nested_models_narrowly() -> bool:
    """Else a model inside would be read by the validator that its class has, digits as a date among all."""
    codec = Codec(list[Day])
    try:
        codec.decode([{"day": 0}])
    except ValueError:
        return codec.decode([{"day": "2024-02-29"}]) == [Day(day=date(2024, 2, 29))]
    return False


NEEDED: dict[str, Callable[[], bool]] = {
    "_use_prebuilt: models inside of other types are read as the spec says": reads_nested_models_narrowly,
}


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_needed_is_there(name: str) -> None:
    assert NEEDED[name](), f"gone: {name}"
