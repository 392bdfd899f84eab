"""What decides which calls a signature takes: names, kinds and which must be sent; nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import inspect
    from collections.abc import Iterable

    from taskcontract.model.service import ParameterKind


class ParameterFacts(Protocol):
    """The three facts about a parameter that a call's fate depends on; `ParameterSpec` has them."""

    @property
    def name(self) -> str:
        """The parameter's name, without asterisks."""
        ...

    @property
    def kind(self) -> ParameterKind:
        """How arguments reach the parameter."""
        ...

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        ...


class Shape(NamedTuple):
    """A signature reduced to what binding looks at: parameters by kind, in their order."""

    positional_only: tuple[str, ...] = ()
    positional_or_keyword: tuple[str, ...] = ()
    keyword_only: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    var_positional: str | None = None
    var_keyword: str | None = None

    @property
    def positional(self) -> tuple[str, ...]:
        """All that a positional argument can reach by its place, before `*args`."""
        return self.positional_only + self.positional_or_keyword


def shape_of(parameters: Iterable[ParameterFacts], *, bound: bool = False) -> Shape:
    """Return the shape of a signature given by its parameters, in order.

    `bound` drops the first positional parameter: the task itself, which `bind=True` sends, not the caller.
    A leading `*args` takes the task among its values and stays.
    """
    names: dict[ParameterKind, list[str]] = {
        "positional-only": [],
        "positional-or-keyword": [],
        "var-positional": [],
        "keyword-only": [],
        "var-keyword": [],
    }
    required: list[str] = []
    for parameter in _sent_parameters(parameters, bound):
        names[parameter.kind].append(parameter.name)
        if parameter.required:
            required.append(parameter.name)
    return _shape(list(names.values()), required)


def shape_of_signature(signature: inspect.Signature) -> Shape:
    """Return the shape of an `inspect.Signature`; annotations and the values of defaults do not matter."""
    names: list[list[str]] = [[], [], [], [], []]
    required: list[str] = []
    for parameter in signature.parameters.values():
        kind = parameter.kind
        names[kind].append(parameter.name)
        if parameter.default is parameter.empty and kind not in (kind.VAR_POSITIONAL, kind.VAR_KEYWORD):
            required.append(parameter.name)
    return _shape(names, required)


def signature_of(parameters: Iterable[ParameterFacts], *, bound: bool = False) -> inspect.Signature:
    """Return the `inspect.Signature` of these parameters, so that Python's own binder can judge a call.

    Optional parameters get the default `None`. `bound` is as for `shape_of`.
    """
    from inspect import Parameter, Signature

    kinds = {
        "positional-only": Parameter.POSITIONAL_ONLY,
        "positional-or-keyword": Parameter.POSITIONAL_OR_KEYWORD,
        "var-positional": Parameter.VAR_POSITIONAL,
        "keyword-only": Parameter.KEYWORD_ONLY,
        "var-keyword": Parameter.VAR_KEYWORD,
    }

    def build(parameter: ParameterFacts) -> Parameter:
        bare = parameter.required or parameter.kind in ("var-positional", "var-keyword")
        return Parameter(parameter.name, kinds[parameter.kind], default=Parameter.empty if bare else None)

    return Signature([build(parameter) for parameter in _sent_parameters(parameters, bound)])


def _shape(names: list[list[str]], required: list[str]) -> Shape:
    """Return the shape made of the names of the five kinds of parameter, in the order of Python's syntax."""
    only, flexible, rest, keyword_only, extra = names
    return Shape(
        tuple(only),
        tuple(flexible),
        tuple(keyword_only),
        frozenset(required),
        rest[0] if rest else None,
        extra[0] if extra else None,
    )


def _sent_parameters(parameters: Iterable[ParameterFacts], bound: bool) -> Iterable[ParameterFacts]:
    """Return the parameters that a caller's arguments can reach; with `bound`, all but the task itself."""
    listed = list(parameters)
    takes_self = bound and listed and listed[0].kind in ("positional-only", "positional-or-keyword")
    return listed[1:] if takes_self else listed
