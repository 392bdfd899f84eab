"""The parameters of a declared task with their type machinery, and the function that binds a call to them."""

from __future__ import annotations

from functools import cached_property
from inspect import Parameter, Signature
from types import GenericAlias
from typing import TYPE_CHECKING, Any, get_origin, get_type_hints

from typing_extensions import Unpack

from taskcontract.declare.codec import Codec
from taskcontract.declare.parameter import KINDS, place_of
from taskcontract.declare.secret import without_secret
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taskcontract.model.service import ParameterKind

__all__ = ["HOLE", "Slot", "compile_bind", "read_slots"]


class _Hole:
    """The type of HOLE: an argument that the caller leaves out, or to Celery to fill in."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "..."


HOLE: Any = _Hole()


class Slot:
    """One parameter: `item` is for one value of it, `whole` for all that `*args` or `**kwargs` take."""

    def __init__(self, parameter: Parameter, annotation: Any) -> None:
        self.name = parameter.name
        self.kind: ParameterKind = KINDS[parameter.kind]
        self.default: Any = HOLE if parameter.default is Parameter.empty else parameter.default
        bare, secret = without_secret(annotation)
        self.item = Codec(bare, secret=secret)

    @property
    def secret(self) -> bool:
        """Whether its values stay out of what is printed: it is marked so, or holds secrets of pydantic's."""
        return self.item.holds_secrets

    @cached_property
    def whole(self) -> Codec:
        """For what the generated function binds to this parameter."""
        if self.kind == "var-positional":
            return Codec(GenericAlias(tuple, (self.item.annotation, ...)))
        if self.kind == "var-keyword":
            return Codec(GenericAlias(dict, (str, self.item.annotation)))
        return self.item

    @property
    def core(self) -> dict[str, Any] | None:
        """The pydantic-core schema of what is bound to it, where its type is plain."""
        if self.kind == "var-positional" and self.item.core:
            return {"type": "tuple", "items_schema": [self.item.core], "variadic_item_index": 0}
        return self.whole.core


def read_slots(function: Callable[..., Any], signature: Signature) -> tuple[tuple[Slot, ...], Codec]:
    """Return the slots of `function` and the codec of its result; a DeclarationError for a wrong type."""
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception as error:  # whatever evaluating the user's annotations raises
        raise DeclarationError(
            f"its annotations cannot be read: {error}",
            where=place_of(function),
            do="Import the types that they name at run time, not under TYPE_CHECKING.",
        ) from None
    for name, parameter in signature.parameters.items():
        if parameter.kind is Parameter.VAR_KEYWORD and get_origin(hints.get(name)) is Unpack:
            raise DeclarationError(
                f"the keys of **{name}: Unpack[...] are not read as parameters",
                where=place_of(function),
                do="Write the keys of the TypedDict as keyword-only parameters, behind a `*`.",
            )
    slots = tuple(Slot(parameter, hints.get(name, Any)) for name, parameter in signature.parameters.items())
    return slots, Codec(hints.get("return", Any))


def compile_bind(name: str, slots: Sequence[Slot], *, partial: bool) -> Callable[..., tuple[Any, ...]]:
    """Return a function that takes a call of `slots` and returns the bound values in the slots' order.

    Its TypeErrors are Python's own for a function called `name`. Where `partial`, every parameter
    may be left out, and what is left out is a HOLE.
    """
    parts: list[str] = []
    namespace: dict[str, Any] = {"_hole": HOLE}
    previous = ""
    for index, slot in enumerate(slots):
        if previous == "positional-only" and slot.kind != "positional-only":
            parts.append("/")
        if slot.kind == "keyword-only" and previous not in ("keyword-only", "var-positional"):
            parts.append("*")
        previous = slot.kind
        if slot.kind in ("var-positional", "var-keyword"):
            parts.append(f"{'*' if slot.kind == 'var-positional' else '**'}{slot.name}")
        elif partial or slot.default is not HOLE:
            namespace[f"_default{index}"] = HOLE if partial else slot.default
            parts.append(f"{slot.name}=_default{index}")
        else:
            parts.append(slot.name)
    if previous == "positional-only":
        parts.append("/")
    values = "".join(f"{slot.name}, " for slot in slots)
    # The names are those of a function that Python has compiled already: nothing foreign runs here.
    exec(f"def {name}({', '.join(parts)}): return ({values})", namespace)  # noqa: S102
    bind: Callable[..., tuple[Any, ...]] = namespace[name]
    return bind
