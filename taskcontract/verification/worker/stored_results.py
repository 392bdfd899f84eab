"""In the worker: tell the verifier what the result store gets, so that it need not poll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.app.backends import by_url
from celery.backends.base import Backend
from celery.states import READY_STATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

__all__ = ["store_final_states_only", "tell_of_results"]


def store_final_states_only() -> None:
    """Celery may store RETRY when the retried task's SUCCESS is stored already, and lose that for good."""

    def store_nothing(*_: object, **__: object) -> None:
        return None

    Backend.mark_as_retry = store_nothing  # type: ignore[method-assign]


def tell_of_results(app: Celery, url: str, tell: Callable[[str], None]) -> None:
    """Call `tell` with the id of each task whose final result the store at `url` has taken.

    A store is made for each thread, so the class is what must speak.
    """
    found: Any = by_url(url, app.loader)
    kind = found[0]
    store: Callable[..., Any] = kind.store_result

    def store_and_tell(self: Any, task_id: str, result: Any, state: str, *rest: Any, **options: Any) -> Any:
        stored = store(self, task_id, result, state, *rest, **options)
        if state in READY_STATES:
            tell(task_id)
        return stored

    kind.store_result = store_and_tell
