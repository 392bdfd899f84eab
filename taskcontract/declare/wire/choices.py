"""The members of an enum and the values of a Literal, found by the JSON that stands for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, to_jsonable_python

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Choices"]

_SHOWN = 10


class Choices:
    """Reads a JSON scalar as the value that it stands for."""

    def __init__(self, forms: Sequence[Any], values: Sequence[Any]) -> None:
        self._values: dict[tuple[bool, Any], Any] = {}
        for form, value in zip(forms, values, strict=True):
            self._values.setdefault(_identity(form), value)

    @classmethod
    def of(cls, values: Sequence[Any]) -> Choices:
        """Return the choices among `values` by their own JSON forms."""
        return cls([to_jsonable_python(value, bytes_mode="base64") for value in values], values)

    def __call__(self, form: Any) -> Any:
        """Return the value of `form`; raise pydantic's error, which lists the forms, if there is none."""
        try:
            return self._values[_identity(form)]
        except (KeyError, TypeError):
            forms = [repr(known) for _, known in self._values]
            shown = ", ".join(forms[:_SHOWN]) + (", ..." if len(forms) > _SHOWN else "")
            choices = f"one of {shown}" if len(forms) > 1 else shown
            raise PydanticCustomError("choice", "Input should be {choices}", {"choices": choices}) from None


def _identity(form: Any) -> tuple[bool, Any]:
    """Equal for the same JSON value alone: Python takes True for 1."""
    return isinstance(form, bool), form
