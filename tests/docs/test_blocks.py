"""How the documents' blocks are read: what is run, and which output is the one shown."""

from __future__ import annotations

import pytest

from tests.support.markdown_blocks import Block, Command, matches, read_blocks, read_commands


@pytest.mark.parametrize(
    ("document", "block"),
    [
        ("```python\nx = 1\n```", Block("python", "x = 1\n", 2)),
        ("text\n\n```python\nx = 1\n```", Block("python", "x = 1\n", 4)),
        ("```python\n# a/b.py: says why\n```", Block("file", "# a/b.py: says why\n", 2, path="a/b.py")),
        ("```toml\n# pyproject.toml\n```", Block("file", "# pyproject.toml\n", 2, path="pyproject.toml")),
        ("```python\n# not a file: really\n```", Block("python", "# not a file: really\n", 2)),
        ("```console\n$ ls\n```", Block("console", "$ ls\n", 2)),
        ("<!-- exits: 1 -->\n```console\n$ ls\n```", Block("console", "$ ls\n", 3, exits=1)),
        ("<!-- exits: 1 -->\n\ntext\n\n```console\n$ ls\n```", Block("console", "$ ls\n", 6)),
        ("1. item\n\n   ```console\n   $ ls\n   ```", Block("console", "$ ls\n", 4)),
    ],
)
def test_blocks(document: str, block: Block) -> None:
    assert list(read_blocks(document)) == [block]


@pytest.mark.parametrize(
    "document", ["```text\nx\n```", "```yaml\na: 1\n```", "<!-- not run: takes a day -->\n```python\nx\n```"]
)
def test_left_out(document: str) -> None:
    assert list(read_blocks(document)) == []


@pytest.mark.parametrize("language", ["bash", "sh", "shell", "py"])
def test_a_language_that_would_escape_the_run_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="`python` or `console`"):
        list(read_blocks(f"```{language}\nx\n```"))


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("$ a\n$ b", [Command("a", None), Command("b", None)]),
        ("$ a\none\n\ntwo\n$ b", [Command("a", "one\n\ntwo"), Command("b", None)]),
        ("$ a \\\n    b\none", [Command("a \\\n    b", "one")]),
    ],
)
def test_commands(text: str, commands: list[Command]) -> None:
    assert read_commands(Block("console", text, 1)) == commands


def test_a_console_block_starts_with_a_command() -> None:
    with pytest.raises(ValueError, match="line 7"):
        read_commands(Block("console", "output", 7))


@pytest.mark.parametrize(
    ("expected", "output", "same"),
    [
        ("one", "one\n", True),
        ("one", "two", False),
        ("one", "one\ntwo", False),
        ("in ... s", "in 0.4 s", True),
        ("in ... s", "in 0.4 ms", False),
        ("a.b", "axb", False),
        ("one\n...\nfour", "one\ntwo\nthree\nfour", True),
        ("one\n...\nfour", "one\nfour", True),
        ("one\n...\nfour", "one\ntwo", False),
        ("...\nlast", "first\nlast", True),
        ("...\nlast", "last", True),
        ("first\n...", "first\nlast", True),
        ("first\n...", "last", False),
        ("...", "", True),
        ("...", "one\ntwo", True),
    ],
)
def test_output(expected: str, output: str, same: bool) -> None:
    assert matches(expected, output) is same
