"""Reading one interaction of a Pact V4 file, of `Synchronous/Messages`.

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

from typing import TYPE_CHECKING, NoReturn

from taskcontract.errors import DeclarationError
from taskcontract.model.contract import ANYTHING, Interaction, MatchRule, ProviderState
from taskcontract.model.matchers import OURS
from taskcontract.model.pact_calls import is_json, read_arguments, read_body
from taskcontract.model.pact_rules import OWN, read_generators, read_own_rules, read_rules
from taskcontract.model.reading import Node
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.pact_calls import CallContents

__all__ = [
    "INTERACTION_TYPE",
    "LONGEST_TIMEOUT",
    "ONE_WAY_TYPE",
    "PACT_VERSION",
    "RECORD_AGAIN",
    "fail_at",
    "read_interaction",
]

PACT_VERSION = "4.0"
INTERACTION_TYPE = "Synchronous/Messages"
LONGEST_TIMEOUT = 86_400
"""Seconds that a consumer may wait for an outcome."""
ONE_WAY_TYPE = "Asynchronous/Messages"
INTERACTION_TYPES = (INTERACTION_TYPE, ONE_WAY_TYPE)
TRANSPORTS = frozenset({"message", "sync-message", "async-message"})
RECORD_AGAIN = "Record it again with the consumer's contract tests, or restore it from version control."


def read_interaction(node: Node) -> Interaction:
    """Return one interaction of a contract; raise a SpecError says what is wrong with it."""
    kind = node["type"]
    if kind.text() not in INTERACTION_TYPES:
        fail_at(kind, f"this interaction is of the type {kind.value!r}, not {INTERACTION_TYPE!r}")
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
        fail_at(responses[1], "a task has one result, and here is a second response")
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


def fail_at(node: Node, what: str) -> NoReturn:
    """Raise the SpecError that says what is wrong at `node`, and what is read here."""
    advice = f"{RECORD_AGAIN[:1].lower()}{RECORD_AGAIN[1:]}"
    node.fail(what, do=f"taskcontract reads Pact {PACT_VERSION} files of {INTERACTION_TYPE}: {advice}")
