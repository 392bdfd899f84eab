"""Does an error reach the caller as it is? Celery sends its class and its `args`, and builds it again."""

from __future__ import annotations

from celery.utils.serialization import get_pickleable_exception
from kombu.utils.json import dumps, loads

__all__ = ["find_loss"]


def find_loss(error: Exception) -> str:
    """Return what keeps `error` from arriving as one of its class; empty where it does."""
    kind = type(error)
    name = kind.__name__
    try:
        args = loads(dumps(error.args))
    except Exception as refusal:  # whatever the arguments' own code raises
        return f"the arguments of {error!r} cannot be sent as JSON ({refusal})"
    try:
        kind(*args)
    except Exception as refusal:  # whatever the class's own code raises
        return f"{name}(*error.args) fails at the caller, who gets no {name}: {refusal}"
    if type(get_pickleable_exception(error)) is not kind:
        return f"{error!r} cannot be pickled in the worker, so that its callers get no {name}"
    return ""
