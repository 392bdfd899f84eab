"""Delegates typed per version: the module that `taskcontract generate` writes beside the bindings."""

from __future__ import annotations

import ast
from copy import deepcopy
from itertools import groupby
from typing import TYPE_CHECKING

from taskcontract.codegen.formatting import lay_out, unparse
from taskcontract.codegen.imports import Imports, Origin, find_name
from taskcontract.codegen.signatures import read_signature
from taskcontract.declare.parameter import place_of
from taskcontract.errors import DeclarationError
from taskcontract.frames import GENERATED_MARK
from taskcontract.model.version import newest_matching

if TYPE_CHECKING:
    from typing import Any

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task

__all__ = ["write_delegates"]

LONGEST = 110
"""Characters in a line."""

HEAD = '''\
"""Delegates of {service}, typed per version.

Written by `{command}`: do not edit.
"""

# fmt: off
# isort: skip_file

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from {home} import {variable}

if TYPE_CHECKING:
{imports}

__all__ = [
{names}
]

{mark} = True
"""A warning about a deprecated version names the line that calls a delegate, not one in here."""
'''

TYPING = ("TYPE_CHECKING", "Any", "Literal", "overload")


def write_delegates(service: Service, module: str, *, command: str) -> str:
    """Return the source of a module with one `delegate_<task>` per task of `service`, overloaded per version.

    `module` is where `service` was found, `command` what writes it again. A DeclarationError names
    a binding that no delegate can call.
    """
    if not service.tasks:
        raise DeclarationError(f"{service.name} declares no task", where=module, do="Declare one first.")
    families = [list(tasks) for _, tasks in groupby(service.tasks, key=lambda task: task.name)]
    delegates = [f"delegate_{tasks[0].name}" for tasks in families]
    home, variable = _find_variable(service, module)
    imports = Imports(
        {name: Origin("typing", name) for name in TYPING}
        | {name: Origin("", name) for name in delegates}
        | {variable: Origin(home, variable)}
    )
    imports.add(Origin("taskcontract", "Result"))
    bodies = [_write_family(tasks, variable, imports) for tasks in families]
    head = HEAD.format(
        service=service.name,
        command=command,
        home=home,
        variable=variable,
        imports="\n".join(f"    {line}" for line in imports.write(LONGEST - 4)),
        names="\n".join(f'    "{name}",' for name in sorted(delegates)),
        mark=GENERATED_MARK,
    )
    return "\n\n".join([head, *bodies])


def _find_variable(service: Service, module: str) -> tuple[str, str]:
    """Return the module that declares `service` and its name there: rather its tasks' own than `module`."""
    for home in (*(task.function.__module__ for task in service.tasks), module):
        name = find_name(service, home)
        if name is not None:
            return home, name
    raise DeclarationError(f"no variable holds {service.name}", where=module, do="Assign it to one.")


def _write_family(tasks: list[Task[..., Any]], service: str, imports: Imports) -> str:
    """Return the overloads of one task, one for each version, and what they stand for."""
    name = tasks[0].name
    lowest = tasks[0].version.partition(".")[0]
    overloads = []
    for task in tasks:
        _refuse_own_version(task)
        spelling = read_signature(task, imports)
        for choice in _choose_spellings(task, tasks):
            parameters = deepcopy(spelling.parameters)
            parameters.kwonlyargs.append(ast.arg("version", _literal(choice)))
            parameters.kw_defaults.append(ast.Constant(lowest) if lowest in choice else None)
            head = f"def delegate_{name}({unparse(parameters)}) -> Result[{spelling.result}]: ..."
            overloads.append(f"@overload\n{lay_out(head, LONGEST)}\n")
    versions = " or ".join(task.version for task in tasks)
    return "".join(overloads) + (
        f'def delegate_{name}(*args: Any, version: str = "{lowest}", **kwargs: Any) -> Result[Any]:\n'
        f'    """Send `{name}` to {tasks[0].service.name}, in version {versions}."""\n'
        f'    return {service}.choose("{name}", version).delay(*args, **kwargs)\n'
    )


def _choose_spellings(task: Task[..., Any], tasks: list[Task[..., Any]]) -> list[list[str]]:
    """Return how callers may spell the version of `task`: `"1.2.0"`, and `"1"` if it is the newest major 1.

    One list for each overload; a lone version takes two, as type checkers refuse a single one.
    """
    major = task.version.partition(".")[0]
    newest = newest_matching(major, [each.version for each in tasks]) == task.version
    spelled = [major, task.version] if newest else [task.version]
    return [[text] for text in spelled] if len(tasks) == 1 else [spelled]


def _refuse_own_version(task: Task[..., Any]) -> None:
    if "version" in task.signature_of_function.parameters:
        raise DeclarationError(
            f"{task.id} has a parameter named 'version', which in a delegate says which version is called",
            where=place_of(task.function),
            do="Give the parameter another name, for example `item_version`.",
        )


def _literal(texts: list[str]) -> ast.expr:
    return ast.parse(f"Literal[{', '.join(map(repr, texts))}]", mode="eval").body
