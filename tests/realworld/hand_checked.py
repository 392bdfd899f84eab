"""What a reader of the source of released projects found: their tasks, and what changed between two."""

from __future__ import annotations

import ast
import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Expected", "ReleasePair", "read_expected", "read_pairs", "write_signature"]

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Expected:
    """A task that a release has: its registered name and its signature, defaults as they are written.

    `file` is not empty where the name is known only at run time: then it is the file that must be listed.
    """

    name: str
    signature: str
    file: str = ""


@dataclass(frozen=True)
class ReleasePair:
    """Two releases of a project, and each change between them as `severity rule task`."""

    project: str
    old: str
    new: str
    changes: Counter[str]


def read_pairs() -> list[ReleasePair]:
    """Return the pairs of releases whose lists are kept here."""
    with (_HERE / "releases.toml").open("rb") as file:
        pairs = tomllib.load(file)["release_pair"]
    return [ReleasePair(**{**pair, "changes": Counter(pair["changes"])}) for pair in pairs]


def read_expected(project: str, version: str) -> list[Expected]:
    """Return the tasks of a release: a line is `name(signature)`, or `? name(signature) file`."""
    lines = (_HERE / "tasks" / f"{project}-{version}.txt").read_text(encoding="utf-8").splitlines()
    return [_read_line(line) for line in lines]


def _read_line(line: str) -> Expected:
    file = ""
    if line.startswith("? "):
        line, _, file = line[2:].rpartition(" ")
    name, _, rest = line.partition("(")
    return Expected(name, write_signature(rest.removesuffix(")")), file)


def write_signature(parameters: str) -> str:
    """Return the parameters `a, b=1, *, c` as Python's own writer spells them.

    A default that is no JSON stands as its text, as in a spec: `b=settings.LIMIT` is `b='settings.LIMIT'`.
    """
    made = ast.parse(f"def made({parameters}): ...").body[0]
    assert isinstance(made, ast.FunctionDef)
    arguments = made.args
    arguments.defaults = [_as_json(default) for default in arguments.defaults]
    arguments.kw_defaults = [default and _as_json(default) for default in arguments.kw_defaults]
    return ast.unparse(arguments)


def _as_json(default: ast.expr) -> ast.expr:
    try:
        return ast.parse(repr(json.loads(json.dumps(ast.literal_eval(default)))), mode="eval").body
    except (ValueError, TypeError):
        return ast.Constant(ast.unparse(default))
