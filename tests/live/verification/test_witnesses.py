"""The calls that the diff shows, sent to a live worker of the new side: refused, or run silently."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from taskcontract.diff.walker.judging import bind
from taskcontract.model.contract import Contract, Interaction
from taskcontract.verification.verifier import Verifier
from tests.support.two_sides import compare, make_sides

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding
    from tests.support.shop_project import ShopProject

CASES: dict[str, tuple[str, str]] = {
    "swapped texts": ("a: str, b: str", "b: str, a: str"),
    "a text and a number swapped": ("a: str, b: int", "b: int, a: str"),
    "a text and a UUID swapped": ("a: str, b: UUID", "b: UUID, a: str"),
    "an optional one before the last": ("a: str, b: str", "a: str, c: str = 'x', b: str = 'y'"),
    "one that falls into keywords": ("a: str, b: int", "a: str, **rest: int"),
    "one that keywords refuse": ("a: str, b: int", "a: str, **rest: str"),
    "another default": ("a: str, n: int = 1", "a: str, n: int = 2"),
    "a narrower type": ("a: str | int", "a: int"),
    "one more required": ("a: str", "a: str, b: int"),
}

BINDINGS = """
from uuid import UUID
from taskcontract import Service

side = Service("side")
"""

SHOP = """
import inspect
from celery import Celery
from side_bindings import *
from taskcontract import Provider

app = Celery("side")
provider = Provider(app, side)
"""


@pytest.fixture(scope="module")
def witnesses() -> dict[str, Finding]:
    """By case the gravest finding between its two sides."""
    found: dict[str, Finding] = {}
    for case, (old, new) in CASES.items():
        findings = compare(make_sides(old, new, UUID=UUID), by_code=True)
        found[case] = next(each for each in findings if each.severity != "safe")
    return found


def test_a_live_worker_does_what_each_finding_says(
    witnesses: dict[str, Finding], project: ShopProject
) -> None:
    bindings, shop, interactions = BINDINGS, SHOP, []
    for number, (case, (_, new)) in enumerate(CASES.items()):
        witness = witnesses[case].witness
        assert witness is not None
        bindings += f'@side.task(version="1.0.0")\ndef task_{number}({new}) -> dict: ...\n'
        shop += f"@provider.implements(task_{number})\ndef do_{number}({new}) -> dict:\n"
        shop += "    return {name: str(value) for name, value in locals().items()}\n"
        interactions.append(
            Interaction(case, f"side.task_{number}", "1.0.0", witness.args, witness.kwargs or {})
        )
    project.write("side_bindings.py", bindings)
    project.write("side.py", shop)
    with Verifier(replace(project.config(), app="side")) as verifier:
        verification = verifier.verify(Contract("web", "side", tuple(interactions)))
    for outcome in verification.outcomes:
        case, reply = outcome.interaction.description, outcome.reply
        assert reply is not None
        finding = witnesses[case]
        assert (reply.status == "SUCCESS") == finding.silent, (case, reply)
        if not finding.silent:
            assert reply.error.startswith("RefusedArgumentsError"), (case, reply)
        else:
            assert landed(CASES[case][1], outcome.interaction).items() <= reply.result.items()


def landed(new: str, interaction: Interaction) -> dict[str, Any]:
    """Where the values of a message land by the spec of the new side, as the tasks here tell it."""
    task = make_sides(new, new, UUID=UUID).new.tasks[0].spec()
    binding = bind(task, interaction.args, interaction.kwargs)
    assert binding is not None
    return {name: str(value) for name, value in binding.items()}
