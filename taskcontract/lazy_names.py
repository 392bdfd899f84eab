"""Names of a package that are imported when they are first asked for: importing the package loads none."""

from __future__ import annotations

import sys

__all__ = ["find_lazily"]

TYPE_CHECKING = False  # typing's own is an import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def find_lazily(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of the module `package`; `homes` says in which module each name is defined.

    Assign them where type checkers do not look (`if not TYPE_CHECKING`): to them, a module with a
    `__getattr__` has every name, so that a misspelt import would pass.
    """
    names = vars(sys.modules[package])

    def import_name(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = __import__(homes[name], fromlist=[name])
        value = names[name] = getattr(home, name)
        return value

    def list_names() -> list[str]:
        return sorted({*names, *homes})

    return import_name, list_names
