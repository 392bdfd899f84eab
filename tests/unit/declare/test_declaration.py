"""What a declaration may say is checked when the bindings are imported."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract import Service
from taskcontract.errors import DeclarationError


def declare(service: Service | None = None, **arguments: Any) -> Any:
    return (service or Service("shop", queue="shop")).task(**arguments)


def plain(key: str) -> str: ...


def with_object_default(key: str, extra: Any = object()) -> str: ...  # noqa: B008


def with_nan_default(ratio: float = float("nan")) -> str: ...


REFUSED = {
    "no version": ({}, plain, "no version", 'version="1.0.0"'),
    "two numbers": ({"version": "1.0"}, plain, "'1.0'", 'version="1.0.0"'),
    "a pre-release": ({"version": "1.0.0rc1"}, plain, "'1.0.0rc1'", "MAJOR.MINOR.PATCH"),
    "no text": ({"version": 1.0}, plain, "'1.0'", 'version="1.0.0"'),
    "no number": ({"version": "latest"}, plain, "'latest'", "MAJOR.MINOR.PATCH"),
    "pickle": ({"version": "1.0.0", "serializer": "pickle"}, plain, "'pickle'", "json"),
    "a wrong date": ({"version": "1.0.0", "sunset": "30.6.2027"}, plain, "'30.6.2027'", "2027-06-30"),
    "sunset before deprecation": (
        {"version": "1.0.0", "deprecated": "2027-01-02", "sunset": "2027-01-01"},
        plain,
        "2027-01-01",
        "Deprecate first",
    ),
    "an unknown option": ({"version": "1.0.0", "countdown": 3}, plain, "'countdown'", "time_limit"),
    "an unserialisable default": ({"version": "1.0.0"}, with_object_default, "'extra'", "plain value"),
    "a default that JSON lacks": ({"version": "1.0.0"}, with_nan_default, "'ratio'", "plain value"),
}


@pytest.mark.parametrize(("arguments", "function", "fact", "step"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_declaration_is_refused(arguments: Any, function: Any, fact: str, step: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(**arguments)(function)
    message = str(caught.value)
    assert fact in message
    assert step in message
    assert f"test_declaration.py:{function.__code__.co_firstlineno} {function.__name__}" in caught.value.where


def with_self(self: Any, key: str) -> str: ...


def test_a_binding_has_no_self() -> None:
    with pytest.raises(DeclarationError, match=r"with_self: `self` is not a parameter") as caught:
        declare(version="1.0.0")(with_self)
    assert "bind=True" in caught.value.do


@pytest.mark.parametrize(
    ("version", "superseded", "fact", "step"),
    [
        (
            "1.9.9",
            "ours",
            "1.9.9 cannot supersede plain@2.0.0, which is not older",
            "higher version than 2.0.0",
        ),
        ("2.0.0", "ours", "2.0.0 cannot supersede plain@2.0.0", "higher version than 2.0.0"),
        ("3.0.0", "theirs", "plain is a task of the service 'other', not of 'shop'", "the same Service"),
        ("3.0.0", "function", "'plain' is not a version that bindings declare", "supersedes=send_to_s3"),
        ("3.0.0", "version", "'2.0.0' is not a version that bindings declare", "supersedes=send_to_s3"),
    ],
)
def test_only_an_older_version_of_the_service_is_superseded(
    version: str, superseded: str, fact: str, step: str
) -> None:
    service = Service("shop")
    named = {
        "ours": declare(service, version="2.0.0")(plain),
        "theirs": declare(Service("other"), version="2.0.0")(plain),
        "function": plain,
        "version": "2.0.0",
    }
    with pytest.raises(DeclarationError) as caught:
        declare(service, version=version, supersedes=named[superseded])(with_nan_default)
    assert fact in caught.value.what
    assert step in caught.value.do
    assert "test_declaration.py" in caught.value.where


def test_two_tasks_with_one_wire_name_name_each_other() -> None:
    service = Service("shop")
    declare(service, version="1.0.0")(plain)
    with pytest.raises(DeclarationError, match=r"'shop\.plain'.*") as caught:
        declare(service, version="2.0.0")(plain)
    assert "plain_v2" in caught.value.do
    assert "test_declaration.py" in caught.value.do


def test_a_version_is_declared_once() -> None:
    service = Service("shop")
    declare(service, version="1.0.0")(plain)
    with pytest.raises(DeclarationError, match=r"plain@1\.0\.0 is declared twice"):
        declare(service, version="1.0.0", name="shop.other")(plain)


@pytest.mark.parametrize("name", ["", "a b", "1shop", "shop/x"])
def test_a_service_has_a_name_that_fits_task_and_file_names(name: str) -> None:
    with pytest.raises(DeclarationError, match="name for a service"):
        Service(name)


def test_versions_of_a_task_share_a_name() -> None:
    service = Service("shop")

    @service.task(version="1.0.0")
    def sell(item: str) -> None: ...

    @service.task(version="2.1.0")
    def sell_v2(item: str, count: int) -> None: ...

    @service.task(version="3.0.0", supersedes=sell_v2)
    def sell_many(items: list[str]) -> None: ...

    assert [(task.id, task.wire_name) for task in service.tasks] == [
        ("sell@1.0.0", "shop.sell"),
        ("sell@2.1.0", "shop.sell_v2"),
        ("sell@3.0.0", "shop.sell_many"),
    ]
    assert service.version == "3.0.0"


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("1", "1.4.0"),
        ("1.4.0", "1.4.0"),
        ("v1", "1.4.0"),
        ("2", "2.0.0"),
        (">=1,<3", "2.0.0"),
        ("<2", "1.4.0"),
    ],
)
def test_a_range_is_resolved_to_the_newest_version(wanted: str, chosen: str) -> None:
    service = Service("shop")
    declare(service, version="1.4.0")(plain)
    declare(service, version="2.0.0", name="shop.plain_v2")(plain)
    assert service.choose("plain", wanted).version == chosen


@pytest.mark.parametrize(
    ("name", "wanted", "message"),
    [
        ("plain", "3", r"no version '3' of plain\n  Its versions: 1\.0\.0\."),
        ("plane", "1", r"no task 'plane'\n  Its tasks: plain\."),
        ("plain", "new", "neither a version nor a range"),
    ],
)
def test_an_unknown_choice_lists_what_there_is(name: str, wanted: str, message: str) -> None:
    service = Service("shop")
    declare(service, version="1.0.0")(plain)
    with pytest.raises(DeclarationError, match=message):
        service.choose(name, wanted)
