"""Secret values of a recorded call: a contract has made-up ones of the same type in their place.

What the code under test sends as a secret may be a real one, read from the environment. The contract goes
into version control and to the provider, who only needs a call that the worker takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.examples import find_taken
from taskcontract.declare.header import HEADER
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.declare import Task
    from taskcontract.model.canonical import Json
    from taskcontract.verification.recording.outgoing import Arguments

__all__ = ["Secrets", "WithoutSecrets"]

FIRST = "made-up"
"""What replaces a secret string of any form."""


@dataclass(frozen=True, slots=True)
class WithoutSecrets:
    """The arguments and headers of one call for the contract, and the `names` of what was replaced."""

    args: tuple[Json, ...]
    kwargs: dict[str, Json]
    headers: dict[str, Json]
    names: tuple[str, ...]


class Secrets:
    """The secret parameters of `task`, and those that its calls carry, with the values that replace them.

    `given` are the test's own, by name; a ContractError names one that is not a secret of the task.
    """

    def __init__(self, task: Task[..., Any], given: Mapping[str, Any]) -> None:
        self._task = task
        slots = task.binder.slots
        self._carried = {each.key: each for each in task.service.carries if each.codec.holds_secrets}
        self._codecs = {slot.name: slot.item for slot in slots if slot.secret}
        self._codecs |= {each.name: each.codec for each in self._carried.values()}
        self._places = [slot.name for slot in slots if slot.kind.startswith("positional")]
        rest = {slot.kind: slot.name for slot in slots}
        self._more, self._extra = rest.get("var-positional", ""), rest.get("var-keyword", "")
        self._named = {slot.name for slot in slots if not slot.kind.startswith("var-")}
        self._values: dict[str, Json] = {name: self._encode(name, value) for name, value in given.items()}

    def replace(self, arguments: Arguments, headers: Mapping[str, Json]) -> WithoutSecrets:
        """Return the plain `arguments` and the carrying `headers` of a checked call without their secrets."""
        call = _Call(self)
        places = self._places
        args = tuple(
            call.put(places[index] if index < len(places) else self._more, value)
            for index, value in enumerate(arguments.plain_args)
        )
        kwargs = {
            key: call.put(self._name_of_keyword(key), value) for key, value in arguments.plain_kwargs.items()
        }
        return WithoutSecrets(args, kwargs, self._in_headers(headers, call), tuple(sorted(call.names)))

    def knows(self, name: str) -> bool:
        """Return whether a parameter, or what is carried, is secret."""
        return name in self._codecs

    def value_for(self, name: str) -> Json:
        """Return the value that replaces the secret `name`: the same at each recording."""
        if name not in self._values:
            self._values[name] = self._make_up(name)
        return self._values[name]

    def _name_of_keyword(self, key: str) -> str:
        carried = self._carried.get(key)
        if carried is not None and carried.place == "keyword":
            return carried.name
        return key if key in self._named else self._extra

    def _in_headers(self, headers: Mapping[str, Json], call: _Call) -> dict[str, Json]:
        ours = headers.get(HEADER)
        shown = {
            key: call.put(self._carried[key].name, value)
            if key in self._carried and self._carried[key].place == "header"
            else value
            for key, value in headers.items()
        }
        if isinstance(ours, dict):
            own = {each.key for each in self._carried.values() if each.place == "taskcontract"}
            carried = {
                key: call.put(key, value) if key in own else value
                for key, value in ours.get("carried", {}).items()
            }
            shown[HEADER] = {**ours, "carried": carried}
        return shown

    def _encode(self, name: str, value: Any) -> Json:
        task, codec = self._task, self._codecs.get(name)
        if codec is None:
            known = ", ".join(sorted(self._codecs)) or "none"
            raise ContractError(
                f"secrets= names {name!r}, which is not a secret parameter of {task.id}",
                do=f"Its secret parameters: {known}.",
            )
        try:
            return codec.encode(codec.check(value))
        except (ValidationError, PydanticSerializationError):
            raise ContractError(
                f"what stands for the secret {name!r} of {task.id} is not {spell_type(codec.annotation)}",
                do="Give a made-up value of its declared type.",
            ) from None

    def _make_up(self, name: str) -> Json:
        codec = self._codecs[name]
        for value in find_taken(codec, (FIRST,)):
            if value is not None:
                return value
        raise ContractError(
            f"the secret {name!r} of {self._task.id} cannot stand in a contract, and no value of "
            f"{spell_type(codec.annotation)} is found that could stand for it",
            do=f"Say one: .expect(..., secrets={{{name!r}: ...}}).",
        )


@dataclass(slots=True)
class _Call:
    """One call while its values are replaced."""

    secrets: Secrets
    names: set[str] = field(default_factory=set)

    def put(self, name: str, value: Json) -> Json:
        """Return what replaces `value` of the parameter `name`; the value itself if it is not secret."""
        if not self.secrets.knows(name) or value in (None, "", [], {}):
            return value
        self.names.add(name)
        return self.secrets.value_for(name)
