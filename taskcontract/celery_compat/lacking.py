"""How a private name is told of that the installed version of Celery, kombu, redis-py or amqp lacks."""

from __future__ import annotations

from typing import Any

from taskcontract.errors import ConfigError

__all__ = ["require", "say_lacking"]


def say_lacking(owner: Any, *names: str) -> str:
    """`celery 6.0.0 has no Signature._merge`, of those of `names` that `owner` lacks; empty if it has all.

    `owner` is a class, a module or an object of one of these packages.
    """
    lacking = [name for name in names if not hasattr(owner, name)]
    if not lacking:
        return ""
    from importlib.metadata import version

    if not hasattr(owner, "__name__"):
        owner = type(owner)
    package = (getattr(owner, "__module__", None) or owner.__name__).partition(".")[0]
    return f"{package} {version(package)} has no {', '.join(f'{owner.__name__}.{name}' for name in lacking)}"


def require(owner: Any, *names: str, needed_for: str) -> None:
    """Raise a ConfigError where `owner` lacks one of `names`; it says what they are `needed_for`."""
    lacking = say_lacking(owner, *names)
    if lacking:
        raise ConfigError(
            f"{lacking}, which is needed for {needed_for}",
            do="Install another version of that package, or a taskcontract that knows this one.",
        )
