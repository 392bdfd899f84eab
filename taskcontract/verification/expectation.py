"""One expected call of a consumer's test: the task, and the outcome that the consumer relies on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError, ResultValueError
from taskcontract.model.contract import ANYTHING, MatchRule
from taskcontract.verification.example import read_example
from taskcontract.verification.expected_error import read_expected_error
from taskcontract.verification.made_up import Secrets
from taskcontract.verification.outgoing import StubReply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.declare import Task

__all__ = ["UNSAID", "Expectation", "read_expectation"]

UNSAID: Any = object()
"""The default of `returns` and `raises`, as None is a result."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A call of `task` that gets `reply`; the contract gets its `rules` and the name of an `error`."""

    task: Task[..., Any]
    secrets: Secrets
    rules: tuple[MatchRule, ...]
    reply: StubReply
    error: str | None = None


def read_expectation(
    task: Task[..., Any], *, returns: Any, raises: Any, secrets: Mapping[str, Any]
) -> Expectation:
    """Return the expectation that the arguments of `Recording.expect` describe.

    Raises a ContractError for an example that the task could never return, or an error that it does not
    declare.
    """
    hidden = Secrets(task, secrets)
    if raises is not UNSAID:
        if returns is not UNSAID:
            raise ContractError(
                f"a call of {task.id} is to return something and to raise an error",
                do="Expect one of them; another test may expect the other.",
            )
        expected = read_expected_error(task, raises)
        reply = StubReply(expected.content, error=expected.error)
        return Expectation(task, hidden, expected.rules, reply, expected.name)
    if returns is UNSAID:
        return Expectation(task, hidden, (ANYTHING,), StubReply(None, known=_may_be_none(task)))
    example, rules = read_example(returns)
    try:
        task.decode_result(example)
    except ResultValueError as error:
        raise ContractError(
            f"the example for {task.id} is not what it returns: {error.what}",
            do="Correct the example: a real result could never be it.",
        ) from None
    return Expectation(task, hidden, rules, StubReply(example))


def _may_be_none(task: Task[..., Any]) -> bool:
    try:
        task.decode_result(None)
    except ResultValueError:
        return False
    return True
