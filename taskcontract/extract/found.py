"""What is read from a project that declares no bindings: its tasks, where they stand, what stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.model.service import ParameterSpec, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.place import Place
    from taskcontract.model.service import ServiceSpec

__all__ = ["CallForm", "CallSite", "FoundProject", "Unresolved", "make_unknown", "say_unknown"]

CallForm = Literal["delay", "apply_async", "s", "si", "signature", "send_task", "beat", "route"]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A task, or what may be one, that cannot be known without running code; or a file that was not read.

    `what` says so in one clause: "the name is computed: make_name('sync')".
    """

    place: Place
    what: str


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place in the project that sends the task `task`, known by its registered name.

    `positional` is the number of positional arguments, `keywords` their names: None where a `*args` or
    `**kwargs` hides them. `options` are the names of the options that are given beside them.
    """

    task: str
    place: Place
    form: CallForm
    positional: int | None = 0
    keywords: tuple[str, ...] | None = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundProject:
    """The API of a project without bindings.

    The tasks of `spec` have no version, and their registered name as `name` and `wire_name`; `places` says
    where each is defined, by that name. `unresolved` lists what was seen and is not known, `calls` who sends.
    `unknown` names the tasks of `spec` whose signatures nobody knows: it has them take any call.
    """

    spec: ServiceSpec
    places: Mapping[str, Place]
    unresolved: tuple[Unresolved, ...] = ()
    calls: tuple[CallSite, ...] = ()
    unknown: frozenset[str] = frozenset()


ANY_CALL = (ParameterSpec("args", "var-positional"), ParameterSpec("kwargs", "var-keyword"))


def make_unknown(name: str, **facts: Any) -> TaskSpec:
    """Return the task `name` as one that takes any call, as its signature is not known."""
    return TaskSpec(name, "", name, ANY_CALL, enforced=False, **facts)


def say_unknown(name: str, place: Place) -> Unresolved:
    """Return what is listed for the task `name`, seen at `place`, whose signature is not known."""
    return Unresolved(place, f"the signature of {name} is not known")
