"""What a failed task is said to have raised reads as the error itself would be printed."""

from __future__ import annotations

import pytest

from taskcontract import errors
from taskcontract.verification.calls.replies import make_reply

OURS = [
    error
    for error in vars(errors).values()
    if isinstance(error, type)
    and issubclass(error, errors.TaskContractError)
    and error.__init__ is errors.TaskContractError.__init__
]


@pytest.mark.parametrize("error", OURS)
@pytest.mark.parametrize("where", ["reserve@1.1.0", ""])
def test_an_error_of_ours_says_what_and_where(error: type[errors.TaskContractError], where: str) -> None:
    raised = error("parameter 'count' is missing", where, "Pass it.")
    stored = {"exc_type": error.__name__, "exc_module": error.__module__, "exc_message": raised.args}
    said = make_reply({"status": "FAILURE", "result": stored}).error
    assert said == f"{error.__name__}: {str(raised).partition(chr(10))[0]}"


@pytest.mark.parametrize(("arguments", "said"), [(["gone"], "gone"), (["a", "b", "c"], "a, b, c"), ([], "")])
def test_another_error_says_its_arguments(arguments: list[str], said: str) -> None:
    stored = {"exc_type": "LostError", "exc_module": "shop", "exc_message": arguments}
    assert make_reply({"status": "FAILURE", "result": stored}).error == f"LostError: {said}".removesuffix(
        ": "
    )
