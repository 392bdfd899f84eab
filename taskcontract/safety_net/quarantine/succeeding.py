"""Whether a kept call has succeeded meanwhile, in whatever form the workers store results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import states
from celery.backends.base import DisabledBackend
from kombu.exceptions import ContentDisallowed, DecodeError, SerializerNotInstalled
from kombu.serialization import dumps, prepare_accept_content

from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from datetime import datetime

    from celery import Celery

__all__ = ["find_success"]

OTHERS = ("json", "msgpack", "yaml")
"""Forms that results may have beside the one that the app is configured with: an app that was made of a URL
alone knows of none. None of these runs code."""

ANOTHER_FORM = (DecodeError, ContentDisallowed, TypeError, KeyError, AttributeError)
"""What reading a result in the wrong form may raise."""


def find_success(app: Celery, task_id: str) -> datetime | None:
    """When the call of that id has succeeded; None where it has not, or where that is unknown.

    A BrokerError where the result store does not say.
    """
    if isinstance(app.backend, DisabledBackend):
        return None
    try:
        try:
            return _read(app, task_id)
        except ANOTHER_FORM as error:
            return _read_otherwise(app, task_id, error)
    except Exception as error:  # a result store may raise anything
        raise BrokerError(
            f"the result store does not say whether {task_id} has succeeded: {error}",
            do="Start it, or name another one with --backend; name the app with --app where its results "
            "have a form of their own.",
        ) from error


def _read(app: Celery, task_id: str) -> datetime | None:
    result = app.AsyncResult(task_id)
    return result.date_done if result.state == states.SUCCESS else None


def _read_otherwise(app: Celery, task_id: str, first: Exception) -> datetime | None:
    backend: Any = app.backend
    before = backend.content_type, backend.content_encoding, backend.accept
    try:
        for name in OTHERS:
            try:
                backend.content_type, backend.content_encoding, _ = dumps(None, name)
            except SerializerNotInstalled:
                continue
            backend.accept = prepare_accept_content([name])
            try:
                return _read(app, task_id)
            except ANOTHER_FORM:
                continue
        raise first
    finally:
        backend.content_type, backend.content_encoding, backend.accept = before
