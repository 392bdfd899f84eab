"""A service whose calls are recorded: what the tests of recordings share."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - the bindings are read with it
from typing import TYPE_CHECKING, Annotated, Any

import pytest

from taskcontract import Secret, Service
from taskcontract.errors import ContractError
from taskcontract.verification.recording.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.contract import Interaction

shop = Service("shop", queue="shop")


@dataclass
class Line:
    item: str
    count: int


class GoneError(Exception):
    """Nothing is left."""

    def __init__(self, item: str = "") -> None:
        super().__init__(item)
        self.item = item


@shop.task(version="1.0.0", errors=(GoneError,))
def price(item: str, count: int = 1, *, meta: dict[str, str] | None = None) -> str: ...


@shop.task(version="1.0.0")
def order(line: Line, *more: int, at: datetime | None = None, **notes: str) -> None: ...


@shop.task(version="1.0.0")
def log_in(user: str, password: Annotated[str, Secret]) -> str: ...


@shop.task(version="1.0.0")
def hostile(
    returns: str, /, self: str = "", *, raises: str = "", task: int = 0, pending: bool = True
) -> None: ...


def record(kept: list[Interaction] | None = None) -> Recording:
    keep = [] if kept is None else kept
    return Recording("cafe", shop, description="a call", test="t.py::t", keep=keep.extend)


def fail(run: Callable[[], Any], block: Recording) -> str:
    with pytest.raises(ContractError) as caught, block:
        run()
    return str(caught.value)
