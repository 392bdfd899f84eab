# mypy: disable-error-code="empty-body"
"""What calls carry: how it is declared, published, run here and recorded; live tests see it arrive."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, group

from taskcontract import Carried, Service
from taskcontract.errors import DeclarationError, SpecError
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact import read_contract
from taskcontract.model.pact_writing import dump_contract
from taskcontract.model.service import CarriedSpec
from taskcontract.model.spec_file import dump_spec, read_spec
from taskcontract.verification.recording.recording import Recording
from tests.support.carrying_shop import CARRIED, account, app, collect, look, look_v2, schema, shop, tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (lambda: Carried("a b", str), "not a name"),
        (lambda: Carried("a", str, keyword="x-y"), "not a name of a keyword"),
        (lambda: Carried("a", str, header="a b"), "not a name"),
        (lambda: Carried("a", str, header="x", keyword="y"), "two places"),
        (lambda: Carried("a", str, header="id"), "Celery's own"),
        (lambda: Carried("a", str, header="taskcontract"), "Celery's own"),
        (lambda: Service("s", carries=("tenant",)), "not a tuple of what can be carried"),  # type: ignore[arg-type]
        (lambda: Service("s", carries=tenant), "not a tuple of what can be carried"),  # type: ignore[arg-type]
        (lambda: Carried("a", str).fill("acme"), "is not a function"),  # type: ignore[arg-type]
        (lambda: Service("s", carries=(tenant, tenant)), "'tenant' is carried twice"),
        (lambda: Service("s", carries=(tenant, Carried("tenant", int, header="X"))), "carried twice"),
        (lambda: Service("s", carries=(schema, Carried("x", int, header="_schema_name"))), "carried twice"),
    ],
)
def test_a_wrong_declaration_is_refused(declare: Callable[[], object], said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        declare()


def test_a_parameter_of_the_same_name_is_refused() -> None:
    service = Service("s", carries=(account,))
    with pytest.raises(DeclarationError, match="a parameter '_account'"):

        @service.task(version="1.0.0")
        def look(_account: int) -> None: ...


def test_it_is_published_with_the_service() -> None:
    spec = shop.spec()
    assert spec.carries == (
        CarriedSpec("tenant", {"type": "string"}, "taskcontract", "tenant"),
        CarriedSpec("schema", {"type": "string"}, "header", "_schema_name"),
        CarriedSpec("account", {"type": "integer"}, "keyword", "_account"),
        CarriedSpec("trace", {"type": "string"}, "header", "X-Trace", required=False),
    )
    assert read_spec(json.loads(dump_spec(spec)), file="spec.json") == spec


def test_a_service_that_carries_nothing_is_written_as_before() -> None:
    assert "carries" not in dump_spec(Service("s", version="1.0.0").spec())


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("place", "body", "not one of"),
        ("schema", 5, "schema"),
        ("required", "no", "true or false"),
        ("name", 1, "string"),
    ],
)
def test_a_wrong_spec_is_refused_where_it_is_wrong(member: str, value: object, said: str) -> None:
    written = json.loads(dump_spec(shop.spec()))
    written["carries"][0][member] = value
    with pytest.raises(SpecError, match=said) as caught:
        read_spec(written, file="spec.json")
    assert "carries" in caught.value.where


def test_outside_of_a_call_nothing_is_carried() -> None:
    assert tenant.read(None) is None
    with pytest.raises(LookupError, match="'tenant'"):
        tenant.read()


@pytest.fixture
def filled() -> Iterator[None]:
    tenant.fill(lambda: "acme")
    schema.fill(lambda: "acme_db")
    account.fill(lambda: 7)
    yield
    tenant._fill = schema._fill = account._fill = None
    shop.app = None
    app.conf.task_always_eager = False


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        (lambda: look_v2.delay("", 0), CARRIED),
        (lambda: look_v2.delay("", 1), CARRIED),
        (lambda: look.delay(""), CARRIED),
        (lambda: look_v2.apply(("", 0)), CARRIED),
        (lambda: look_v2.s("", 0).apply(), CARRIED),
        (lambda: chain(look_v2.si("", 0), collect.si([]), app=app)(), [CARRIED]),
        (lambda: group(look_v2.s("", 0) for _ in "ab")(), [CARRIED] * 2),
    ],
)
def test_a_call_that_runs_here_carries_it_too(
    filled: None, send: Callable[[], Any], expected: object
) -> None:
    shop.use(app)
    app.conf.task_always_eager = True
    assert send().get() == expected


def test_a_recorded_call_is_written_with_it(filled: None) -> None:
    shop.use(Celery("web", broker="memory://", set_as_current=False))
    kept: list[Interaction] = []
    with Recording("web", shop, description="a look", test="", keep=kept.extend).expect(look_v2):
        look_v2.delay("x", times=1)
    assert (kept[0].args, kept[0].kwargs) == (("x",), {"times": 1, "_account": 7})
    assert kept[0].headers == {"_schema_name": "acme_db", "taskcontract": {"carried": {"tenant": "acme"}}}
    contract = Contract("web", "shop", tuple(kept))
    assert read_contract(json.loads(dump_contract(contract)), file="web--shop.json") == contract


@dataclass
class Place:
    country: str


def test_what_is_carried_may_be_of_any_type() -> None:
    place = Carried("place", Place)
    service = Service("s", queue="carried-place", carries=(place,))
    caller = Celery("web", broker="memory://", set_as_current=False)
    service.use(caller)

    @service.task(version="1.0.0")
    def look() -> None: ...

    place.fill(lambda: Place("DE"))
    look.delay()
    with caller.connection_for_read() as connection:
        message: Any = connection.default_channel.basic_get("carried-place", no_ack=True)  # type: ignore[attr-defined]
    assert message.headers["taskcontract"]["carried"] == {"place": {"country": "DE"}}
    assert place.decode({"country": "DE"}) == Place("DE")
