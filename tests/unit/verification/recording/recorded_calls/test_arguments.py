"""What a block says of a call with other arguments than the expected one's."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from taskcontract import match
from taskcontract.errors import ContractError
from taskcontract.model.contract import Contract, Generator, Interaction
from taskcontract.model.pact import parse_contract
from taskcontract.model.pact_writing import dump_contract
from taskcontract.verification.generating import make_call

if TYPE_CHECKING:
    from collections.abc import Callable

from tests.support.recorded_shop import GoneError, Line, fail, hostile, log_in, order, price, record, shop


@pytest.mark.parametrize(
    "send",
    [
        lambda: price.delay("tea", 2),
        lambda: price.delay("tea", count=2),
        lambda: price.delay(item="tea", count=2, meta=None),
        lambda: price.apply_async(kwargs={"count": 2, "item": "tea"}),
        lambda: price.si("tea", 2).delay(),
    ],
)
def test_arguments_are_compared_by_parameter(send: Callable[[], Any]) -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, returns="3").called_with("tea", count=2):
        send()
    assert len(kept) == 1


def test_defaults_count_whoever_leaves_them_out() -> None:
    with record().expect(price).called_with("tea").expect(price).called_with("tea", 1, meta=None):
        price.delay("tea", 1)
        price.delay("tea")


def test_values_are_compared_as_they_travel() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with record().expect(order).called_with(Line("tea", 2), 7, at=at, note="soon"):
        order.delay(Line("tea", 2), 7, at=at, note="soon")
    with record().expect(order).called_with(Line("tea", 2), at=at) as block:
        app = block.service.app
        assert app is not None
        app.send_task(
            "shop.order", [{"count": 2, "item": "tea"}], {"at": "2026-01-02T00:00:00+00:00"}, queue="shop"
        )


def test_a_matcher_keeps_what_differs_from_run_to_run_out_of_the_contract() -> None:
    files = set()
    kept: list[Interaction] = []
    for _ in range(2):
        kept = []
        any_id = match.regex("[0-9a-f-]{36}", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
        block = record(kept).expect(order)
        with block.called_with(
            Line(any_id, 2), 1, at=match.like(datetime(2026, 1, 1, tzinfo=UTC)), id=any_id
        ):
            order.delay(Line(str(uuid4()), 2), 1, at=datetime.now(UTC), id=str(uuid4()))
        files.add(dump_contract(Contract("cafe", "shop", tuple(kept))))
    assert len(files) == 1
    assert kept[0].args == ({"item": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "count": 2}, 1)
    assert kept[0].kwargs == {"at": "2026-01-01T00:00:00Z", "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}
    shop_task = shop.find("shop.order")
    assert shop_task is not None
    shop_task.binder.decode_call(kept[0].args, kept[0].kwargs)


def test_what_differs_is_marked_and_explained() -> None:
    said = fail(
        lambda: price.delay("tea", 3, meta={"by": "ada", "to": "bob"}),
        record().expect(price).called_with("tea", match.integer(2), meta={"by": "eve"}),
    )
    assert said.splitlines() == [
        "call 1 of price@1.0.0 has other arguments than expected",
        "    (- expected, + got)",
        "      price(",
        '          item="tea",',
        "          count=3,",
        '    -     meta={"by":"eve"},',
        '    +     meta={"by":"ada","to":"bob"},'
        '  # $.by: "ada" is not equal to "eve"; the member \'to\' is not expected',
        "      )",
        "  Correct the test or the code.",
    ]


def test_arguments_too_many_and_too_few_are_marked() -> None:
    said = fail(
        lambda: order.delay(Line("tea", 2), 1, 2, more_notes="x"),
        record().expect(order).called_with(Line("tea", 2), 1, note="x"),
    )
    assert '    -     note="x",  # it is missing' in said
    assert "    +     *more[1]=2,  # it is not expected" in said
    assert '    +     more_notes="x",  # it is not expected' in said


def test_a_matcher_says_which_it_is() -> None:
    said = fail(lambda: price.delay("tea"), record().expect(price).called_with(match.regex("[0-9]+", "12")))
    assert '    -     item="12" (by regex "[0-9]+"),' in said
    assert '    +     item="tea",  # "tea" is not of the form [0-9]+' in said


def test_no_difference_shows_a_secret() -> None:
    said = fail(lambda: log_in.delay("ada", "hunter2"), record().expect(log_in).called_with("ada", "hunter3"))
    assert "hunter" not in said
    assert "    +     password=***,  # it differs" in said


def test_a_task_may_have_parameters_of_any_name() -> None:
    kept: list[Interaction] = []
    block = record(kept).expect(hostile).called_with("a", self="b", raises="c", task=2, pending=False)
    with block:
        hostile.delay("a", "b", raises="c", task=2, pending=False)
    assert kept[0].kwargs == {"raises": "c", "task": 2, "pending": False}


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (lambda block: block.called_with("tea"), "the arguments of no call"),
        (lambda block: block.expect(price).called_with(), "missing a required argument: 'item'"),
        (lambda block: block.expect(price).called_with("tea", size=1), "unexpected keyword argument 'size'"),
        (lambda block: block.expect(price).called_with("tea", "two"), "'count' of price@1.0.0 is \"two\""),
        (lambda block: block.expect(price).called_with(object()), "no JSON form"),
        (lambda block: block.expect(price).called_with(match.regex("a", "b")), "own matcher"),
        (lambda block: block.expect(price, ready=False, returns="x"), "2 outcomes: returns=, ready=False"),
        (
            lambda block: block.expect(price, raises=GoneError, reply=False),
            "2 outcomes: raises=, reply=False",
        ),
    ],
)
def test_an_expectation_that_no_call_meets_is_refused(arrange: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(ContractError) as caught:
        arrange(record())
    assert said in str(caught.value)


def test_generators_are_no_arguments() -> None:
    with pytest.raises(ContractError, match=r"no JSON form|not str"):
        record().expect(price).called_with(item for item in "tea")


def test_what_matchers_say_of_arguments_stands_in_the_contract() -> None:
    kept: list[Interaction] = []
    line = match.like({"item": match.regex("[a-z]+", "tea"), "count": 1})
    block = record(kept).given("an order").expect(order)
    block.called_with(line, match.from_state("order", 7), note=match.generated("Uuid", "a"), plain="b")
    with block:
        order.delay(Line("milk", 3), 12, note="c", plain="b")
    (one,) = kept
    assert one.args == ({"item": "tea", "count": 1}, 7)
    assert one.kwargs == {"note": "a", "plain": "b"}
    assert [(rule.path, rule.match) for rule in one.call_rules] == [
        ("$.args[0]", "type"),
        ("$.args[0].item", "regex"),
        ("$.args[1]", "type"),
        ("$.kwargs.note", "type"),
    ]
    assert one.generators == (
        Generator("$.args[1]", "ProviderState", {"expression": "${order}"}),
        Generator("$.kwargs.note", "Uuid", {}),
    )
    contract = Contract("cafe", "shop", tuple(kept))
    assert parse_contract(dump_contract(contract), file="x.json") == contract
    args, kwargs = make_call(one, {"order": 99})
    assert (args[1], len(kwargs["note"]), kwargs["plain"]) == (99, 36, "b")


def test_what_is_said_of_a_secret_stays_out_of_the_contract() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(log_in).called_with("ada", match.regex("real.+", "real-1")):
        log_in.delay("ada", "real-2")
    assert "real" not in dump_contract(Contract("cafe", "shop", tuple(kept)))


def test_only_arguments_are_made_anew() -> None:
    with pytest.raises(ContractError, match=r"\$\.a of the example is to be made by the generator 'Uuid'"):
        record().expect(price, returns={"a": match.generated("Uuid", "a")})
    with pytest.raises(ContractError, match="the generator 'Own' is not known"):
        record().expect(price).called_with(match.generated("Own", "a"))
