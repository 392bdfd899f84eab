"""The schemas of annotations: the same bytes as a binding's with the same annotation."""

from __future__ import annotations

import ast
import json
import warnings
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.declare.codec import Codec
from taskcontract.extract.static.annotations.expressions import Maker, TooMuchError
from taskcontract.extract.static.annotations.names import Names
from taskcontract.extract.static.annotations.opaque import opaque_type

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.making import Evaluates
    from taskcontract.extract.static.annotations.names import Finds
    from taskcontract.extract.static.modules import Scope
    from taskcontract.model.canonical import Json

__all__ = ["Annotations"]

Mode = Literal["read", "write"]
SIMPLE: dict[Any, Json] = {
    None: {"type": "null"},
    Any: {},
    object: {},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    list: {"type": "array"},
    dict: {"type": "object"},
}
"""Types whose schemas are known without pydantic, which takes long to import."""
LARGEST = 200_000
"""Characters of a schema that is kept; a larger one is a name."""


class Annotations:
    """Reads the annotations of a project."""

    def __init__(self, evaluator: Evaluates, index: Finds) -> None:
        self._maker = Maker(evaluator, Names(index))
        self._known: dict[tuple[str, Scope, Mode, bool], Json] = {}

    def schema(
        self, annotation: ast.expr | None, scope: Scope, mode: Mode, *, nullable: bool = False
    ) -> Json:
        """Return the schema of the values of `annotation`; True where there is none.

        `nullable` is for a default of None, beside which None is meant to be taken, too.
        """
        if annotation is None:
            return True
        key = (ast.dump(annotation), scope, mode, nullable)
        if key not in self._known:
            self._known[key] = self._write(annotation, scope, mode, nullable=nullable)
        return self._known[key]

    def _write(self, annotation: ast.expr, scope: Scope, mode: Mode, *, nullable: bool) -> Json:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                made = self._maker.make(annotation, scope)
                if nullable:
                    made = made | None if made is not None else None
                return _schema(made, mode)
            except Exception:  # whatever Python, pydantic or the codec has against such a type
                return _schema(opaque_type(self._maker.spell(annotation, scope)), mode)


def _schema(made: Any, mode: Mode) -> Json:
    try:
        if made in SIMPLE:
            return SIMPLE[made]
    except TypeError:  # it has no hash
        pass
    schema = Codec(made).schema(mode)
    if len(json.dumps(schema)) > LARGEST:
        raise TooMuchError
    return schema
