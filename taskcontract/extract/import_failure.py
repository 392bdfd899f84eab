"""Why a module of the reader's cannot be imported, said without a traceback."""

from __future__ import annotations

from traceback import extract_tb

from taskcontract.errors import ConfigError, TaskContractError
from taskcontract.frames import is_own

__all__ = ["find_place", "make_import_error", "say"]


def make_import_error(what: str, error: BaseException, do: str) -> TaskContractError:
    """Return the error for the user where importing `what` raised `error`.

    An error of ours says all there is to say and comes back as it is. `do` is the next step for any other.
    """
    if isinstance(error, TaskContractError):
        return error
    return ConfigError(f"{what} cannot be imported: {say(error)}", where=find_place(error), do=do)


def say(error: BaseException) -> str:
    """Return the kind of `error` and what it says, on one line."""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}{f': {said}' if said else ''}"


def find_place(error: BaseException) -> str:
    """Return `file:line` of the reader's own line that `error` passed last, or an empty text."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = [frame for frame in extract_tb(error.__traceback__) if is_own(frame.filename)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
