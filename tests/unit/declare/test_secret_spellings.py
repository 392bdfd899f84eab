# mypy: disable-error-code="empty-body"
"""A secret anywhere in a parameter's type: no output that is made of a call has its value."""

from __future__ import annotations

import json
import traceback
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, NewType, Optional, cast

import pydantic
import pytest
from celery import Celery, chain, chord, group
from typing_extensions import TypedDict

from taskcontract import Carried, Secret, Service
from taskcontract.declare.spec import spec_of_service
from taskcontract.errors import ArgumentValueError, DeclarationError, ResultValueError
from taskcontract.model.spec_file import dump_spec
from taskcontract.reporting.page import write_plain
from taskcontract.reporting.quarantine import render_kept, render_kept_json
from taskcontract.safety_net.envelope import Envelope
from taskcontract.safety_net.quarantine import Kept, Note, hide_secrets
from taskcontract.safety_net.shown_secrets import hide_in_headers

if TYPE_CHECKING:
    from taskcontract.declare.task import Task

MARKED = "hunter-2-marked"

Token = Annotated[str, Secret]
Renamed = NewType("Renamed", Token)  # pyright: ignore[reportGeneralTypeIssues]


@dataclass
class Login:
    user: str
    token: Annotated[str, Secret] = dataclass_field(default=MARKED)


@dataclass
class Deep:
    logins: list[Login]


class Model(pydantic.BaseModel):
    token: Token | None = MARKED
    next: Model | None = None


class Length(pydantic.BaseModel):
    token: Annotated[str, Secret, pydantic.Field(min_length=3), pydantic.AfterValidator(str)]


class Typed(TypedDict):
    token: Token


class Named(NamedTuple):
    token: Token


class Holder(pydantic.BaseModel):
    token: pydantic.SecretStr


SPELLINGS: dict[str, tuple[Any, Any, Any]] = {
    "marked": (Annotated[str, Secret], MARKED, [MARKED]),
    "or None": (Annotated[str, Secret] | None, MARKED, [MARKED]),  # pyright: ignore[reportOperatorIssue]
    "optional": (Optional[Annotated[str, Secret]], MARKED, [MARKED]),  # noqa: UP045 - people write it
    "all of an optional": (Annotated[str | None, Secret], MARKED, [MARKED]),
    "one of a union": (int | Annotated[str, Secret], MARKED, [MARKED]),
    "an alias": (list[Token], [MARKED], [[MARKED]]),
    "a new type": (Renamed, MARKED, [MARKED]),
    "items": (list[Annotated[str, Secret]], [MARKED], MARKED),
    "values": (dict[str, Annotated[str, Secret]], {"a": MARKED}, {"a": [MARKED]}),
    "keys": (dict[Annotated[str, Secret], int], {MARKED: 1}, {MARKED: "x"}),
    "members of a tuple": (tuple[int, Annotated[str, Secret]], (1, MARKED), (MARKED, MARKED)),
    "a dataclass": (Login, Login("a", MARKED), {"user": 1, "token": [MARKED]}),
    "a marked dataclass": (Annotated[Login, Secret] | None, Login("a", MARKED), [MARKED]),  # pyright: ignore[reportOperatorIssue]
    "a deep dataclass": (Deep, Deep([Login("a", MARKED)]), MARKED),
    "a model": (Model, Model(token=MARKED, next=Model(token=MARKED)), MARKED),
    "models": (list[Model] | None, [Model(token=MARKED)], [MARKED]),
    "with limits": (Length, Length(token=MARKED), MARKED),
    "a typed dict": (Typed, {"token": MARKED}, {"token": [MARKED]}),
    "a named tuple": (Named, Named(MARKED), MARKED),
    "pydantic's": (pydantic.SecretStr, pydantic.SecretStr(MARKED), [MARKED]),
    "pydantic's bytes": (pydantic.SecretBytes | None, pydantic.SecretBytes(MARKED.encode()), [MARKED]),
    "a model with pydantic's": (Holder, Holder(token=pydantic.SecretStr(MARKED)), MARKED),
}


def declare(annotation: Any) -> Task[..., Any]:
    service = Service("vault", queue="vault")
    service.use(Celery("vault", broker="memory://", set_as_current=False))

    def put(value, note=""): ...

    put.__annotations__ = {"value": annotation, "note": str, "return": annotation}
    return service.task(version="1.0.0")(put)


