"""The engine of schemas, asked once for each question of a run."""

from __future__ import annotations

from marshal import dumps
from typing import TYPE_CHECKING

from taskcontract.diff.walker.sameness import BY_VALUE

if TYPE_CHECKING:
    from taskcontract.diff.schemas import SchemaComparison
    from taskcontract.model.canonical import Json

__all__ = ["SchemaEngine"]


class SchemaEngine:
    """`compare_schemas` with a memory: a service's tasks often change in the same way."""

    def __init__(self) -> None:
        self._answers: dict[tuple[bytes, bytes], SchemaComparison] = {}

    def compare(self, old: Json, new: Json) -> SchemaComparison:
        """Whether `new` takes every value of `old`."""
        key = dumps(old, BY_VALUE), dumps(new, BY_VALUE)
        answer = self._answers.get(key)
        if answer is None:
            from taskcontract.diff.schemas import compare_schemas

            answer = self._answers[key] = compare_schemas(old, new)
        return answer

    def takes(self, schema: Json, value: Json) -> bool:
        """Whether `value` is proved to be valid under `schema`."""
        return self.compare({"const": value}, schema).verdict == "included"

    def refuses(self, schema: Json, value: Json) -> bool:
        """Whether `value` is proved to be invalid under `schema`."""
        return self.compare({"const": value}, schema).verdict == "not-included"
