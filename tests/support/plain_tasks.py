"""Tasks of projects without bindings: no version, known by their registered names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.service import ServiceSpec
from tests.support.specs import make_task

if TYPE_CHECKING:
    from taskcontract.model.service import TaskSpec


def make_plain_task(name: str, signature: str = "", **facts: Any) -> TaskSpec:
    """`make_plain_task("shop.tasks.pay", "order, amount: int = 0")`."""
    return make_task(name, signature, version="", wire_name=name, enforced=False, **facts)


def make_project(*tasks: TaskSpec, name: str = "shop") -> ServiceSpec:
    """Return the spec of a project with these tasks."""
    return ServiceSpec(name=name, version="", tasks=tasks)
