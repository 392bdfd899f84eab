"""How a private name is told of that the installed version of Celery, kombu, amqp or redis-py lacks."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from taskcontract.errors import ConfigError

__all__ = ["PACKAGES", "require", "say_lacking"]

PACKAGES = ("celery", "kombu", "amqp", "redis", "billiard", "vine")
"""The packages whose private names are touched, each a distribution of that name."""


def say_lacking(owner: Any, *names: str) -> str:
    """Return `celery 6.0.0 has no Signature._merge`, of the `names` that `owner` lacks; empty for none.

    `owner` is a class, a module or an object of one of PACKAGES, or of a class that derives from one of them.
    """
    lacking = [name for name in names if not hasattr(owner, name)]
    if not lacking:
        return ""
    package, spelled = _name(owner)
    return f"{package} has no {', '.join(f'{spelled}.{name}' for name in lacking)}"


def require(owner: Any, *names: str, needed_for: str) -> None:
    """Raise a ConfigError where `owner` lacks one of `names`; it says what they are `needed_for`."""
    lacking = say_lacking(owner, *names)
    if lacking:
        raise ConfigError(
            f"{lacking}, which is needed for {needed_for}",
            do="Install another version of that package, or a taskcontract that knows this one.",
        )


def _name(owner: Any) -> tuple[str, str]:
    """Return the package with its version, and the class or module in it."""
    if isinstance(owner, ModuleType):
        return _with_version(owner.__name__), owner.__name__
    cls = owner if isinstance(owner, type) else type(owner)
    theirs = (each for each in cls.__mro__ if each.__module__.partition(".")[0] in PACKAGES)
    found = next(theirs, cls)
    return _with_version(found.__module__), found.__name__


def _with_version(module: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    package = module.partition(".")[0]
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:  # a copy that was not installed
        return package
