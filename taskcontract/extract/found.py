"""What is read from a project that declares no bindings: its tasks, where they stand, what stays unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.model.service import ParameterSpec, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskcontract.model.place import Place
    from taskcontract.model.service import ServiceSpec

__all__ = [
    "CallForm",
    "CallSite",
    "DefaultFact",
    "Definition",
    "FoundProject",
    "Unresolved",
    "make_unknown",
    "say_unknown",
]

CallForm = Literal[
    "delay",
    "apply_async",
    "s",
    "si",
    "signature",
    "map",
    "starmap",
    "chunks",
    "send_task",
    "retry",
    "beat",
    "route",
]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A task, or what may be one, that cannot be known without running code; or a file that was not read.

    `what` says so in one clause: "the name is computed: make_name('sync')". `hides_name`: a task of any name
    may be there; else it is about one whose name is known.
    """

    place: Place
    what: str
    hides_name: bool = True


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place in the project that sends the task `task`, known by its registered name.

    `positional` is the number of positional arguments that stand there, `keywords` the names of the others.
    `more_positional` and `more_keywords` say that there may be more, from a `*args`, a `**kwargs` or a
    variable. `leading` values come before them: 1 where a parent's result is handed on, None where
    anything may (a signature that is sent elsewhere). `options` are the names of the options that stand
    beside them. `models` are arguments that are certainly instances of a database model: how each is
    written, and its class.
    """

    task: str
    place: Place
    form: CallForm
    positional: int = 0
    keywords: tuple[str, ...] = ()
    more_positional: bool = False
    more_keywords: bool = False
    leading: int | None = 0
    options: tuple[str, ...] = ()
    models: tuple[tuple[str, str], ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether all that the message will hold is known."""
        return self.leading is not None and not self.more_positional and not self.more_keywords

    def spell(self) -> str:
        """Return the call in short: `delay(_, _, user=_, ...)`; a beat entry and a route as these words."""
        given = ["_"] * self.positional + (["*..."] if self.more_positional else [])
        given += [f"{name}=_" for name in self.keywords] + (["**..."] if self.more_keywords else [])
        return f"{self.form}({', '.join(given)})" if self.form != "route" else "route"


@dataclass(frozen=True, slots=True)
class DefaultFact:
    """What is wrong with the default of a task's parameter, and how it is written.

    `mutated`: one list, dict or set for all runs of a worker, that the task changes. `frozen`: computed
    once, when the worker starts, and meant for each run (`date.today()`). `unsendable`: no sender could
    give its like.
    """

    parameter: str
    fault: Literal["mutated", "frozen", "unsendable"]
    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """How a task is written, where that is a decorated function.

    `bind` is None where it is not known. `first` is the first parameter that the function declares, "" if
    it takes none by position, and `first_is_data` says that its annotation or default is a value's.
    `options` are the names that stand in the decorator, and `knows_options` whether Celery's own are all
    that they may be. `own_sending` says that the task's class has, or may have, an `apply_async` or
    `delay` of its own. `is_conditional`: under an `if`, or in a `try`, so that another may stand for it.
    """

    task: str
    place: Place
    bind: bool | None = False
    first: str = ""
    first_is_data: bool = False
    takes_rest: bool = False
    options: tuple[str, ...] = ()
    knows_options: bool = True
    own_sending: bool = False
    is_conditional: bool = False
    defaults: tuple[DefaultFact, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundProject:
    """The API of a project without bindings.

    The tasks of `spec` have no version, and their registered name as `name` and `wire_name`; `places` says
    where each is defined, by that name. `unresolved` lists what was seen and is not known, `calls` who sends.
    `unknown` names the tasks of `spec` whose signatures are not known: it has them take any call.
    `definitions` are the decorated functions, more than one where they share a name, and `modules` the
    names of the modules that the tree holds. `find_calls` reads the calls later, where the tree is source:
    few who ask for tasks ask for these too. `root` is what stands in the names of files before their path in
    the tree: `shop-1.0/`.
    """

    spec: ServiceSpec
    places: Mapping[str, Place]
    unresolved: tuple[Unresolved, ...] = ()
    calls: tuple[CallSite, ...] = ()
    unknown: frozenset[str] = frozenset()
    definitions: tuple[Definition, ...] = ()
    modules: frozenset[str] = frozenset()
    find_calls: Callable[[], tuple[CallSite, ...]] | None = field(default=None, repr=False, compare=False)
    root: str = ""


ANY_CALL = (ParameterSpec("args", "var-positional"), ParameterSpec("kwargs", "var-keyword"))


def make_unknown(name: str, **facts: Any) -> TaskSpec:
    """Return the task `name` as one that takes any call, as its signature is not known."""
    return TaskSpec(name, "", name, ANY_CALL, enforced=False, **facts)


def say_unknown(name: str, place: Place) -> Unresolved:
    """Return what is listed for the task `name`, seen at `place`, whose signature is not known."""
    return Unresolved(place, f"the signature of {name} is not known")
