"""Reading the contract file: a Pact V4 file of `Synchronous/Messages` as a Contract.

The layout is that of the Pact specification, version 4.0: `request.contents` holds
`{"args": [...], "kwargs": {...}}`, `request.metadata` the task's name on the wire, its version, queue
and serializer, and the headers that carry something, and the one `response` the example with its matching
rules (none where the consumer does not look at the result). Where a declared error is to come,
`response.metadata.error` is its name, and the contents are its fields. `comments.testname` is the
consumer's test, `comments.secrets` names the secret parameters whose values are made up, and
`comments.taskcontract` is what Pact has no form for. `request.metadata.timeout` is how many seconds the
consumer would wait, and `pending` says that it asks for what need not be there yet. An interaction of
`Asynchronous/Messages` is a call whose result nobody awaits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

from taskcontract.errors import ContractError, DeclarationError, SpecError
from taskcontract.model.canonical import parse_json
from taskcontract.model.contract import ANYTHING, Contract, Interaction, MatchRule, ProviderState
from taskcontract.model.files import read_json_file
from taskcontract.model.matchers import OURS
from taskcontract.model.pact_calls import is_json, read_arguments, read_body
from taskcontract.model.pact_rules import OWN, read_generators, read_own_rules, read_rules
from taskcontract.model.reading import Node
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from taskcontract.model.canonical import Json
    from taskcontract.model.pact_calls import CallContents

__all__ = [
    "INTERACTION_TYPE",
    "LONGEST_TIMEOUT",
    "ONE_WAY_TYPE",
    "PACT_VERSION",
    "as_contract_error",
    "load_contract",
    "parse_contract",
    "read_contract",
    "read_interaction",
    "read_parties",
    "tell_apart",
]

PACT_VERSION = "4.0"
INTERACTION_TYPE = "Synchronous/Messages"
LONGEST_TIMEOUT = 86_400
"""Seconds that a consumer may wait for an outcome."""
ONE_WAY_TYPE = "Asynchronous/Messages"
INTERACTION_TYPES = (INTERACTION_TYPE, ONE_WAY_TYPE)
TRANSPORTS = frozenset({"message", "sync-message", "async-message"})
RECORD_AGAIN = "Record it again with the consumer's contract tests, or restore it from version control."


class Described(Protocol):
    """An interaction, readable or not."""

    @property
    def description(self) -> str: ...


T = TypeVar("T", bound=Described)


def load_contract(path: Path | str) -> Contract:
    """Return the contract in the file `path`; ContractErrors name the file, the JSON path and what to do."""
    try:
        return read_contract(read_json_file(path), file=str(path))
    except SpecError as error:
        raise as_contract_error(error) from None


def parse_contract(text: str, *, file: str) -> Contract:
    """Return the contract that `text`, which came from `file`, spells; the errors of `load_contract`."""
    try:
        return read_contract(parse_json(text, where=file), file=file)
    except SpecError as error:
        raise as_contract_error(error) from None


def read_contract(value: Json, *, file: str) -> Contract:
    """Return the contract that the JSON `value`, read from `file`, spells; the errors of `load_contract`."""
    try:
        root = Node(value, file=file)
        consumer, provider = read_parties(root)
        interactions = tell_apart(read_interaction(node) for node in root["interactions"].items())
        _refuse_doubles(root, interactions)
        return Contract(
            consumer=consumer,
            provider=provider,
            interactions=tuple(sorted(interactions, key=lambda interaction: interaction.description)),
        )
    except SpecError as error:
        raise as_contract_error(error) from None


def _check_version(root: Node) -> None:
    value = root.value
    if not isinstance(value, dict) or not {"consumer", "provider"} <= value.keys():
        _fail(root, "this is not a Pact file: it names no consumer and no provider")
    metadata = root.get("metadata")
    specification = metadata.get("pactSpecification") if metadata else None
    version = specification.object().get("version") if specification else None
    if not str(version).startswith("4"):
        said = f"follows version {version}" if version else "does not say that it follows version 4"
        _fail(specification or root, f"this file {said} of the Pact specification")


def read_parties(root: Node) -> tuple[str, str]:
    """Return the names of the consumer and the provider; raise a SpecError unless `root` is a Pact 4 file."""
    _check_version(root)
    return root["consumer"]["name"].text(), root["provider"]["name"].text()


def read_interaction(node: Node) -> Interaction:
    """Return one interaction of a contract; raise a SpecError says what is wrong with it."""
    kind = node["type"]
    if kind.text() not in INTERACTION_TYPES:
        _fail(kind, f"this interaction is of the type {kind.value!r}, not {INTERACTION_TYPE!r}")
    _refuse_plugins(node)
    one_way = kind.value == ONE_WAY_TYPE
    request = node if one_way else node["request"]
    call = read_arguments(request)
    metadata = request.get("metadata") or Node({}, file=node.file, path=f"{request.path}.metadata")
    queue, version, pending = metadata.get("queue"), metadata.get("version"), node.get("pending")
    comments = _read_comments(node)
    own = Node(comments.get(OWN) or {}, file=node.file, path=f"{node.path}.comments.{OWN}")
    result, rules, error = (None, (ANYTHING,), None) if one_way else _read_response(node["response"])
    call_rules, made = request.get("matchingRules"), request.get("generators")
    return Interaction(
        description=node["description"].text(),
        wire_name=_read_task(metadata, call),
        version=_read_version(version) if version else "",
        args=call.args,
        kwargs=call.kwargs,
        result=result,
        error=error,
        rules=tuple(sorted((*rules, *read_own_rules(own)), key=_in_order)),
        states=tuple(map(_read_state, states.items())) if (states := node.get("providerStates")) else (),
        queue=queue.text() if queue else None,
        serializer=serializer.text() if (serializer := metadata.get("serializer")) else "json",
        test=test if isinstance(test := comments.get("testname"), str) else "",
        headers=headers.object() if (headers := metadata.get("headers")) else {},
        secrets=tuple(name for name in names if isinstance(name, str))
        if isinstance(names := comments.get("secrets"), list)
        else (),
        generators=tuple(read_generators(made, call.place)) if made else (),
        call_rules=tuple(read_rules(call_rules, call.place)) if call_rules else (),
        strict=strict.flag() if (strict := own.get("strict")) else False,
        one_way=one_way,
        timeout=_read_timeout(timeout) if (timeout := metadata.get("timeout")) else None,
        pending=bool(pending and pending.value is True),
    )


def _read_timeout(node: Node) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_TIMEOUT:
        node.fail(f"this is not a number of seconds, more than 0 and at most {LONGEST_TIMEOUT}")
    return float(value)


def _in_order(rule: MatchRule) -> tuple[str, bool]:
    return rule.path, rule.match in OURS


def _read_task(metadata: Node, call: CallContents) -> str:
    task = metadata.get("task")
    if task is None and call.task is None:
        metadata.fail(
            "this interaction does not say which task it calls",
            do='Name it in the metadata of the request: {"task": "pusher.send_to_s3"}.',
        )
    return task.text() if task is not None else str(call.task)


def _refuse_plugins(node: Node) -> None:
    if node.get("pluginConfiguration"):
        node.fail("this interaction needs a plugin of Pact's, and there are none here")
    transport = node.get("transport")
    if transport is not None and transport.value not in TRANSPORTS:
        transport.fail(f"the transport {transport.value!r} is not known: a task is called by a message")


def _read_comments(node: Node) -> dict[str, Json]:
    """Return what tools say beside the interaction; whatever they like."""
    comments = node.get("comments")
    return comments.value if comments and isinstance(comments.value, dict) else {}


def _read_response(node: Node) -> tuple[Json, tuple[MatchRule, ...], str | None]:
    responses = list(node.items())
    if not responses:
        return None, (ANYTHING,), None
    if len(responses) > 1:
        _fail(responses[1], "a task has one result, and here is a second response")
    response = responses[0]
    error = _read_error(response)
    body = read_body(response)
    made = response.get("generators")
    if made:  # they are for the consumer's test, but have to be known
        tuple(read_generators(made))
    if not body.present:
        return None, (ANYTHING,), error
    if body.value is None:  # whatever the rules say
        return None, (), error
    rules = response.get("matchingRules")
    return body.value, tuple(read_rules(rules)) if rules else (), error


def _read_error(response: Node) -> str | None:
    """Return the error that the metadata name; whatever else they ask for, no result has."""
    metadata = response.get("metadata")
    if metadata is None:
        return None
    for name, value in metadata.object().items():
        if name == "error":
            continue
        if name.lower() not in ("contenttype", "content-type") or not is_json(value):
            metadata.fail(f"a result has no metadata, and {name!r} is expected here")
    error = metadata.get("error")
    return error.text() if error else None


def _read_state(node: Node) -> ProviderState:
    params = node.get("params")
    return ProviderState(node["name"].text(), params.object() if params else {})


def _read_version(node: Node) -> str:
    try:
        parse_version(node.text())
    except DeclarationError as error:
        node.fail(error.what)
    return node.text()


def tell_apart(interactions: Iterable[T]) -> tuple[T, ...]:
    """Return the interactions with their states in the descriptions that several have, as Pact allows."""
    known = tuple(interactions)
    counts = Counter(each.description for each in known)
    return tuple(
        replace(
            each, description=f"{each.description}, given {' and '.join(state.name for state in each.states)}"
        )
        if isinstance(each, Interaction) and counts[each.description] > 1 and each.states
        else each
        for each in known
    )


def _refuse_doubles(root: Node, interactions: tuple[Interaction, ...]) -> None:
    counts = Counter(interaction.description for interaction in interactions)
    for description, times in counts.items():
        if times > 1:
            root["interactions"].fail(f"{times} interactions have the description {description!r}")


def _fail(node: Node, what: str) -> NoReturn:
    node.fail(
        what,
        do=f"taskcontract reads Pact {PACT_VERSION} files of {INTERACTION_TYPE}: {_lowered(RECORD_AGAIN)}",
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def as_contract_error(error: SpecError) -> ContractError:
    """Return what is wrong with a file, as a fault of a contract."""
    return ContractError(error.what, where=error.where, do=error.do or RECORD_AGAIN)
