"""Provider states whose functions run in the process of pytest, within the time that one may take."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from taskcontract.verification.sandbox.app_in_sandbox import configure, name_servers
from taskcontract.verification.tracebacks import describe_exception, trim_traceback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskcontract.model.config import Config
    from taskcontract.model.contract import ProviderState
    from taskcontract.verification.sandbox.sandbox import RunSandbox
    from taskcontract.verification.states.provided_states import ProvidedStates

__all__ = ["LocalStates", "run_within"]

Entries = list[dict[str, Any]]


class LocalStates:
    """The provider's states as this process imports them, at the first one that is needed here.

    Each runs in a thread, so that one that hangs is given up; its stack says where. The app that comes with
    them talks to the run's own servers.
    """

    def __init__(self, config: Config, sandbox: RunSandbox) -> None:
        self._config = config
        self._sandbox = sandbox
        self._states: ProvidedStates | None = None

    def set_up(self, scope: int, states: Sequence[ProviderState], *, run: str, seconds: float) -> Entries:
        """Bring about `states`; the entries of `ProvidedStates.set_up`. `run` names the worker's queues."""
        pairs = [(state.name, state.params) for state in states]
        if self._states is None:
            failed = run_within(self._config.startup_timeout, "set_up", lambda: self._load(run))
            if failed:
                return failed
        provided = self._states
        assert provided is not None
        return run_within(seconds, "set_up", lambda: provided.set_up(scope, pairs))

    def finish(self, scope: int, *, check: bool, seconds: float) -> Entries:
        """Check and undo the states of a scope; the entries of `ProvidedStates.finish`."""
        states = self._states
        if states is None:
            return []
        return run_within(seconds, "tear_down", lambda: states.finish(scope, check=check))

    def _load(self, run: str) -> Entries:
        from celery.app.utils import find_app

        from taskcontract.verification.states.provided_states import ProvidedStates

        config = self._config
        assert config.app is not None
        root = str(config.root)
        if root not in sys.path:
            sys.path.insert(0, root)  # as the worker, which runs there; its functions may import more
        with _environment(name_servers(self._sandbox)):
            app = find_app(config.app)
            for module in (*config.bindings, *((config.states,) if config.states else ())):
                import_module(module)
            configure(app, self._sandbox, run)
        self._states = ProvidedStates(app)
        return []


def run_within(seconds: float, step: str, function: Callable[[], Entries]) -> Entries:
    """Return the entries of `function`, run in a thread: one that hangs is given up, and its stack shown."""
    entries: Entries = []

    def run() -> None:
        try:
            entries.extend(function())
        except BaseException as error:  # the provider's modules may raise anything
            entries.append(_fail(step, f"{type(error).__name__}: {error}", describe_exception(error)))

    thread = threading.Thread(target=run, name="taskcontract-states", daemon=True)
    thread.start()
    thread.join(seconds)
    if not thread.is_alive():
        return entries
    return [_fail(step, f"it took longer than {seconds:g} s", _stack_of(thread))]


def _fail(step: str, error: str, trace: str) -> dict[str, Any]:
    return {"step": step, "number": None, "seconds": 0.0, "error": error, "trace": trace}


def _stack_of(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    return trim_traceback("".join(traceback.format_stack(frame))) if frame else ""


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    kept = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
