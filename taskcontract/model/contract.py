"""What one consumer expects of one provider, as plain data: Contract, Interaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["ANYTHING", "Contract", "Generator", "Interaction", "MatchRule", "ProviderState"]


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What must hold at the provider before a call: `given("a writable bucket", name="b")`."""

    name: str
    params: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatchRule:
    """How the values at `path` of a result may differ from the example.

    `path` is a Pact path (`$`, `$.url`, `$.items[*].id`); `match` the Pact matcher's name
    (`regex`, `type`, `integer`, ...); `parameters` what else that matcher takes (`{"regex": "s3://.+"}`).
    Of several rules with one path all must hold, or any where they say `combine="OR"`.
    """

    path: str
    match: str
    parameters: dict[str, Json] = field(default_factory=dict)
    combine: Literal["AND", "OR"] = "AND"


ANYTHING = MatchRule("$", "anything")
"""The only rule of an interaction whose consumer does not look at the result; in a file: no response."""


@dataclass(frozen=True, slots=True)
class Generator:
    """A value that is made anew for each replay of a call, in the place of the one at `path` (`$.args[0]`).

    `kind` is the name of Pact's generator (`Uuid`, `ProviderState`, ...), `parameters` what else it takes.
    """

    path: str
    kind: str
    parameters: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interaction:
    """One call of a task version and the outcome that the consumer relies on.

    `args` and `kwargs` are the message's, as the consumer's own code sent them. `result` is an
    example of what must come back, and `rules` say how an actual result may differ from it: what
    no rule speaks of must be equal. With `error`, the name of an error that the task declares, it must
    fail with that one, and `result` and `rules` are of its content: the fields by name, and `args`.
    `test` is the id of the consumer's test that recorded it. `headers` are those of the message in
    which the call carries something. `secrets` names the parameters whose values are made up, in the place
    of what was sent. `timeout` is how many seconds the consumer would wait for the outcome, and `pending`
    says that it asks for what the provider need not have yet. `generators` make arguments anew for each
    replay, and `call_rules` are what the consumer's test said of the arguments. A `strict` result has no
    members that the example has not. Of a `one_way` call, nobody awaits a result. Without a `version` any
    is meant.
    """

    description: str
    wire_name: str
    version: str
    args: tuple[Json, ...] = ()
    kwargs: dict[str, Json] = field(default_factory=dict)
    result: Json = None
    error: str | None = None
    rules: tuple[MatchRule, ...] = ()
    states: tuple[ProviderState, ...] = ()
    queue: str | None = None
    serializer: str = "json"
    test: str = ""
    headers: dict[str, Json] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    timeout: float | None = None
    pending: bool = False
    generators: tuple[Generator, ...] = ()
    call_rules: tuple[MatchRule, ...] = ()
    strict: bool = False
    one_way: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """All that `consumer` expects of `provider`; interactions in the order of their descriptions."""

    consumer: str
    provider: str
    interactions: tuple[Interaction, ...] = ()

    @property
    def file_name(self) -> str:
        """`service-a--pusher.json`."""
        return f"{self.consumer}--{self.provider}.json"
