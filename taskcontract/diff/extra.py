"""What a comparison needs beside this package: the extra `diff`. Calling tasks does not need it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from taskcontract.errors import ConfigError

__all__ = ["require_validator"]


@cache
def require_validator() -> None:
    """Raise a ConfigError where jsonschema-rs is not installed; it is not imported.

    Asked where a comparison begins: whether there will be something to confirm is not known then, and
    the same command is not to work on one day alone.
    """
    if find_spec("jsonschema_rs") is None:
        raise ConfigError(
            "comparing task APIs needs jsonschema-rs, which is not installed",
            do='Install it: pip install "taskcontract[diff]".',
        )
