"""The Celery result store `embedded://`: one file per result, in the broker's folder or another."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from celery.backends.base import KeyValueStoreBackend
from celery.exceptions import TimeoutError as ResultTimeoutError

from taskcontract.embedded.location import SCHEME, FolderLostError, prepare, read_url, write_url
from taskcontract.embedded.polling import choose_wait
from taskcontract.embedded.results import Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SLOWEST = 0.01
_PATIENCE = 15.0
_LOOK_AGAIN = 0.05

_T = TypeVar("_T")


class EmbeddedBackend(KeyValueStoreBackend):
    """Keeps results as files, whole or not at all, and looks for them often enough to be quick.

    Results older than `result_expires` go with `cleanup()`, and once an hour while results are stored: who
    has no server may have no beat either.
    """

    key_t = str  # type: ignore[assignment]  # a file's name, where others need bytes
    implements_incr = True
    expires: float | None
    supports_result_compression = True

    def __init__(self, app: Any, url: str | None = None, **kwargs: Any) -> None:
        folder = read_url(url or SCHEME)
        prepare(folder)
        self.url = write_url(folder)
        super().__init__(app, url=self.url, **kwargs)
        self._results = Results(folder)
        self._counting = threading.local()

    def as_uri(self, include_password: bool = False) -> str:
        """Return the URL with the folder that it stands for."""
        return self.url

    def get(self, key: str) -> bytes | None:
        """Return the stored value of a key, or None."""
        return self._reach(lambda: self._results.read(key))

    def mget(self, keys: Iterable[str]) -> list[bytes | None]:
        """Return the stored values of several keys."""
        return [self.get(key) for key in keys]

    def set(self, key: str, value: bytes | str) -> None:
        """Store a value."""
        if self._results.is_cleaning_due():
            self.cleanup()
        self._results.write(key, value.encode() if isinstance(value, str) else value)

    def delete(self, key: str) -> None:
        """Remove a value."""
        self._results.remove(key)

    def incr(self, key: str) -> int:
        """Count the finished parts of a chord."""
        return self._reach(lambda: self._results.count(key))

    def on_chord_part_return(self, request: Any, state: str, result: Any, **kwargs: Any) -> None:
        """Count a finished part of a chord, and start the body behind the last one.

        Waits up to 15 s for a folder that is away: a chord that failed is never tried again.
        """
        self._counting.now = True
        try:
            super().on_chord_part_return(request, state, result, **kwargs)
        finally:
            self._counting.now = False

    def exception_safe_to_retry(self, exc: Exception) -> bool:
        """Say that Celery may try again while the folder is away, if `result_backend_always_retry` is on."""
        return isinstance(exc, FolderLostError)

    def _reach(self, look: Callable[[], _T]) -> _T:
        """Look or change something; while a chord is counted, not before the folder is there."""
        if not getattr(self._counting, "now", False):
            return look()
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                found = look()
            except FolderLostError:
                pass
            else:
                # Nothing is found in a folder that is away, either.
                if found is not None or self._results.is_there():
                    return found
            time.sleep(_LOOK_AGAIN)
        return look()

    def cleanup(self) -> None:
        """Remove the results that are older than `result_expires`."""
        if self.expires:
            self._results.remove_expired(self.expires)

    def wait_for(
        self,
        task_id: str,
        timeout: float | None = None,
        interval: float = 0.5,
        no_ack: bool = True,
        on_interval: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """Return a result's data as soon as it is there; TimeoutError after `timeout` seconds.

        Celery's `interval` of half a second only limits the time between two looks. FolderLostError when the
        folder is removed meanwhile, even if another takes its place: a result of this one will never come.
        """
        started = time.monotonic()
        with self._results.watch() as watch:
            while (meta := self.get_task_meta(task_id))["status"] not in self.READY_STATES:
                if on_interval:
                    on_interval()
                watch.check()
                waited = time.monotonic() - started
                if timeout is not None and waited >= timeout:
                    raise ResultTimeoutError("The operation timed out.")
                nap = choose_wait(waited, interval or _SLOWEST)
                time.sleep(nap if timeout is None else min(nap, timeout - waited))
        return meta

    def get_many(
        self, task_ids: Any, timeout: float | None = None, interval: float = 0.5, *rest: Any, **kwargs: Any
    ) -> Any:
        """Return results as they come; of Celery's `interval`, too, only a shorter one counts."""
        return super().get_many(task_ids, timeout, min(interval or _SLOWEST, _SLOWEST), *rest, **kwargs)

    def __reduce__(self) -> Any:
        """Return what pickle needs to make the same store in another process."""
        return super().__reduce__((), {"url": self.url})  # type: ignore[call-arg]  # Celery's takes them
