"""Calls that the bindings refuse before there is a message: a watcher sees them, whoever swallows them."""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from inspect import isfunction
from typing import TYPE_CHECKING, Any

from taskcontract.declare.task import Task
from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["watch_calls"]

OTHERS = ("spec", "decode_result", "AsyncResult")
"""Public methods of a task that make no call."""

_notes: list[Callable[[Task[..., Any], Exception], None]] = []
_originals: dict[str, Any] = {}
_lock = threading.Lock()


@contextmanager
def watch_calls(note: Callable[[Task[..., Any], Exception], None]) -> Iterator[None]:
    """Within this block, tell `note` of each call that a task's own methods refuse, in whatever thread.

    The refusals are raised all the same.
    """
    with _lock:
        _notes.append(note)
        if len(_notes) == 1:
            _replace_methods()
    try:
        yield
    finally:
        with _lock:
            _notes.remove(note)
            if not _notes:
                for name, method in _originals.items():
                    setattr(Task, name, method)
                _originals.clear()


def _replace_methods() -> None:
    # On the class: delegates and canvases look them up there, and `__call__` is found nowhere else.
    for name, method in list(vars(Task).items()):
        calls = name == "__call__" or not name.startswith("_")
        if isfunction(method) and calls and name not in OTHERS:
            _originals[name] = method
            setattr(Task, name, _watched(method))


def _watched(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(task: Task[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return method(task, *args, **kwargs)
        except TaskContractError as error:
            for note in _notes:
                note(task, error)
            raise

    return call
