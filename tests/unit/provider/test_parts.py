"""What an instance holds is checked too, though pydantic takes instances as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from celery import Celery
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, SerializeAsAny, computed_field

from taskcontract import Provider, Service
from taskcontract.declare.codec import Codec
from taskcontract.errors import ArgumentValueError, ResultValueError
from tests.support.stable_ids import stable_id


@dataclass
class Meta:
    tag: str
    more: list[Meta] = field(default_factory=list)


class Model(BaseModel):
    number: int
    meta: Meta | None = None


class Sized(Model):
    size: int = 1


class Odd(BaseModel):
    """Its JSON form is no input of its own, and it holds anything."""

    model_config = ConfigDict(extra="forbid")
    number: float = Field(alias="No")
    link: AnyUrl = Field(default_factory=lambda: AnyUrl("http://example.com"))
    anything: Any = None

    @computed_field
    @property
    def double(self) -> float:
        return self.number * 2


def bad(value: Any) -> Meta:
    return Meta(value)


INSIDE: list[tuple[Any, Any]] = [
    (Meta, Meta("a", [Meta("b")])),
    (list[Meta], [Meta("a")]),
    (Model, Model(number=1, meta=Meta("a"))),
    (Model, Sized(number=1)),
    (SerializeAsAny[Model], Sized(number=1)),
    (Odd, Odd(No=1)),
    (Odd, Odd(No=1, anything={1, 2})),
    (Odd, Odd(No=1, anything=object())),
    (Model | Meta, Meta("a")),
    (dict[str, Model | None], {"a": None}),
]
OUTSIDE: list[tuple[Any, Any, str]] = [
    (Meta, bad(3), ".tag"),
    (Meta, Meta("a", [bad(3)]), ".more.0.tag"),
    (list[Meta], [Meta("a"), bad(7.5)], ".1.tag"),
    (dict[str, Meta], {"a": bad([])}, ".a.tag"),
    (Model, Model.model_construct(number="x"), ".number"),
    (Model, Model(number=1, meta=bad(3)), ".meta.tag"),
    (Model | None, Model.model_construct(number="x"), ".number"),
]


@pytest.mark.parametrize(("annotation", "value"), INSIDE, ids=stable_id)
def test_no_false_alarm(annotation: Any, value: Any) -> None:
    assert Codec(annotation).check(value) == value


@pytest.mark.parametrize(("annotation", "value", "spot"), OUTSIDE, ids=stable_id)
def test_a_part_outside_its_type_is_found(annotation: Any, value: Any, spot: str) -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        Codec(annotation).check(value)
    errors: Any = caught.value
    assert "".join(f".{part}" for part in errors.errors()[0]["loc"]) == spot


shop = Service("shop")


@shop.task(version="1.0.0")
def put(key: str, meta: Meta) -> Meta: ...


def test_a_part_of_an_argument_is_told_where_it_is_sent() -> None:
    for refuse in (put.call, put.si, put.s, put.delay):
        with pytest.raises(
            ArgumentValueError, match=r"parameter 'meta' at meta\.tag: .* valid string; got 3"
        ):
            refuse("a", bad(3))


def test_a_part_of_a_result_is_told_where_it_was_made() -> None:
    def serve(key: str, meta: Meta) -> Meta:
        return bad(3)

    provider = Provider(Celery("shop", set_as_current=False), shop)
    provider.implements(put)(serve)
    with pytest.raises(ResultValueError, match=r"put@1\.0\.0 declares Meta \(at \.tag: Input") as caught:
        provider.app.tasks["shop.put"].apply(("a", {"tag": "b"})).get()
    assert "serve" in caught.value.where
