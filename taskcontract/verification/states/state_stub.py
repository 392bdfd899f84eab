"""The function that a provider lacks for a state that a contract names, to be pasted."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.contract import ProviderState

__all__ = ["write_stub"]


def write_stub(state: ProviderState) -> str:
    """Return Python that declares `state`, with a parameter for each that the contract gives."""
    names = list(state.params)
    plain = all(name.isidentifier() and not iskeyword(name) for name in names)
    parameters = ", ".join(names) if plain else "**params"
    return "\n".join(
        [
            f"@provider.state({state.name!r})",
            f"def {_name_function(state.name)}({parameters}):",
            "    ...  # bring it about",
            "    yield",
            "    ...  # undo it",
        ]
    )


def _name_function(text: str) -> str:
    name = re.sub(r"\W+", "_", text.lower()).strip("_")
    return name if name.isidentifier() and not iskeyword(name) else f"state_{name}".rstrip("_")
