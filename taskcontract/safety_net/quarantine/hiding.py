"""What of a message may be shown: secret values are hidden, wherever in it they stand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from taskcontract.brokers.bodies import UNREADABLE, read_body
from taskcontract.declare.describe import HIDDEN, describe_value
from taskcontract.model.nesting import is_too_deep
from taskcontract.safety_net.quarantine.secret_parameters import SecretsOfServices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.declare.service import Service
    from taskcontract.safety_net.quarantine.kept import Kept

__all__ = ["hide_in_call", "hide_secrets"]

LEAST_TEXT = 4
"""Characters of a hidden text from which on it is looked for elsewhere too: `1` stands everywhere."""


def hide_secrets(kept: Iterable[Kept], services: Iterable[Service]) -> list[Kept]:
    """Return the `kept` messages as they may be shown (not replayed), judged by the bindings of `services`.

    Hidden are the secret arguments of declared tasks, also in the canvas behind a call, and what the
    bindings do not know of: a task or argument of another release. A body that cannot be read is hidden
    whole where it may have secrets. Messages of tasks of other services are left unchanged.
    """
    known = SecretsOfServices(services)
    return [_hide(each, known) for each in kept]


def hide_in_call(
    name: str, args: Any, kwargs: Any, known: SecretsOfServices, *, shifts: bool = False
) -> tuple[Any, Any] | None:
    """Return the arguments of a call of `name` without secrets, its canvas's too; None where it has none.

    `shifts` says that a parent's result may come in front of them. What is too deep is hidden whole.
    """
    if not known.has_any:
        return None
    if is_too_deep([args, kwargs]):
        return [HIDDEN], {}
    search = _Search(known)
    shown = search.look_at_call({"task": name, "args": args, "kwargs": kwargs}, shifts=shifts)
    return (shown["args"], shown["kwargs"]) if search.hidden else None


def _hide(kept: Kept, known: SecretsOfServices) -> Kept:
    secrets = known.find(kept.task)
    body = read_body(kept.body, kept.headers, kept.content_type, kept.content_encoding)
    if body is UNREADABLE or is_too_deep(body) or (secrets is not None and not _is_call(body)):
        may_have = known.has_any if not kept.task else secrets is not None and secrets.has_any
        hidden = {name: HIDDEN for name in ("argsrepr", "kwargsrepr") if name in kept.headers}
        return replace(kept, body=HIDDEN.encode(), headers=kept.headers | hidden) if may_have else kept
    search = _Search(known)
    shown, texts = search.look_at_message(kept.task, body)
    if not search.hidden:
        return kept
    headers = kept.headers | {name: text for name, text in texts.items() if name in kept.headers}
    note = replace(kept.note, explanation=search.clean(kept.note.explanation), do=search.clean(kept.note.do))
    text = json.dumps(search.clean(shown), default=str)
    return replace(kept, note=note, headers=search.clean(headers), body=text.encode())


class _Search:
    """What is found of secrets in one message."""

    def __init__(self, known: SecretsOfServices) -> None:
        self._known = known
        self.hidden: list[Any] = []

    def look_at_message(self, name: str, body: Any) -> tuple[Any, dict[str, str]]:
        """Return the `body` of a message of the task `name` without secrets, and strings for its headers."""
        if isinstance(body, dict):  # protocol 1
            shown = self.look_at_call({**body, "task": name}, shifts=False)
            return shown, _spell(shown)
        if _is_call(body):
            call = {"task": name, "args": body[0], "kwargs": body[1]}
            shown = self.look_at_call(call, shifts=False)
            return [shown["args"], shown["kwargs"], self._look_at(body[2])], _spell(shown)
        return self._look_at(body), {}

    def clean(self, value: Any) -> Any:
        """Return `value` without the texts that were hidden elsewhere."""
        if isinstance(value, str):
            for text in sorted(set(_texts(self.hidden)), key=len, reverse=True):
                value = value.replace(text, HIDDEN)
            return value
        if isinstance(value, dict):
            return {self.clean(key): self.clean(item) for key, item in value.items()}
        return [self.clean(item) for item in value] if isinstance(value, (list, tuple)) else value

    def _look_at(self, value: Any) -> Any:
        """Return `value` without the secrets of the signatures in it, which follow a call or run with it."""
        if isinstance(value, (list, tuple)):
            return [self._look_at(item) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("task"), str) and value.keys() & {"args", "kwargs"}:
            return self.look_at_call(value, shifts=not value.get("immutable"))
        if isinstance(value.get("task"), dict) and isinstance(value.get("it"), (list, tuple)):
            return self._look_at_map(value)
        return {key: self._look_at(item) for key, item in value.items()}

    def _look_at_map(self, value: dict[Any, Any]) -> dict[Any, Any]:
        """Return the keywords of Celery's maps and chunks: the arguments of each call stand in `it`."""
        secrets = self._known.find(str(value["task"].get("task")))
        hides = secrets is not None and secrets.has_any
        return {
            key: [self._show(each, hides) for each in item] if key == "it" else self._look_at(item)
            for key, item in value.items()
        }

    def look_at_call(self, call: dict[Any, Any], *, shifts: bool) -> dict[Any, Any]:
        """Return `shifts` says that a parent's result may come in front of the arguments."""
        secrets = self._known.find(call["task"])
        shown: dict[Any, Any] = {}
        for key, value in call.items():
            if secrets is not None and key == "args" and isinstance(value, (list, tuple)):
                hides = [secrets.hides_index(index, shifts=shifts) for index in range(len(value))]
                shown[key] = [self._show(*pair) for pair in zip(value, hides, strict=True)]
            elif secrets is not None and key == "kwargs" and isinstance(value, dict):
                shown[key] = {
                    name: self._show(item, secrets.hides_name(name)) for name, item in value.items()
                }
            elif secrets is not None and key in ("args", "kwargs"):
                shown[key] = self._show(value, bool(value) and secrets.has_any)
            else:
                shown[key] = self._look_at(value)
        return shown

    def _show(self, value: Any, hides: bool) -> Any:
        if not hides:
            return self._look_at(value)
        self.hidden.append(value)
        return HIDDEN


def _is_call(body: Any) -> bool:
    return isinstance(body, dict) or (isinstance(body, (list, tuple)) and len(body) == 3)


def _spell(call: dict[Any, Any]) -> dict[str, str]:
    """Return what Celery's headers say of a call, of the arguments that may be shown."""
    args, kwargs = call.get("args"), call.get("kwargs")
    texts = {}
    if isinstance(args, list):
        shown = [_describe(value) for value in args]
        texts["argsrepr"] = f"({shown[0]},)" if len(shown) == 1 else f"({', '.join(shown)})"
    if isinstance(kwargs, dict):
        members = (f"{name!r}: {_describe(value)}" for name, value in kwargs.items())
        texts["kwargsrepr"] = "{" + ", ".join(members) + "}"
    return texts


def _describe(value: Any) -> str:
    return HIDDEN if value == HIDDEN else describe_value(value)


def _texts(value: Any) -> Iterator[str]:
    """Yield each text in a hidden value, as it may stand elsewhere."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif not isinstance(value, (bool, type(None))):
        text = str(value)
        for form in (text, repr(text)[1:-1], json.dumps(text)[1:-1]):
            if len(form) >= LEAST_TEXT:
                yield form
