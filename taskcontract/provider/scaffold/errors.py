"""The adapters of the errors that callers of an old version do not know."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from taskcontract.provider.scaffold.layout import define, document, raise_question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.provider.scaffold.module import AdaptersModule

__all__ = ["write_error_adapters"]

PARTICULAR = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, SyntaxError, BaseExceptionGroup)
"""Python's own errors that do not take just any arguments."""


def write_error_adapters(module: AdaptersModule) -> Iterator[str]:
    """One for each error of the new version that the old one's callers do not know."""
    old = module.old
    if not old.errors:
        return
    known = [module.add_class(error) for error in old.errors]
    for error in module.new.errors:
        if issubclass(error, old.errors):
            continue
        name = module.add_class(error)
        if len(known) > 1:
            last = raise_question(f"say which of {' and '.join(known)} callers of {old.version} get")
        elif _takes_anything(old.errors[0]):
            last = f"    return {known[0]}(*error.args)"
        else:
            made = f"{known[0]}{_signature_of(old.errors[0])}"
            last = raise_question(f"callers of {old.version} get {made}: say with what arguments")
        yield "\n".join(
            [
                f"@{module.provider}.maps_error({module.old_name}, {name})",
                define(module.mappers[error], [f"error: {name}"], " | ".join(known)),
                document(f"{old.version} knew no {error.__name__}."),
                last,
                "",
            ]
        )


def _takes_anything(error: type[Exception]) -> bool:
    """Whether an error is made of any arguments, as a plain Exception is."""
    makers = [
        next(each for each in error.__mro__ if method in vars(each)) for method in ("__init__", "__new__")
    ]
    return not issubclass(error, PARTICULAR) and all(each.__module__ == "builtins" for each in makers)


def _signature_of(error: Any) -> str:
    """The parameters of an error's class, as far as Python knows them."""
    try:
        names = list(inspect.signature(error).parameters)
    except ValueError:
        names = ["..."]
    return f"({', '.join(names)})"
