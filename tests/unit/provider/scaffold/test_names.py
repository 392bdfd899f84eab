"""Names that a skeleton makes up are identifiers and hide nothing."""

from __future__ import annotations

import pytest

from taskcontract.provider.scaffold.names import Variables, is_usable, names_in, quote


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
    variables = Variables({"provider"}, "old")
    assert [variables.add(each) for each in wanted] == made


def test_the_names_of_an_expression_are_those_that_it_looks_up() -> None:
    assert names_in('dict[str, a.b | Literal["c"]]') == {"dict", "str", "a", "Literal"}


@pytest.mark.parametrize("text", ["a", "it's", 'a "b"', "\\", "\n\x00", "日本", "😀"])
def test_a_quoted_text_is_a_literal_of_it(text: str) -> None:
    assert eval(quote(text)) == text
    assert quote(text).startswith('"')
