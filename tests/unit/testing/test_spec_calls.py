"""What is drawn from a spec, held against the binder and the codecs that it was written from."""

from __future__ import annotations

import collections
import json
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings

from taskcontract import Carried, Service
from taskcontract.declare.cargo import unload
from taskcontract.declare.header import make_header
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, DeclarationError
from taskcontract.model.checks import CHECKS
from taskcontract.testing.spec_calls import SpecCall, SpecCalls
from tests.support.thorough import examples
from tests.unit.declare.wire.catalogue import CATALOGUE, Cat, Dog, Item, Options, Tree

if TYPE_CHECKING:
    from taskcontract import Task

pytestmark = pytest.mark.slow

shop = Service(
    "shop", carries=(Carried("tenant", str), Carried("locale", str, keyword="_locale", required=False))
)


@shop.task(version="1.0.0")
def sell(
    item: Item, count: int = 1, /, place: str = "here", *more: int, gift: bool, **extra: Tree
) -> str: ...


@shop.task(version="1.0.0")
def pay(animal: Cat | Dog, amount: float, *, options: Options | None = None, note: str = "") -> str: ...


@shop.task(version="1.0.0")
def close() -> None: ...


@shop.task(version="1.0.0")
def take_any(*args: Any, **kwargs: Any) -> Any: ...


EVERY: Any = list(HealthCheck)


def draw(strategy: Any, count: int = 60) -> list[Any]:
    drawn: list[Any] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=EVERY,
    )
    @hypothesis.seed(1)
    @hypothesis.given(strategy)
    def keep(value: Any) -> None:
        drawn.append(value)

    keep()
    return drawn


def is_taken(task: Task[..., Any], call: SpecCall) -> bool:
    """Whether the worker's own admission takes the call, after its way through JSON."""
    args, kwargs, carried = json.loads(json.dumps([call.args, call.kwargs, call.carried]))
    places = {each.name: each.place for each in task.service.carries}
    keys = {each.name: each.key for each in task.service.carries}
    kwargs |= {keys[name]: value for name, value in carried.items() if places[name] == "keyword"}
    ours = {keys[name]: value for name, value in carried.items() if places[name] == "taskcontract"}
    try:
        task.binder.decode_call(
            args, unload(task.service.carries, kwargs, make_header(task.version, "test", ours))
        )
    except (ArgumentTypeError, ArgumentValueError):
        return False
    return True


def calls_of(task: Task[..., Any]) -> SpecCalls:
    return SpecCalls(task.spec(), [each.spec() for each in task.service.carries])


@pytest.mark.parametrize("task", [sell, pay, close, take_any], ids=lambda task: str(task.name))
def test_each_call_that_is_drawn_is_taken(task: Task[..., Any]) -> None:
    assert [call for call in draw(calls_of(task).inside) if not is_taken(task, call)] == []


@pytest.mark.parametrize("task", [sell, pay, close, take_any], ids=lambda task: str(task.name))
def test_each_call_outside_is_refused(task: Task[..., Any]) -> None:
    outside = calls_of(task).outside()
    assert outside is not None
    assert [call for call in draw(outside, 150) if is_taken(task, call)] == []


def test_calls_are_outside_in_each_way() -> None:
    outside = calls_of(pay).outside()
    assert outside is not None
    said = " ".join(call.wrong for call in draw(outside, 200))
    for way in (
        "the value of",
        "is missing",
        "positional arguments",
        "the keyword",
        "is spelled",
        "twice",
        "carry",
    ):
        assert way in said


def test_what_takes_anything_has_nothing_outside() -> None:
    service = Service("open")

    @service.task(version="1.0.0")
    def take(*args: Any, **kwargs: Any) -> Any: ...

    assert calls_of(take).outside() is None


def tasks_of_the_catalogue() -> list[Any]:
    service = Service("catalogue")
    made = []
    for name, (annotation, _) in CATALOGUE.items():

        def take(value: Any) -> None: ...

        take.__annotations__ = {"value": annotation, "return": None}
        try:
            task = service.task(version="1.0.0", name=f"catalogue.{name}")(take)
            task.spec()
        except DeclarationError:
            continue
        made.append(pytest.param(task, id=name))
        service = Service("catalogue")
    return made


@pytest.mark.thorough
@pytest.mark.parametrize("task", tasks_of_the_catalogue())
def test_the_calls_of_every_type_are_what_the_spec_says(task: Task[..., Any]) -> None:
    calls = calls_of(task)
    inside = draw(calls.inside, examples(25))
    taken = [is_taken(task, call) for call in inside]
    schema = task.spec().parameters[0].schema
    assert isinstance(schema, dict)
    if f'"{CHECKS}"' not in json.dumps(schema):
        assert all(taken)
    elif "examples" in schema:  # without one, nobody knows what passes a check
        assert any(taken)
    outside = calls.outside()
    assert outside is not None
    assert [call for call in draw(outside, examples(25)) if is_taken(task, call)] == []


def test_the_space_is_covered() -> None:
    """Each branch of a union, optional members there and not, both bounds, each form of a call."""
    seen: collections.Counter[str] = collections.Counter()
    for call in draw(calls_of(pay).inside, 100):
        animal = call.args[0] if call.args else call.kwargs["animal"]
        seen["cat"] += animal.get("kind", "cat") == "cat" and "lives" in animal
        seen["dog"] += "lives" not in animal
        seen["by place"] += len(call.args) == 2
        seen["by name"] += not call.args
        seen["mixed"] += len(call.args) == 1
        seen["default left out"] += "note" not in call.kwargs
        seen["default given"] += "note" in call.kwargs
        options = call.kwargs.get("options")
        seen["member there"] += isinstance(options, dict) and "retries" in options
        seen["member not there"] += isinstance(options, dict) and "retries" not in options
        seen["null"] += "options" in call.kwargs and options is None
    assert min(seen.values()) > 0, seen
