"""Files of any encoding and any Python become trees; what is not in the tree is listed."""

from __future__ import annotations

import ast
import contextlib

import pytest

from taskcontract.extract.static.parsing import UnreadableError, parse

E_ACUTE = "x = 'é'"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfx = 1\n", "x = 1"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", E_ACUTE),
        (b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = '\xe9'\n", E_ACUTE),
        (b"x = '\xe9'\n", E_ACUTE),
        (b"# coding: utf-8\nx = '\xe9'\n", E_ACUTE),
        (b"# coding: no-such-one\nx = 1\n", "x = 1"),
        (E_ACUTE.encode("utf-16"), E_ACUTE),
        (E_ACUTE.encode("utf-32"), E_ACUTE),
        (b"\x0cx = 1\n\x0cy = 2\n", "x = 1\ny = 2"),
        (b"x = 1\0\ny = 2\n", "x = 1\ny = 2"),
        (b"x = 1\r\ny = 2\r", "x = 1\ny = 2"),
        (b"if x:\n\ty = 1\n        z = 2\n", "if x:\n    y = 1\n    z = 2"),
    ],
)
def test_a_file_is_read_whatever_its_encoding(text: bytes, shown: str) -> None:
    parsed = parse(text)
    assert ast.unparse(parsed.tree) == shown
    assert not parsed.lost


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@t\ndef f[T: int](x: T): ...", "@t\ndef f(x: T):\n    ..."),
        ("class C[T](B):\n    x: T", "class C(B):\n    x: T"),
        ("type Pair[T] = tuple[T, T]", "Pair = tuple[T, T]"),
        ("try:\n    f()\nexcept A, B:\n    g()", "try:\n    f()\nexcept A:\n    g()"),
        ("try:\n    f()\nexcept A, B:  # why\n    # more\n    g()", "try:\n    f()\nexcept A:\n    g()"),
        ("x = f'{a['b']}'", "x = f\"{a['b']}\""),
        ("x = t'{a}'", "x = f'{a}'"),
        ("def f(a, (b, c), d=0777, e=10L): pass", "def f(a, __, d=511, e=10):\n    pass"),
        ("if a <> b: f()", "if a != b:\n    f()"),
        ("x = ur'a'", "x = 'a'"),
    ],
)
def test_what_another_python_writes_otherwise_is_read_as_this_ones(text: str, shown: str) -> None:
    """Newer ones as this may be 3.11 or 3.14, which has them itself: then as it is."""
    parsed = parse(text.encode())
    with contextlib.suppress(SyntaxError):
        shown = ast.unparse(ast.parse(text))
    assert ast.unparse(parsed.tree) == shown
    assert not parsed.lost


def test_a_statement_that_cannot_be_read_is_left_out_alone_and_no_line_moves() -> None:
    text = """
@app.task(name="a")
def first(x, y=1):
    print "hello"
    other.delay(1)
    exec "x" in {}

<<<<<<< HEAD
@app.task
def second(x):
    raise E, "no"
=======
>>>>>>> main

class C:
    def broken(self: pass

    @app.task
    def third(self): return 1
"""
    parsed = parse(text.encode())
    functions = {each.name: each for each in ast.walk(parsed.tree) if isinstance(each, ast.FunctionDef)}
    assert {"first": 3, "second": 10}.items() <= {n: f.lineno for n, f in functions.items()}.items()
    assert "other.delay(1)" in ast.unparse(functions["first"])
    assert ast.unparse(functions["second"].decorator_list[0]) == "app.task"
    assert min(each.line for each in parsed.lost) == 4
    assert "third" in functions or any("C" in each.what for each in parsed.lost)


def test_a_body_that_cannot_be_read_leaves_the_head() -> None:
    parsed = parse(b"@t\ndef f(a, b=2):\n  x = 1\n     y = 2\n   z = 3\n")
    assert [each.name for each in parsed.tree.body if isinstance(each, ast.FunctionDef)] == ["f"]
    assert parsed.lost


@pytest.mark.parametrize(
    "text", [b"\x89PNG\r\n\x1a\n\0\0", b"(" * 5000, b"x = " + b"[" * 9000 + b"]" * 9000 + b"\ny = 1\n"]
)
def test_what_is_no_code_or_nested_beyond_measure_is_left_out(text: bytes) -> None:
    assert parse(text).lost


def test_without_the_tolerant_parser_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "taskcontract.extract.static.repair", None)
    with pytest.raises(UnreadableError, match=r"taskcontract\[source\]") as caught:
        parse(b"x = 1\ndef f(:\n")
    assert caught.value.line == 2
