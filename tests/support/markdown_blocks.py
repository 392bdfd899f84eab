"""The fenced blocks of a Markdown document: what each of them is, and where it stands.

- a block whose first line is a comment that names a file (`# pusher/tasks.py: ...`) is that file,
- `python` runs, and its names stay for the document's later blocks,
- `console` runs what follows each `$`; the lines below are its output, where `...` stands for anything,
- `<!-- exits: 1 -->` before a console block is the exit code of its last command,
- `<!-- not run: reason -->` leaves a block out; so does every language that nobody could run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME = re.compile(r"#\s*(?P<path>[\w.-]+(?:/[\w.-]+)*\.\w+)(?::.*)?$")
EXITS = re.compile(r"<!--\s*exits:\s*(\d+)\s*-->")
NOT_RUN = re.compile(r"<!--\s*not run:\s*\S.*-->")
ANY_LINES = r"(?:[^\n]*\n)*"
AMBIGUOUS = ("bash", "sh", "shell", "py", "pycon")


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is that of its first line of content, from 1."""

    kind: Literal["file", "python", "console"]
    text: str
    line: int
    path: str = ""
    exits: int = 0


@dataclass(frozen=True)
class Command:
    """One command of a console block, and the output that the document shows (None: none)."""

    text: str
    expected: str | None


def read_blocks(document: str) -> Iterator[Block]:
    """Give the blocks that are files or can be run; a ValueError for a language that says neither."""
    comment = ""
    for token in MarkdownIt("commonmark").parse(document):
        if token.type == "html_block":
            comment = token.content
        elif token.type == "fence":
            assert token.map is not None
            block = _read_block(token.info.strip(), token.content, token.map[0] + 2, comment)
            if block is not None:
                yield block
            comment = ""
        elif token.block and token.level == 0:
            comment = ""


def read_commands(block: Block) -> list[Command]:
    """The commands of a console block; a line that ends in a backslash goes on in the next."""
    commands: list[tuple[str, list[str]]] = []
    continued = False
    for line in block.text.splitlines():
        if continued:
            command, output = commands[-1]
            commands[-1] = (f"{command}\n{line.removeprefix('> ')}", output)
        elif line.startswith("$ "):
            commands.append((line.removeprefix("$ "), []))
        elif commands:
            commands[-1][1].append(line)
        else:
            raise ValueError(f"line {block.line}: a console block starts with `$ `")
        continued = (continued or line.startswith("$ ")) and line.endswith("\\")
    return [Command(text, "\n".join(output) if output else None) for text, output in commands]


def matches(expected: str, output: str) -> bool:
    """Whether a command's output is the one shown: `...` is any text, on a line of its own any lines."""
    pattern = ""
    for line in expected.strip().splitlines():
        text = re.escape(line.rstrip()).replace(r"\.\.\.", "[^\n]*") + "\n"
        pattern += ANY_LINES if line.strip() == "..." else text
    actual = "".join(line.rstrip() + "\n" for line in output.strip().splitlines())
    return re.fullmatch(pattern, actual) is not None


def _read_block(language: str, text: str, line: int, comment: str) -> Block | None:
    if NOT_RUN.search(comment):
        return None
    if language in AMBIGUOUS:
        raise ValueError(f"line {line - 1}: write `python` or `console` instead of `{language}`")
    named = FILE_NAME.match(text.partition("\n")[0])
    if named and language != "console":
        return Block("file", text, line, path=named["path"])
    if language == "python":
        return Block("python", text, line)
    if language == "console":
        exits = EXITS.search(comment)
        return Block("console", text, line, exits=int(exits[1]) if exits else 0)
    return None
