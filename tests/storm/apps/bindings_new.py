# mypy: disable-error-code="empty-body"
"""The service's bindings with version 2: any factor, and the result says which."""

from __future__ import annotations

from dataclasses import dataclass

from taskcontract import Service

storm = Service("storm", queue="storm")


@dataclass
class Scaled:
    """A value and the factor that it was scaled by."""

    value: int
    factor: int


@storm.task(version="1.0.0")
def scale(number: int, call: str) -> int: ...


@storm.task(version="2.0.0", supersedes=scale)
def scale_v2(number: int, call: str, factor: int) -> Scaled: ...


@storm.task(version="1.0.0")
def stubborn(number: int, call: str, tries: int) -> int: ...


@storm.task(version="2.0.0", supersedes=stubborn)
def stubborn_v2(number: int, call: str, tries: int, factor: int) -> Scaled: ...


@storm.task(version="1.0.0")
def total(numbers: list[int], call: str) -> int: ...


@storm.task(version="2.0.0", supersedes=total)
def total_v2(parts: list[Scaled], call: str) -> Scaled: ...
