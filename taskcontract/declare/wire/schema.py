"""The JSON Schema (2020-12) of a type, written from the pydantic-core schema that its decoder runs.

It accepts a JSON value exactly when the decoder does. What only code checks is written under `x-checks`,
each check by its name with a hash of its source; where such code sees the value first, so that nothing else
is known, the type behind it stands under `x-inner`, which asserts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.declare.wire.checks import hash_of, is_own_of_pydantic, name_of
from taskcontract.declare.wire.containers import CONTAINERS
from taskcontract.declare.wire.definitions import Definitions
from taskcontract.declare.wire.functions import FUNCTIONS
from taskcontract.declare.wire.objects import OBJECTS
from taskcontract.declare.wire.refused import USE
from taskcontract.declare.wire.scalars import SCALARS
from taskcontract.declare.wire.unions import UNIONS
from taskcontract.errors import DeclarationError
from taskcontract.model.checks import CHECKS, INNER

if TYPE_CHECKING:
    from taskcontract.declare.wire.writer import Core, Mode, Schema, WriteCore
    from taskcontract.model.canonical import Json

__all__ = ["write_schema"]


def write_schema(core: Core, mode: Mode) -> Json:
    """Return the schema of the JSON values that a decoder reads as `core`, or (`write`) its encoder writes.

    A DeclarationError says what has no JSON form.
    """
    writer = _Writer(mode)
    return writer.definitions.attach(writer.write(core))


class _Writer:
    """See `Writer`."""

    def __init__(self, mode: Mode) -> None:
        self.mode: Mode = mode
        self.definitions = Definitions()

    def write(self, core: Core) -> Schema:
        """Return the schema of one core schema; a `$ref` for a named one."""
        if core["type"] == "definition-ref":
            return self.definitions.refer(core["schema_ref"], None)
        if "ref" in core:
            return self.definitions.refer(core["ref"], lambda: self._write(core))
        return self._write(core)

    def _write(self, core: Core) -> Schema:
        serializer = core.get("serialization") or {}
        function = serializer.get("function")
        if self.mode == "write" and function is not None and not is_own_of_pydantic(function):
            bare = {name: part for name, part in core.items() if name not in ("serialization", "ref")}
            return {CHECKS: {f"serializer {name_of(function)}": hash_of(function)}, INNER: self._write(bare)}
        make = _WRITERS.get(core["type"])
        if make is None:
            named = getattr(core.get("cls"), "__qualname__", core["type"])
            raise DeclarationError(f"{named} has no JSON form", do=USE)
        return make(self, core)


_WRITERS: dict[str, WriteCore] = {**SCALARS, **CONTAINERS, **OBJECTS, **UNIONS, **FUNCTIONS}
