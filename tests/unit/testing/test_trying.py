"""How adapters are tried: with copies, more than once, and with all parts of what they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from celery import Celery
from hypothesis import strategies as st
from pydantic import BaseModel

from taskcontract import Call, Provider, Service
from taskcontract.errors import ConfigError, UnsoundAdapterError
from taskcontract.testing import check_adapters


@dataclass
class Meta:
    tag: str


class Model(BaseModel):
    tag: str


shop = Service("shop")


@shop.task(version="1.0.0")
def put(key: str) -> str: ...


@shop.task(version="2.0.0", supersedes=put)
def put_v2(key: str, meta: Meta | None = None, model: Model | None = None) -> dict[str, str]: ...


def plain(key: str) -> Call[dict[str, str]]:
    """No change."""
    return put_v2.call(key)


def first_of(result: dict[str, str]) -> str:
    """One text."""
    return next(iter(result.values()), "")


def provide(upcast: Any = plain, downcast: Any = first_of) -> Provider:
    provider = Provider(Celery("shop", set_as_current=False), shop)
    provider.upcasts(put)(upcast)
    provider.downcasts(put)(downcast)
    return provider


def with_meta(tag: Any) -> Any:
    def adapt(key: str) -> Call[Any]:
        """Wrong metadata."""
        return put_v2.call(key, Meta(tag))

    return adapt


def with_model(**fields: Any) -> Any:
    def adapt(key: str) -> Call[Any]:
        """A wrong model."""
        return put_v2.call(key, None, Model.model_construct(**fields))

    return adapt


@pytest.mark.parametrize(
    ("adapter", "fault"),
    [
        (with_meta(3), "parameter 'meta' at meta.tag: input should be a valid string; got 3"),
        (with_meta(None), "parameter 'meta' at meta.tag: input should be a valid string; got None"),
        (with_model(), "parameter 'model' at model.tag: field required"),
        (with_model(tag=3), "parameter 'model' at model.tag: input should be a valid string; got 3"),
    ],
)
def test_the_parts_of_an_upcast_call_are_of_their_types(adapter: Any, fault: str) -> None:
    with pytest.raises(UnsoundAdapterError) as caught:
        check_adapters(provide(adapter), examples=10)
    assert "put('')" in str(caught.value) or "put(key='')" in str(caught.value)
    assert fault in str(caught.value)


def test_a_part_of_an_old_result_is_of_its_type() -> None:
    service = Service("parts")

    @service.task(version="1.0.0")
    def get() -> Meta: ...

    @service.task(version="2.0.0", supersedes=get)
    def get_v2() -> int: ...

    def same() -> Call[int]:
        """No change."""
        return get_v2.call()

    def wrong(result: int) -> Meta:
        """A wrong part."""
        tag: Any = None if result else "none"
        return Meta(tag)

    provider = Provider(Celery("parts", set_as_current=False), service)
    provider.upcasts(get)(same)
    provider.downcasts(get)(wrong)
    with pytest.raises(UnsoundAdapterError, match=r"1 of get@2\.0\.0"):
        check_adapters(provider)


def emptying(result: dict[str, str]) -> Any:
    """It takes out what it reads."""
    return result.pop("url", None) or 5


def test_an_adapter_that_changes_its_argument_is_shown_what_it_was_given() -> None:
    given: Any = {put_v2: {"return": st.just({"url": ""})}}
    with pytest.raises(UnsoundAdapterError) as caught:
        check_adapters(provide(downcast=emptying), strategies=given)
    assert "{'url': ''} of put@2.0.0\n    its callers get 5, but put@1.0.0 declares str" in str(caught.value)


def test_an_adapter_that_fails_once_alone_is_unsound() -> None:
    tried: list[str] = []

    def flaky(key: str) -> Call[Any]:
        """It fails the first time."""
        tried.append(key)
        if len(tried) == 3:
            raise LookupError("busy")
        return put_v2.call(key)

    with pytest.raises(UnsoundAdapterError, match="the upcaster of put") as caught:
        check_adapters(provide(flaky))
    assert "put(" in str(caught.value)
    assert (
        "it answers differently when asked again with the same; once, the upcaster of put@1.0.0 raised "
        in (str(caught.value))
    )


def untyped(value: Any) -> Any:
    """What a type checker would refuse."""
    return value


WRONG: dict[str, tuple[Any, str]] = {
    "a name": (
        lambda p: check_adapters(p, untyped("put")),
        "takes versions that the bindings declare, not 'put'",
    ),
    "no provider": (lambda p: check_adapters(untyped("shop")), "takes a Provider, not 'shop'"),
    "a strategy of a name": (
        lambda p: check_adapters(p, strategies={untyped("put"): {}}),
        "strategies names 'put', which is not a version of 'shop'",
    ),
    "a strategy of no parameter": (
        lambda p: check_adapters(p, strategies={put: {"kye": st.text()}}),
        r"strategies names 'kye', which is not a parameter of put@1\.0\.0",
    ),
    "a strategy of no error": (
        lambda p: check_adapters(p, strategies={put: {untyped(int): st.text()}}),
        "strategies names <class 'int'>, which is not a parameter",
    ),
}


@pytest.mark.parametrize(("check", "fact"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_one_clear_error(check: Any, fact: str) -> None:
    with pytest.raises(ConfigError, match=fact):
        check(provide())
