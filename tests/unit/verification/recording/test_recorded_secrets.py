"""No recorded contract has the value of a secret; what it has instead is a call that is served."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pydantic
import pytest
from celery import Celery

from taskcontract import Carried, Secret, Service
from taskcontract.declare.cargo import unload
from taskcontract.errors import ContractError
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact import parse_contract
from taskcontract.model.pact_writing import dump_contract
from taskcontract.verification.recording.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

MARKED = "hunter-2-marked"
Token = Annotated[str, Secret]

session = Carried[Any]("session", Token, required=False)  # pyright: ignore[reportArgumentType]
signed = Carried[Any]("signed", Token, header="X-Signed", required=False)  # pyright: ignore[reportArgumentType]
keyed = Carried[Any]("keyed", Token, keyword="api_key", required=False)  # pyright: ignore[reportArgumentType]
open_one = Carried("tenant", str, required=False)
vault = Service("vault", queue="vault", carries=(session, signed, keyed, open_one))


@dataclass
class Login:
    user: str
    token: Token


@vault.task(version="1.0.0")
def put(where: str, value: Token, *more: Token, note: Token | None = None, **extra: Token) -> int: ...  # pyright: ignore[reportOperatorIssue]


@vault.task(version="1.0.0")
def log_in(login: Login) -> int: ...


@vault.task(version="1.0.0")
def pin(value: Annotated[str, Secret, pydantic.Field(pattern="^[0-9]{4}$")]) -> int: ...


@vault.task(version="1.0.0")
def own(value: pydantic.SecretStr, other: Annotated[int, Secret]) -> int: ...


def is_marked(value: str) -> str:
    if value != MARKED:
        raise ValueError
    return value


@vault.task(version="1.0.0")
def only_one(value: Annotated[str, Secret, pydantic.AfterValidator(is_marked)]) -> int: ...


@vault.task(version="1.0.0")
def shared(kind: Literal["a"], keys: dict[Token, int]) -> int: ...


CALLS: dict[str, tuple[Any, tuple[Any, ...], dict[str, Any], tuple[str, ...]]] = {
    "by place": (put, ("here", MARKED), {}, ("value",)),
    "by name": (put, ("here",), {"value": MARKED, "note": MARKED}, ("note", "value")),
    "more of them": (put, ("here", "", MARKED, MARKED), {"token": MARKED}, ("extra", "more")),
    "inside a dataclass": (log_in, (Login("ada", MARKED),), {}, ("login",)),
    "of a form": (pin, ("4711",), {}, ("value",)),
    "pydantic's": (own, (pydantic.SecretStr(MARKED), 4711), {}, ("other", "value")),
    "keys": (shared, ("a", {MARKED: 1}), {}, ("keys",)),
}


@pytest.fixture
def recorded() -> list[Interaction]:
    return []


@pytest.fixture
def record(recorded: list[Interaction]) -> Callable[[], Recording]:
    vault.use(Celery("consumer", broker="memory://", set_as_current=False))
    return lambda: Recording("shop", vault, description="a call", test="t.py::t", keep=recorded.extend)


def written(recorded: list[Interaction]) -> str:
    return dump_contract(Contract("shop", "vault", tuple(recorded)))


@pytest.mark.parametrize(("task", "args", "kwargs", "names"), CALLS.values(), ids=CALLS)
def test_made_up_values_stand_for_secrets(
    record: Any, recorded: list[Interaction], task: Any, args: Any, kwargs: Any, names: tuple[str, ...]
) -> None:
    for _ in range(2):
        with record().expect(task):
            task.delay(*args, **kwargs)
    first, second = recorded
    assert first == second, "the same each time"
    text = written([first])
    assert MARKED not in text
    assert "4711" not in text
    assert first.secrets == names
    (read,) = parse_contract(text, file="c.json").interactions
    assert read == first
    task.binder.decode_call(read.args, read.kwargs)  # a worker takes it


def test_what_is_carried_is_hidden_too(record: Any, recorded: list[Interaction]) -> None:
    for each in (session, signed, keyed):
        each.fill(lambda: MARKED)
    open_one.fill(lambda: "tenant-a")
    try:
        with record().expect(log_in, secrets={"session": "a session"}):
            log_in.delay(Login("ada", MARKED))
    finally:
        for each in (session, signed, keyed, open_one):
            each._fill = None
    (call,) = recorded
    text = written(recorded)
    assert MARKED not in text
    assert "a session" in text
    assert "tenant-a" in text
    assert call.secrets == ("keyed", "login", "session", "signed")
    assert unload(vault.carries, call.kwargs, call.headers) == {}


def test_the_code_under_test_sends_the_real_one(record: Any) -> None:
    sent: list[Any] = []
    recording = record()
    answer = recording._answer
    recording._answer = lambda message: sent.append(message.body[0]) or answer(message)
    with recording.expect(log_in):
        log_in.delay(Login("ada", MARKED))
    assert sent == [({"user": "ada", "token": MARKED},)]


def test_a_test_says_what_stands_for_a_secret(record: Any, recorded: list[Interaction]) -> None:
    with record().expect(log_in, secrets={"login": Login("ada", "any")}):
        log_in.delay(Login("ada", MARKED))
    (call,) = recorded
    assert call.args == ({"user": "ada", "token": "any"},)
    assert call.secrets == ("login",)


def test_nothing_stands_for_no_secret(record: Any, recorded: list[Interaction]) -> None:
    with record().expect(put):
        put.delay("here", "", note=None)
    (call,) = recorded
    assert (call.args, call.kwargs, call.secrets) == (("here", ""), {"note": None}, ())
    assert "secrets" not in written(recorded)


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ({"where": "x"}, "'where', which is not a secret parameter of"),
        ({"value": 5, "note": MARKED}, "what stands for the secret 'value' of .* is not"),
    ],
)
def test_what_cannot_stand_for_a_secret_is_refused(record: Any, secrets: Any, said: str) -> None:
    with pytest.raises(ContractError, match=said) as refused:
        record().expect(put, secrets=secrets)
    assert MARKED not in str(refused.value)


def test_a_secret_for_which_nothing_is_found_is_refused(record: Any, recorded: list[Interaction]) -> None:
    with pytest.raises(ContractError, match=r"no value of .* is found") as refused, record().expect(only_one):
        only_one.delay(MARKED)
    assert "secrets={'value': ...}" in str(refused.value)
    assert MARKED not in str(refused.value)
    assert recorded == []


def test_other_tools_comments_are_taken_as_they_are(record: Any, recorded: list[Interaction]) -> None:
    with record().expect(pin):
        pin.delay("4711")
    text = written(recorded)
    for other in ('"secrets": "all"', '"secrets": 5', '"secrets": [5, null]'):
        changed = text.replace('"secrets": [\n          "value"\n        ]', other)
        assert changed != text
        (call,) = parse_contract(changed, file="c.json").interactions
        assert call.secrets == ()
