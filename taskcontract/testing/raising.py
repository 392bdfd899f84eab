"""Hypothesis strategies for the errors that a version raises."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from taskcontract.declare.binder import Binder
from taskcontract.testing.messages import arguments_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from taskcontract.testing.messages import Given

__all__ = ["errors_of"]


def errors_of(error: type[Exception], given: Given) -> SearchStrategy[Exception]:
    """Instances of the class `error`: as `given`, by the class; or made from the types of its `__init__`.

    Where it has none of its own, from a few texts. A LookupError where its types say nothing.
    """
    if error in given:
        return given[error]
    arguments = _arguments_of(error)
    made: SearchStrategy[Any] = arguments.map(lambda call: _make(error, *call))
    return made.filter(lambda each: each is not None)


def _arguments_of(error: type[Exception]) -> SearchStrategy[tuple[Any, dict[str, Any]]]:
    own: Any = error.__init__
    if not inspect.isfunction(own):  # Python's own, which is not written in Python
        return st.tuples(st.lists(st.text(), max_size=3), st.just({}))
    signature = inspect.signature(own)
    parameters = list(signature.parameters.values())[1:]
    try:
        return arguments_of(Binder(own, signature.replace(parameters=parameters)))
    except Exception as refusal:  # whatever a type without a JSON form makes of it
        raise LookupError from refusal


def _make(error: type[Exception], args: Any, kwargs: dict[str, Any]) -> Exception | None:
    """Return an instance; None where it does not take the arguments."""
    try:
        return error(*args, **kwargs)
    except Exception:  # whatever the class raises
        return None
