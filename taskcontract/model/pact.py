"""Reading the contract file: a Pact V4 file of `Synchronous/Messages` as a Contract.

The layout is that of the Pact specification, version 4.0: `request.contents` holds
`{"args": [...], "kwargs": {...}}`, `request.metadata` the task's name on the wire, its version, queue
and serializer, and the headers that carry something, and the one `response` the example with its matching
rules (none where the consumer does not look at the result). Where a declared error is to come,
`response.metadata.error` is its name, and the contents are its fields. `comments.testname` is the
consumer's test, and `comments.secrets` names the secret parameters whose values are made up.
`request.metadata.timeout` is how many seconds the consumer would wait, and `pending` says that it asks for
what need not be there yet.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

from taskcontract.errors import ContractError, DeclarationError, SpecError
from taskcontract.model.canonical import Json, parse_json
from taskcontract.model.contract import ANYTHING, Contract, Interaction, MatchRule, ProviderState
from taskcontract.model.files import read_json_file
from taskcontract.model.matchers import find_rule_fault
from taskcontract.model.reading import Node
from taskcontract.model.rule_path import parse_rule_path
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "INTERACTION_TYPE",
    "LONGEST_TIMEOUT",
    "PACT_VERSION",
    "as_contract_error",
    "load_contract",
    "parse_contract",
    "read_contract",
    "read_interaction",
    "read_parties",
]

PACT_VERSION = "4.0"
INTERACTION_TYPE = "Synchronous/Messages"
LONGEST_TIMEOUT = 86_400
"""Seconds that a consumer may wait for an outcome."""
RECORD_AGAIN = "Record it again with the consumer's contract tests, or restore it from version control."


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
        interactions = tuple(read_interaction(node) for node in root["interactions"].items())
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
    if kind.text() != INTERACTION_TYPE:
        _fail(kind, f"this interaction is of the type {kind.value!r}, not {INTERACTION_TYPE!r}")
    request = node["request"]
    arguments, metadata = request["contents"], request["metadata"]
    content = _read_content(arguments)
    result, rules, error = _read_response(node["response"])
    queue = metadata.get("queue")
    pending = node.get("pending")
    comments = _read_comments(node)
    return Interaction(
        description=node["description"].text(),
        wire_name=metadata["task"].text(),
        version=_read_version(metadata["version"]),
        args=tuple(item.value for item in content["args"].items()),
        kwargs=content["kwargs"].object(),
        result=result,
        error=error,
        rules=rules,
        states=tuple(map(_read_state, states.items())) if (states := node.get("providerStates")) else (),
        queue=queue.text() if queue else None,
        serializer=serializer.text() if (serializer := metadata.get("serializer")) else "json",
        test=test if isinstance(test := comments.get("testname"), str) else "",
        headers=headers.object() if (headers := metadata.get("headers")) else {},
        secrets=tuple(name for name in names if isinstance(name, str))
        if isinstance(names := comments.get("secrets"), list)
        else (),
        timeout=_read_timeout(timeout) if (timeout := metadata.get("timeout")) else None,
        pending=bool(pending and pending.value is True),
    )


def _read_timeout(node: Node) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_TIMEOUT:
        node.fail(f"this is not a number of seconds, more than 0 and at most {LONGEST_TIMEOUT}")
    return float(value)


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
    contents = responses[0].get("contents")  # Pact's own writers leave out the contents that are null
    rules = responses[0].get("matchingRules")
    metadata = responses[0].get("metadata")
    error = metadata.get("error") if metadata else None
    return (
        _read_content(contents).value if contents else None,
        tuple(_read_rules(rules)) if rules else (),
        error.text() if error else None,
    )


def _read_content(contents: Node) -> Node:
    encoded = contents.object().get("encoded", False)
    if encoded is not False:
        _fail(contents, f"these contents are encoded ({encoded!r}); tasks send and return plain JSON")
    return contents["content"]


def _read_rules(categories: Node) -> Iterator[MatchRule]:
    for category, rules in categories.object().items():
        if category != "body" and rules:
            _fail(categories, f"rules for {category!r} are not known: a result has a body alone")
    body = categories.get("body")
    for path, value in sorted(body.object().items()) if body else ():
        entry = Node(value, file=categories.file, path=f"{categories.path}.body[{path!r}]")
        try:
            parse_rule_path(path)
        except ContractError as error:
            entry.fail(error.what, do=error.do)
        combine = entry.get("combine")
        logic: Any = combine.text(among=frozenset({"AND", "OR"})) if combine else "AND"
        for matcher in entry["matchers"].items():
            match = matcher.get("match")
            parameters = {name: value for name, value in matcher.object().items() if name != "match"}
            rule = MatchRule(path, match.text() if match else "type", parameters, logic)
            fault = find_rule_fault(rule)
            if fault is not None:
                matcher.fail(fault)
            yield rule


def _read_state(node: Node) -> ProviderState:
    params = node.get("params")
    return ProviderState(node["name"].text(), params.object() if params else {})


def _read_version(node: Node) -> str:
    try:
        parse_version(node.text())
    except DeclarationError as error:
        node.fail(error.what)
    return node.text()


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
