"""The newer call is made by names that no parameter hides, and of the version that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.codegen.conftest import Write

DECLARED = """

@service.task(version="1.0.0")
def f({old}) -> int: ...


@service.task(version="2.0.0", supersedes=f)
def f_v2({new}) -> int: ...
"""

THREE = """

@service.task(version="1.0.0")
def w() -> str: ...


@service.task(version="10.0.0", supersedes=w)
def w_v10() -> int: ...


@service.task(version="2.0.0", supersedes=w)
def w_v2() -> int: ...


@service.task(version="1.0.0")
def v() -> int: ...
"""


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "f_v2: str",
            "f_v2: str",
            ["import f, f_v2 as f_v2_2", "(f_v2: str)", "return f_v2_2.call(f_v2=f_v2)"],
        ),
        ("f_v2: str, f_v2_2: str", "f_v2: str, f_v2_2: str", ["f_v2 as f_v2_3", "return f_v2_3.call("]),
        ("f: str", "f: str", ["import f, f_v2\n", "@provider.upcasts(f)", "return f_v2.call(f=f)"]),
        ("Call: str", "Call: str", ["def upcast_f(Call: str) -> Call[int]:"]),
        ("date: date", "date: date", ["import date\n", "def upcast_f(date: date) ->"]),
        # What is asked for is declared in the body, where a parameter would hide a type.
        ("date: date", "date: date, day: date", ["import date as date_2", "    day: date_2\n"]),
        ("list: str", "list: str, tags: list[str]", ["import list as list_2", "    tags: list_2[str]\n"]),
        # A variable hides nothing either.
        ("", "date: date", ["    new_date: date\n", "call(date=new_date)"]),
        ("", "f_v2: str", ["    new_f_v2: str\n", "return f_v2.call(f_v2=new_f_v2)"]),
        ("", "provider: str", ["    new_provider: str\n", "call(provider=new_provider)"]),
        ("a: int, new_a: int", "a: str, new_a: int", ["    new_a_2: str\n", "call(a=new_a_2, new_a=new_a)"]),
        ("*more: int", "*more: str", ["    new_more: tuple[str, ...]\n", "call(*new_more)"]),
        ("**extra: int", "**extra: str", ["    new_extra: dict[str, str]\n", "call(**new_extra)"]),
    ],
)
def test_names_of_the_module_and_of_the_function_do_not_meet(
    write: Write, old: str, new: str, lines: list[str]
) -> None:
    text = write(DECLARED.format(old=old, new=new))
    for line in lines:
        assert line in text


def test_a_provider_and_a_binding_of_one_name_are_told_apart(write: Write) -> None:
    text = write(DECLARED.format(old="", new=""), provider="f_v2")
    assert "@f_v2.upcasts(f)\ndef upcast_f() -> Call[int]:" in text
    assert "return f_v2_2.call()" in text


@pytest.mark.parametrize(
    ("new", "given"),
    [("w_v2", "w"), ("w_v10", "w, to=w_v10")],
)
def test_a_target_that_does_not_follow_is_named(write: Write, new: str, given: str) -> None:
    text = write(THREE, old="w", new=new)
    assert f"@provider.upcasts({given})\n" in text
    assert f"@provider.downcasts({given})\n" in text
