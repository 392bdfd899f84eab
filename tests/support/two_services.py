"""A repository with two services: each has an app, bindings and states of its own, and a table for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.model.contract import Contract, Interaction, ProviderState
from taskcontract.model.pact_writing import dump_contract

if TYPE_CHECKING:
    from tests.support.project import Project

__all__ = ["CONFIGURED", "SERVICES", "write_contracts", "write_two_services"]

SERVICES = ("billing", "orders")

CONFIGURED = """\
[tool.taskcontract]
timeout = 20

[tool.taskcontract.services.billing]
app = "billing_app"
bindings = ["bindings.billing"]
states = "billing_states"
contracts = ["contracts/billing"]
call_style = "keyword"

[tool.taskcontract.services.orders]
app = "orders_app"
bindings = ["bindings.orders"]
"""

BINDINGS = """\
from taskcontract import Service

{name} = Service("{name}", queue="{name}")


@{name}.task(version="1.0.0")
def book(item: str, count: int) -> str: ...
"""

APP = """\
from celery import Celery

from bindings.{name} import book, {name}
from taskcontract import Provider

url = "embedded://{folder}/{name}"
app = Celery("{name}", broker=url, backend=url, set_as_current=False)
app.conf.task_default_queue = "{name}"
app.conf.beat_schedule = {{"nightly": {{"task": "{name}.book", "schedule": 60.0, "args": {beat}}}}}
provider = Provider(app, {name})
rates = {{"now": 1}}


@provider.implements(book)
def do_book(item: str, count: int) -> str:
    return f"{name} booked {{count * rates['now']}} {{item}}"
"""

STATES = """\
from billing_app import provider, rates


@provider.state("double rates")
def double_rates():
    rates["now"] = 2
    yield
    rates["now"] = 1
"""


def write_two_services(project: Project, *, count: str = "1") -> None:
    """Write both services and their configuration; beat calls `book` of orders with `count`."""
    project.write("bindings/__init__.py", "")
    for name, beat in zip(SERVICES, ('["tea", 1]', f'["tea", {count}]'), strict=True):
        project.write(f"bindings/{name}.py", BINDINGS.format(name=name))
        project.write(f"{name}_app.py", APP.format(name=name, folder=project.root / "broker", beat=beat))
    project.write("billing_states.py", STATES)
    project.write("pyproject.toml", CONFIGURED)


def write_contracts(project: Project) -> None:
    """Write what the consumer `web` relies on: of billing in a state, and once wrongly of orders."""

    def ask(provider: str, description: str, result: str, *states: str) -> Interaction:
        return Interaction(
            description,
            f"{provider}.book",
            "1.0.0",
            args=("tea", 3),
            states=tuple(map(ProviderState, states)),
            queue=provider,
            result=result,
        )

    wanted = {
        "contracts/billing": Contract(
            "web", "billing", (ask("billing", "twice the rate", "billing booked 6 tea", "double rates"),)
        ),
        "contracts": Contract(
            "web",
            "orders",
            (
                ask("orders", "an order", "orders booked 3 tea"),
                ask("orders", "a free order", "free"),
            ),
        ),
    }
    for folder, contract in wanted.items():
        project.write(f"{folder}/{contract.file_name}", dump_contract(contract))
        assert json.loads((project.root / folder / contract.file_name).read_text())