def say(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def shown(task: Task[..., Any], value: Any, wrong: Any) -> dict[str, str]:
    """Every text that is made of a call with `value`, and of a refusal of `wrong`."""
    args, kwargs = task.binder.encode_call((value,), {"note": "n"})
    sig = task.si(value)
    texts = {
        "argsrepr": str(task.s(value).options) + str(task.s(value=value).options) + str(sig.options),
        "call": repr(task.call(value)),
        "signatures": repr([sig, task.s(value), task.s(value=value), task.s(note="n").clone((value,))]),
        "chain": repr(chain(task.s(value), task.s(value), app=task.service.app)),
        "group": repr(group(task.s(value), task.s(value))),
        "chord": repr(chord([task.s(value)], task.s(value=value))),
        "maps": repr([task.map([value]), task.starmap([(value,)]), task.chunks([(value,)], 1)]),
        "parts": repr(task.chunks([(value,)], 1).group()),
        "spec": dump_spec(spec_of_service(task.service)),
    }
    for name, call in {
        "by place": lambda: task.si(wrong),
        "by name": lambda: task.delay(value=wrong),
        "received": lambda: task.binder.decode_call((wrong,), {}),
    }.items():
        with pytest.raises(ArgumentValueError) as refused:
            call()
        texts[name] = say(refused.value)
    with pytest.raises(ResultValueError) as wrong_result:
        task.decode_result(wrong)
    texts["result"] = say(wrong_result.value)
    message = Kept(
        "1",
        Note("arguments", f"it cannot be read: {args!r}", task=task.wire_name, do=f"See {args!r}."),
        json.dumps([args, kwargs, {}]).encode(),
        "application/json",
        "utf-8",
        {"task": task.wire_name, "id": "1", "argsrepr": repr(args), "kwargsrepr": repr(kwargs)},
        {},
    )
    (kept,) = hide_secrets([message], [cast("Service", task.service)])
    texts["quarantine"] = write_plain(render_kept(kept)) + json.dumps(render_kept_json(kept))
    by_name = Message({"argsrepr": repr(args), "kwargsrepr": repr({"value": args[0], "token": MARKED})})
    for given in (args, (*args, "n", MARKED)):
        hide_in_headers(task, Envelope(task.wire_name, "1", given, {"token": MARKED}, {}), by_name)
        texts[f"sent by name {len(given)}"] = str(by_name.headers)
    return texts


class Message:
    def __init__(self, headers: dict[str, Any]) -> None:
        self.headers = headers


@pytest.mark.parametrize(("annotation", "value", "wrong"), SPELLINGS.values(), ids=SPELLINGS)
def test_no_output_has_a_secret(annotation: Any, value: Any, wrong: Any) -> None:
    task = declare(annotation)
    texts = shown(task, value, wrong)
    assert {name for name, text in texts.items() if MARKED in text or "aHVudGVy" in text} == set()
    assert task.binder.slots[0].secret
    assert not task.binder.slots[1].secret
    assert '"secret": true' in texts["spec"]
    args, _ = task.binder.encode_call((value,), {})
    sent = json.dumps(args)
    assert MARKED in sent or "aHVudGVy" in sent, "it travels as any other value"


def test_what_is_no_secret_is_shown_in_signatures() -> None:
    task = declare(str)
    assert repr(task.s(MARKED)) == f"{task.wire_name}({MARKED!r})"
    assert MARKED in repr(declare(Token).si("", note=MARKED))


@pytest.mark.parametrize("default", [MARKED, ["", MARKED], {"a": MARKED}])
def test_a_default_that_would_publish_a_secret_is_refused(default: Any) -> None:
    service = Service("vault")

    def put(value=default): ...

    put.__annotations__ = {"value": Annotated[type(default), Secret]}
    service.task(version="1.0.0")(put)
    with pytest.raises(DeclarationError, match="is secret and has a default") as refused:
        spec_of_service(service)
    assert MARKED not in say(refused.value)


@pytest.mark.parametrize("default", [None, "", 5])
def test_an_empty_or_wrong_default_of_a_secret(default: Any) -> None:
    service = Service("vault")

    def put(value=default): ...

    put.__annotations__ = {"value": Token | None}  # pyright: ignore[reportOperatorIssue]
    service.task(version="1.0.0")(put)
    if default == 5:
        with pytest.raises(DeclarationError, match=r"'value', \*\*\*, is not of its type"):
            spec_of_service(service)
    else:
        (task,) = spec_of_service(service).tasks
        assert task.parameters[0].default == default


def test_a_login_is_a_dict_for_the_wire() -> None:
    task = declare(Login)
    assert task.binder.encode_call((Login("a", "b"),), {})[0] == (asdict(Login("a", "b")),)


def test_a_carried_secret_of_a_wrong_type_is_hidden() -> None:
    with pytest.raises(ArgumentValueError, match=r"got \*\*\*") as refused:
        Carried[Any]("session", Token).decode([MARKED])  # pyright: ignore[reportArgumentType]
    assert MARKED not in say(refused.value)


class Knowing(TypedDict):
    token: Annotated[Literal["hunter-2-marked"], Secret]


class Choosing(TypedDict):
    kind: Literal["a"]
    token: Token


class One(Enum):
    TOKEN = MARKED


class Two(Enum):
    TOKEN = "a"
    OTHER = "b"


class Bearer(pydantic.BaseModel):
    kind: Literal["bearer"]
    token: str = MARKED


class Fields(pydantic.BaseModel):
    token: Annotated[
        str,
        Secret,
        pydantic.Field(examples=[MARKED], description=MARKED, title=MARKED, json_schema_extra={"x": MARKED}),
    ]
    other: str = MARKED


ONLY_VALUES: dict[str, Any] = {
    "a literal": Annotated[Literal["hunter-2-marked"], Secret],
    "a literal or None": Annotated[Literal["hunter-2-marked"] | None, Secret],
    "a marked literal or None": Annotated[Literal["hunter-2-marked"], Secret] | None,  # pyright: ignore[reportOperatorIssue]
    "a literal with None": Annotated[Literal["hunter-2-marked", None], Secret],
    "literals": list[Annotated[Literal["hunter-2-marked"], Secret]],
    "all of a list": Annotated[list[Literal["hunter-2-marked"]], Secret],
    "an enum": Annotated[One, Secret],
    "an enum or None": Annotated[One, Secret] | None,  # pyright: ignore[reportOperatorIssue]
    "a pattern": Annotated[str, Secret, pydantic.Field(pattern="^hunter-2-marked$")],
    "an escaped pattern": Annotated[str, pydantic.Field(pattern=r"hunter\-2-marked"), Secret],
    "a number": Annotated[int, Secret, pydantic.Field(ge=4711, le=4711)],
    "a number between two": Annotated[int, Secret, pydantic.Field(gt=4710, lt=4712)],
    "a decimal": Annotated[Decimal, Secret, pydantic.Field(ge=Decimal("47.11"), le=Decimal("47.11"))],
    "pydantic's": pydantic.Secret[Literal["hunter-2-marked"]],
    "pydantic's in a list": list[pydantic.Secret[One]],
    "a field": Knowing,
    "a check behind it": Annotated[Literal["hunter-2-marked"], pydantic.AfterValidator(str), Secret],
}
SEVERAL_VALUES: dict[str, Any] = {
    "a choice": Annotated[Literal["a", "b"], Secret],
    "a union of literals": Annotated[Literal["a"] | Literal["b"] | None, Secret],
    "an enum": Annotated[Two, Secret],
    "a tag of a model": Annotated[Bearer, Secret],
    "a literal beside it": Choosing,
    "a pattern": Annotated[str, Secret, pydantic.Field(pattern="^[a-z]+$")],
    "an open pattern": Annotated[str, Secret, pydantic.Field(pattern="^")],
    "a literal or a text": Annotated[Literal[5] | str, Secret],
    "limits": Annotated[int, Secret, pydantic.Field(le=0)],
    "None": Annotated[None, Secret],
    "anything": Annotated[Any, Secret],
    "pydantic's": pydantic.Secret[Literal["a", "b"]] | pydantic.SecretStr,
    "a range": Annotated[int, Secret, pydantic.Field(gt=1, lt=4)],
    "said of a field": Fields,
}


@pytest.mark.parametrize("annotation", ONLY_VALUES.values(), ids=ONLY_VALUES)
@pytest.mark.parametrize("place", ["parameter", "result", "error", "carried"])
def test_a_secret_whose_only_value_would_be_published_is_refused(annotation: Any, place: str) -> None:
    service = vault_with(annotation, place)
    with pytest.raises(DeclarationError, match="its type says its only value") as refused:
        spec_of_service(service)
    assert MARKED not in say(refused.value)
    if place == "parameter":
        with pytest.raises(DeclarationError, match="parameter 'value': it is secret"):
            _ = service.tasks[0].binder


@pytest.mark.parametrize("annotation", SEVERAL_VALUES.values(), ids=SEVERAL_VALUES)
@pytest.mark.parametrize("place", ["parameter", "result", "error", "carried"])
def test_what_a_secret_may_be_is_published_but_no_default(annotation: Any, place: str) -> None:
    text = dump_spec(spec_of_service(vault_with(annotation, place)))
    assert MARKED not in text


def vault_with(annotation: Any, place: str) -> Service:
    """A service with `annotation` in one `place`."""

    class FailedError(Exception):
        value: str

    def put(value): ...

    FailedError.__annotations__ = {"value": annotation if place == "error" else str}
    put.__annotations__ = {
        "value": annotation if place == "parameter" else str,
        "return": annotation if place == "result" else None,
    }
    carries = (Carried[Any]("session", annotation),) if place == "carried" else ()
    service = Service("vault", carries=carries)
    service.task(version="1.0.0", errors=(FailedError,))(put)
    return service


@pytest.mark.parametrize("name", ["celery.map", "celery.starmap"])
def test_the_quarantine_hides_the_calls_of_a_map(name: str) -> None:
    task = declare(Token)
    inner = dict(task.s())
    body = [[], {"task": inner, "it": [[MARKED], ["a", MARKED]]}, {}]
    note = Note("content", "it is refused", task=name)
    message = Kept("1", note, json.dumps(body).encode(), "application/json", "utf-8", {"task": name}, {})
    (kept,) = hide_secrets([message], [cast("Service", task.service)])
    assert MARKED not in write_plain(render_kept(kept)) + json.dumps(render_kept_json(kept))
    assert b'"it": ["***", "***"]' in kept.body
