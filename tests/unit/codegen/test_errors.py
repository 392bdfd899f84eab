"""Old errors are made of newer ones where they take any arguments, and asked for where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.codegen.conftest import Write

DECLARED = """
import json
import struct


class One(Exception): ...


class Plain(LookupError): ...


class Two(Exception):
    def __init__(self, code: int, msg: str) -> None: ...


class Heir(Two): ...


class Made(Exception):
    def __new__(cls, code: int) -> "Made": ...


class Outer:
    class Inner(Exception): ...


class KeyError(Exception): ...


builtin = LookupError


@service.task(version="1.0.0", errors=({old},))
def f() -> int: ...


@service.task(version="2.0.0", supersedes=f, errors=({new},))
def f_v2() -> int: ...
"""


@pytest.mark.parametrize(
    ("old", "new", "last"),
    [
        ("One", "Two", "return One(*error.args)"),
        ("Plain", "Two", "return Plain(*error.args)"),
        ("OSError", "One", "return OSError(*error.args)"),
        ("Outer.Inner", "One", "return Outer.Inner(*error.args)"),
        ("struct.error", "One", "return error_2(*error.args)"),
        ("One", "struct.error", "return One(*error.args)"),
        ("Two", "One", 'raise NotImplementedError("callers of 1.0.0 get Two(code, msg): say with what'),
        ("Heir", "One", "get Heir(code, msg): say with what arguments"),
        ("Made", "One", "get Made(code): say with what arguments"),
        ("json.JSONDecodeError", "One", "get JSONDecodeError(msg, doc, pos): say with what arguments"),
        ("UnicodeDecodeError", "One", "say with what arguments"),
        ("One, Two", "Plain", "say which of One and Two callers of 1.0.0 get"),
    ],
)
def test_an_error_is_made_of_any_arguments_or_asked_for(write: Write, old: str, new: str, last: str) -> None:
    text = write(DECLARED.format(old=old, new=new)).partition("maps_error(f, ")[2]
    assert last in text
    assert ("return" in text) == last.startswith("return")


def test_errors_of_one_name_are_told_apart(write: Write) -> None:
    text = write(DECLARED.format(old="__import__('builtins').KeyError", new="KeyError"))
    assert "import KeyError as KeyError_2, f, f_v2" in text
    assert "def map_key_error_of_f(error: KeyError_2) -> KeyError:" in text


@pytest.mark.parametrize(("old", "new"), [("Two", "Two"), ("Two", "Heir"), ("Exception", "One")])
def test_errors_that_callers_know_are_neither_mapped_nor_imported(write: Write, old: str, new: str) -> None:
    text = write(DECLARED.format(old=old, new=new))
    assert "maps_error" not in text
    assert "import f, f_v2\n" in text
