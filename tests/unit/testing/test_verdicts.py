"""What is said of the answers to calls that were made up."""

from __future__ import annotations

import pytest

from taskcontract.model.contract import Interaction
from taskcontract.model.service import TaskSpec
from taskcontract.testing.spec_calls import SpecCall
from taskcontract.testing.verdicts import Verdicts
from taskcontract.verification.outcome import Fault, Reply
from taskcontract.verification.ticket import Ticket

TASK = TaskSpec("sell", "1.0.0", "shop.sell", result={"type": "integer"})
CALL = SpecCall((), {}, {}, "the value of 'item'")
REFUSED = Reply("FAILURE", None, "RefusedArgumentsError: sell() missing 1 argument")
SUNSET = Reply("FAILURE", None, "SunsetError: sell@1.0.0 is in a brown-out")


def ticket_with(reply: Reply | None, fault: Fault | None = None) -> Ticket:
    return Ticket("tests", "shop", Interaction("a call", "shop.sell", "1.0.0"), reply=reply, fault=fault)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("SUCCESS", 3), "well"),
        (Reply("SUCCESS", "3"), "result"),
        (Reply("FAILURE", {}, "SoldOut: none", declared=("SoldOut",)), "well"),
        (Reply("FAILURE", None, "ValueError: no"), "raised ValueError"),
        (Reply("FAILURE", None, "shop.errors.OddError"), "raised OddError"),
        (Reply("REVOKED"), "raised "),
        (REFUSED, "refused"),
        (SUNSET, "unknown"),
        (None, "gone"),
    ],
)
def test_answers_to_calls_inside(reply: Reply | None, kind: str) -> None:
    assert Verdicts(TASK, has_checks=False).of_call(CALL, ticket_with(reply)).kind == kind


def test_where_only_code_knows_a_refusal_says_nothing() -> None:
    assert Verdicts(TASK, has_checks=True).of_call(CALL, ticket_with(REFUSED)).kind == "unknown"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (REFUSED, "well"),
        (Reply("FAILURE", None, "taskcontract.errors.RefusedArgumentsError: no"), "well"),
        (Reply("FAILURE", None, "RefusedArgumentsError: "), "taken"),
        (Reply("FAILURE", None, "TypeError: no"), "taken"),
        (Reply("SUCCESS", 3), "taken"),
        (SUNSET, "unknown"),
        (None, "gone"),
    ],
)
def test_answers_to_calls_outside(reply: Reply | None, kind: str) -> None:
    assert Verdicts(TASK, has_checks=False).of_outside(CALL, ticket_with(reply)).kind == kind


def test_what_became_of_the_worker_is_the_fault() -> None:
    died = Fault("the worker died (exit code 3) while it ran this task")
    for judge in (Verdicts(TASK, has_checks=False).of_call, Verdicts(TASK, has_checks=False).of_outside):
        verdict = judge(CALL, ticket_with(None, died))
        assert (verdict.fault, verdict.can_shrink) == (died, False)
