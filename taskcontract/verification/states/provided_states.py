"""Provider states where their functions run: set up, checked and torn down, each with what went wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from taskcontract.declare.serving import find_providers
from taskcontract.errors import ProviderError
from taskcontract.verification.tracebacks import describe_exception

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.declare.serving import OpenState
    from taskcontract.model.canonical import Json

__all__ = ["ProvidedStates"]


class ProvidedStates:
    """The states of all providers of an app, as one table, and those that are set up.

    Those of one interaction have a number, its scope, by which they are torn down. What is returned is one
    entry for each state, as JSON: its number, the seconds it took, and the error with its traceback.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._open: dict[int, list[OpenState]] = {}

    def set_up(self, scope: int, states: list[tuple[str, dict[str, Json]]]) -> list[dict[str, Any]]:
        """Bring about `states`, one after another, until one fails."""
        opened = self._open.setdefault(scope, [])
        entries: list[dict[str, Any]] = []
        for number, (name, params) in enumerate(states):
            values: dict[str, Json] = {}

            def open_one(
                name: str = name, params: dict[str, Json] = params, values: dict[str, Json] = values
            ) -> None:
                opened.append(self._find(name).open(name, params))
                values.update(_handed_out(opened[-1]))

            entries.append({**_try("set_up", number, open_one), "values": values})
            if entries[-1]["error"] is not None:
                break
        return entries

    def finish(self, scope: int, *, check: bool) -> list[dict[str, Any]]:
        """Check those of a scope if asked to, and undo them, the last first, whatever they raise."""
        opened = list(enumerate(self._open.pop(scope, [])))
        checked = [_try("check", number, state.check) for number, state in opened] if check else []
        return checked + [_try("tear_down", number, state.tear_down) for number, state in reversed(opened)]

    def finish_all(self) -> None:
        """Undo whatever is still set up."""
        while self._open:
            self.finish(next(reversed(self._open)), check=False)

    def _find(self, name: str) -> Any:
        for provider in find_providers(self._app):
            if name in provider.states.names:
                return provider.states
        raise ProviderError(f"the provider declares no state {name!r}")


def _handed_out(state: OpenState) -> dict[str, Json]:
    from pydantic_core import PydanticSerializationError, to_jsonable_python

    try:
        values: dict[str, Json] = to_jsonable_python(state.values)
    except PydanticSerializationError as error:
        raise ProviderError(
            f"the state {state.name!r} hands out what has no JSON form: {error}",
            do="Return or yield a dict of texts, numbers, dates and the like: arguments are made of them.",
        ) from None
    return values


def _try(step: str, number: int, function: Callable[[], None]) -> dict[str, Any]:
    """Run a part of a state, which is the provider's code: whatever it raises is reported."""
    started = time.perf_counter()
    error, trace = None, ""
    try:
        function()
    except BaseException as raised:
        error = str(raised) or type(raised).__name__
        trace = describe_exception(raised)
    return {
        "step": step,
        "number": number,
        "seconds": time.perf_counter() - started,
        "error": error,
        "trace": trace,
    }
