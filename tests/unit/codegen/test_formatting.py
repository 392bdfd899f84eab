"""Made-up names are identifiers and hide nothing; what is written is laid out as ruff lays it out."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from taskcontract.codegen.formatting import FreshNames, is_usable, lay_out, quote, unparse


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        ("url", True),
        ("match", True),  # a keyword in places alone
        ("größe", True),
        ("content-type", False),
        ("class", False),
        ("None", False),
        ("1st", False),
        ("", False),
        ("__debug__", False),
        ("ﬁle", False),  # Python reads it as file
    ],
)
def test_usable_names_are_those_that_python_leaves_as_they_are(name: str, usable: bool) -> None:
    assert is_usable(name) is usable


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        (["url"], ["url"]),
        (["provider"], ["old_provider"]),
        (["id", "type"], ["old_id", "old_type"]),
        (["content-type"], ["content_type"]),
        (["a-b", "a_b", "a.b"], ["a_b", "old_a_b", "old_a_b_2"]),
        (["class", "1st", "", "__debug__"], ["old_class", "old_1st", "old_", "old___debug__"]),
        (["ﬁle"], ["file"]),
    ],
)
def test_variables_are_free_identifiers(wanted: list[str], made: list[str]) -> None:
    variables = FreshNames({"provider"}, "old")
    assert [variables.add(each) for each in wanted] == made


@pytest.mark.parametrize("text", ["a", "it's", 'a "b"', "\\", "\n\x00", "日本", "😀"])
def test_a_quoted_text_is_a_literal_of_it(text: str) -> None:
    assert eval(quote(text)) == text
    assert quote(text).startswith('"')


MANY = ", ".join(f"argument_{number}: dict[str, int] = {{}}" for number in range(4))
TYPES = ", ".join(f"a{number}: str" for number in range(8))


@pytest.mark.process
@pytest.mark.parametrize(
    "statement",
    [
        "def short(a: int) -> str: ...",
        f"def inside_on_one_line({TYPES}) -> dict[str, int]: ...",
        f"def one_on_each_line({MANY}) -> dict[str, int]: ...",
        f"def with_marks(one: int, /, {MANY}, *, more: str, **rest: list[str]) -> None: ...",
        f"raise NotImplementedError({'?, ' * 40!r})",
        f"made = here.of({', '.join(f'argument_{number}=[1, 2, 3, 4, 5, 6]' for number in range(4))})",
        f"made = TypeAdapter(Old).validate({ {f'key-{number}': number for number in range(9)} })",
        "f('a', (1, 2))",
        f"{'x' * 120}: int = 1",
    ],
)
def test_statements_are_laid_out_as_ruff_lays_them_out(statement: str) -> None:
    text = lay_out(statement.replace("'", '"'), 100)
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=100", "-"]
    done = subprocess.run(ruff, input=statement, capture_output=True, text=True, check=True, timeout=60)
    assert f"{text}\n" == done.stdout
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(statement))


@pytest.mark.parametrize(
    "parameters",
    [
        'a: int, /, b: str = "x", *more: int, c: dict[str, int] = {}, **rest: str',
        "a: Annotated[int, Field(gt=0, le=1)] = 1, *, b: str = 'it\"s'",
        "*, a: int = call(b=1)",
    ],
)
def test_parameters_are_spelled_as_formatters_spell_them(parameters: str) -> None:
    [function] = ast.parse(f"def f({parameters}): ...").body
    assert isinstance(function, ast.FunctionDef)
    assert unparse(function.args) == parameters
