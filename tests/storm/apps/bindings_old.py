# mypy: disable-error-code="empty-body"
"""The service's bindings as old workers and old callers have them: version 1 alone."""

from __future__ import annotations

from taskcontract import Service

storm = Service("storm", queue="storm")


@storm.task(version="1.0.0")
def scale(number: int, call: str) -> int: ...


@storm.task(version="1.0.0")
def stubborn(number: int, call: str, tries: int) -> int: ...


@storm.task(version="1.0.0")
def total(numbers: list[int], call: str) -> int: ...
