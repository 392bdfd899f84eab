"""One tree of errors. Each says what is wrong, where, and what to do; its facts are attributes."""

from __future__ import annotations

__all__ = [
    "ArgumentTypeError",
    "ArgumentValueError",
    "BrokerError",
    "CanvasError",
    "ConfigError",
    "ContractError",
    "DeclarationError",
    "NoAppWarning",
    "NotServedHereError",
    "ProviderError",
    "RefusedArgumentsError",
    "RefusedContentError",
    "RefusedMessageError",
    "RegistryError",
    "ResultValueError",
    "SpecError",
    "SunsetError",
    "TaskContractError",
    "UndecidedLinkWarning",
    "UnknownTaskError",
    "UnreadableMessageError",
    "UnsoundAdapterError",
    "VerificationError",
]


class TaskContractError(Exception):
    """What every error of ours derives from; `str(error)` is the whole message for the user.

    `what` is the fact, `where` the file, function or JSON path it was found at (may be empty),
    `do` the next step for the reader (may be empty). Celery sends `args` with a failed task and
    builds the error again from them at the caller: they are what `__init__` takes.
    """

    def __init__(self, what: str, where: str = "", do: str = "") -> None:
        self.what = what
        self.where = where
        self.do = do
        super().__init__(what, where, do)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        step = f"\n  {self.do}" if self.do else ""
        return f"{place}{self.what}{step}"


class DeclarationError(TaskContractError):
    """A binding that cannot be declared: found when its module is imported, never at a call."""


class SpecError(TaskContractError):
    """A file that is not a readable task API (spec)."""


class ContractError(TaskContractError):
    """A file that is not a readable contract, or a contract that its bindings do not allow."""


class CanvasError(TaskContractError):
    """A canvas in which a task hands on what the next one refuses, or that it has no parameter for."""


class UndecidedLinkWarning(UserWarning):
    """It is not known whether a task of a canvas takes what it is handed."""


class ConfigError(TaskContractError):
    """A wrong key or value in `[tool.taskcontract]`, or a wrong option."""


class ProviderError(TaskContractError):
    """A worker that breaks a promise of its bindings: it refuses to start."""


class UnsoundAdapterError(TaskContractError):
    """An adapter that turns a valid old call, or a valid newer result, into an invalid one."""


class VerificationError(TaskContractError):
    """A live worker that could not be started, reached or stopped."""


class RegistryError(TaskContractError):
    """A registry that is not there, cannot be read or written, or holds something else already."""


class BrokerError(TaskContractError):
    """A broker or result store that refuses, is away or is misconfigured."""


class NotServedHereError(TaskContractError):
    """A call that is to run in this process, which has no provider of it."""


class ArgumentTypeError(TaskContractError, TypeError):
    """A missing or unexpected argument of a call, as calling the function itself would say."""


class ArgumentValueError(TaskContractError, ValueError):
    """A value outside its parameter's declared type; `parameter` names it."""

    def __init__(self, what: str, where: str = "", do: str = "", parameter: str = "") -> None:
        super().__init__(what, where, do)
        self.args = (what, where, do, parameter)
        self.parameter = parameter


class ResultValueError(TaskContractError, ValueError):
    """A result that is not of the declared type."""


class RefusedMessageError(TaskContractError):
    """A message that a worker does not serve: it is kept in quarantine, and this error is its result.

    `reason` is the word that filters know it by.
    """

    reason = "refused"


class UnknownTaskError(RefusedMessageError):
    """A message for a task, or a newer version of one, that the worker does not know."""

    reason = "unknown-task"


class SunsetError(RefusedMessageError):
    """A call of a version after its sunset, or in a brown-out before it."""

    reason = "sunset"


class RefusedArgumentsError(RefusedMessageError):
    """A call whose arguments are outside the contract."""

    reason = "arguments"


class RefusedContentError(RefusedMessageError):
    """A message in a content type that the worker does not accept, such as pickle."""

    reason = "content-type"


class UnreadableMessageError(RefusedMessageError):
    """A message that cannot be decoded, or that is not a task message."""

    reason = "unreadable"


class NoAppWarning(UserWarning):
    """Calls of a service go to Celery's default broker, as no app was named for them."""
