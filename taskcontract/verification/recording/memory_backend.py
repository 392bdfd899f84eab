"""The result backend of intercepted calls: it holds what the test says, and never waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from celery import states
from celery.backends.base import KeyValueStoreBackend
from celery.exceptions import TimeoutError as CeleryTimeoutError

from taskcontract.errors import ContractError, TaskContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

__all__ = ["MemoryBackend", "Replies"]

MOST_LOOKS = 1_000
"""How often code may ask whether a result is there that stays away: a loop around it would never end."""

SAY_IT = "Say what comes back: .expect(task, returns=...), for each task whose result is read."


@dataclass(slots=True)
class Replies:
    """What all apps' backends hold: canvas may send by one app and read by another.

    `unsaid`, `pending` and `unread` are the ids of tasks whose result the test does not give, with
    the names of the tasks. `note` is given each error that is raised, as it may be swallowed there.
    """

    note: Callable[[TaskContractError], None]
    values: dict[Any, Any] = field(default_factory=dict)
    unsaid: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    chord_sizes: dict[str, int] = field(default_factory=dict)
    """By group; Celery announces the size just before it sends the last part of the header."""

    def refuse(self, what: str, *, do: str) -> ContractError:
        """Return the error to raise."""
        error = ContractError(what, do=do)
        self.note(error)
        return error


class MemoryBackend(KeyValueStoreBackend):
    """A result backend that holds the replies, and raises instead of waiting for one that it lacks."""

    supports_native_join = False  # it would ask for many results in a loop that does not end

    answers_at_once = True
    """There is nothing to wait for: `Result.aget` need not ask again."""

    def __init__(self, app: Celery, replies: Replies) -> None:
        super().__init__(app=app)
        self._replies = replies
        self._looks: Counter[str] = Counter()

    def get(self, key: Any) -> Any:
        """Return what is held."""
        return self._replies.values.get(key)

    def mget(self, keys: Any) -> list[Any]:
        """Return what is held of each."""
        return [self._replies.values.get(key) for key in keys]

    def set(self, key: Any, value: Any) -> None:
        """Hold a value."""
        self._replies.values[key] = value

    def delete(self, key: Any) -> None:
        """Forget a value."""
        self._replies.values.pop(key, None)

    def apply_chord(self, header_result_args: Any, body: Any, **kwargs: Any) -> None:
        """Do nothing: the post office counts a chord's parts itself."""

    def set_chord_size(self, group_id: str, chord_size: int) -> None:
        """Note how many parts a chord has."""
        self._replies.chord_sizes[group_id] = chord_size

    def get_task_meta(self, task_id: Any, cache: bool = True) -> Any:
        """Return the record of a task; of one without a stored result, that it has succeeded."""
        replies = self._replies
        if task_id in replies.unread:
            raise replies.refuse(
                f"the code under test looks at the result of {replies.unread[task_id]}, "
                "and the test says that it does not",
                do="Say what comes back, returns=..., or leave reply=False out.",
            )
        if task_id in replies.unsaid:
            return _Unsaid(self)
        if task_id in replies.pending:
            self._looks[task_id] += 1
            if self._looks[task_id] > MOST_LOOKS:
                raise replies.refuse(
                    f"the code under test has asked {MOST_LOOKS:,} times for the result of "
                    f"{replies.pending[task_id]}, which stays pending",
                    do="Let it give up after a while: it would ask for ever.",
                )
        return super().get_task_meta(task_id, cache=cache)

    def wait_for(self, task_id: Any, timeout: float | None = None, *args: Any, **kwargs: Any) -> Any:
        """Return the record of a task that has ended; Celery's TimeoutError at once for one that has not."""
        replies = self._replies
        if task_id in replies.unsaid:
            raise self.refuse_unsaid()
        meta = self.get_task_meta(task_id)
        if meta["status"] in states.READY_STATES:
            return meta
        if task_id not in replies.pending:
            raise self.refuse_unsaid()
        if timeout is None:
            raise replies.refuse(
                f"the code under test waits for the result of {replies.pending[task_id]} without a timeout, "
                "and the test says that it stays pending",
                do="Give get() a timeout: nothing else would end it.",
            )
        raise CeleryTimeoutError("The operation timed out.")

    def get_many(self, task_ids: Any, timeout: float | None = None, *args: Any, **kwargs: Any) -> Any:
        """Yield each id with its record, as `wait_for` gives it: Celery's own loop waits for ever."""
        for task_id in task_ids:
            yield task_id, self.wait_for(task_id, timeout)

    def refuse_unsaid(self) -> ContractError:
        """Return the error to raise where a result is read that the test does not give."""
        what = "the code under test waits for a result that the test does not give"
        return self._replies.refuse(what, do=SAY_IT)


class _Unsaid(dict[str, Any]):
    """The record of a task that has succeeded, with an unknown result."""

    def __init__(self, backend: MemoryBackend) -> None:
        super().__init__(status=states.SUCCESS, result=None, traceback=None, children=[])
        self._backend = backend

    def __getitem__(self, name: str) -> Any:
        if name == "result":
            raise self._backend.refuse_unsaid()
        return super().__getitem__(name)
