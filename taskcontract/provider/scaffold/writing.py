"""The source of an adapter's skeleton and of its test.

Everything that maps by itself is filled in. Each decision is a line that raises and says what to
decide: it is replaced by an assignment, and the line below it uses that variable.
"""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING, Any

from taskcontract.declare.annotations import Spelling, spell_task
from taskcontract.declare.imports import Imports, Origin
from taskcontract.diff import compare_tasks
from taskcontract.provider.scaffold.mapping import map_fields, map_parameters, read_fields
from taskcontract.provider.scaffold.places import find_variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.declare.task import Task
    from taskcontract.provider.scaffold.mapping import Argument

__all__ = ["write_adapters", "write_test"]

LONGEST = 100
"""Characters in a line."""

HEAD = '''\
"""Callers of {old} are served by {new}.

{changes}"""

from __future__ import annotations

{imports}
'''

TEST = '''\
"""Whatever callers of {id} send, the newer version serves them."""

{imports}


def test_adapters_of_{name}_are_sound() -> None:
    check_adapters({provider}, {old})
'''


def write_adapters(old: Task[..., Any], new: Task[..., Any], provider: Origin) -> str:
    """The source of a module with the adapters that serve `old` by `new`, declared at `provider`."""
    imports = Imports({})
    names = [_import(imports, each) for each in (provider, find_variable(old), find_variable(new))]
    bodies = [
        _write_upcaster(old, new, names, imports),
        *_write_downcaster(old, new, names, imports),
        *_write_error_adapters(old, new, names, imports),
    ]
    head = HEAD.format(
        old=old.id, new=new.id, changes=_list_changes(old, new), imports="\n".join(imports.write(LONGEST))
    )
    return "\n\n".join([head, *bodies])


def write_test(old: Task[..., Any], provider: Origin) -> str:
    """The source of a test that tries these adapters with Hypothesis."""
    imports = Imports({})
    names = [_import(imports, each) for each in (provider, find_variable(old))]
    _import(imports, Origin("taskcontract.testing", "check_adapters"))
    return TEST.format(
        id=old.id, imports="\n".join(imports.write(LONGEST)), name=names[1], provider=names[0], old=names[1]
    )


def _import(imports: Imports, origin: Origin) -> str:
    return imports.add(origin.attribute, origin)


def _list_changes(old: Task[..., Any], new: Task[..., Any]) -> str:
    """What a caller of the old version would meet in the new one, as lines of a docstring."""
    found = compare_tasks(old.spec(), new.spec(), service=old.service.name)
    lines = [f"{each.rule} at {each.path}: {each.consequence}" for each in found if each.severity != "safe"]
    wrapped = [
        textwrap.fill(line.replace("\\", "\\\\").replace('"""', "'''"), LONGEST, subsequent_indent="  ")
        for line in dict.fromkeys(lines)
    ]
    return "".join(f"{each}\n" for each in ["Without them:", *(f"- {line}" for line in wrapped)] if wrapped)


def _write_upcaster(old: Task[..., Any], new: Task[..., Any], names: Sequence[str], imports: Imports) -> str:
    provider, old_name, new_name = names
    before = spell_task(old, imports, defaults=True)
    after = spell_task(new, imports)
    call = _import(imports, Origin("taskcontract", "Call"))
    arguments = list(map_parameters(old, new))
    types = _types_of(after)
    return "\n".join(
        [
            f"@{provider}.upcasts({old_name})",
            _define(f"upcast_{old_name}", _parameters_of(before), f"{call}[{after.result}]"),
            _document(_describe(old, arguments)),
            *_ask(arguments, types),
            _wrap(f"    return {new_name}.call(", _pass(arguments), ")"),
            "",
        ]
    )


def _write_downcaster(
    old: Task[..., Any], new: Task[..., Any], names: Sequence[str], imports: Imports
) -> Iterator[str]:
    was, now = old.binder.result.annotation, new.binder.result.annotation
    if was == now:
        return
    spelled = [spell_task(each, imports).result for each in (old, new)]
    fields = map_fields(was, now, "result") if spelled[0].isidentifier() else None
    lines = [
        f"@{names[0]}.downcasts({names[1]})",
        _define(f"downcast_{names[1]}", [f"result: {spelled[1]}"], spelled[0]),
        _document(f"{old.version} returned {spelled[0]}."),
    ]
    if was in (None, type(None)):
        lines += ["    return None", ""]
    elif fields is None:
        members = ", ".join(read_fields(now))
        what = f"{new.version} returns {spelled[1]}{f' ({members})' if members else ''}"
        lines += _raise(f"{what}: say what of it is {spelled[0]} for callers of {old.version}")
    else:
        passed = [f"{field.name}={field.value}" for field in fields]
        lines += [*_ask(fields, {}), _wrap(f"    return {spelled[0]}(", passed, ")"), ""]
    yield "\n".join(lines)


def _write_error_adapters(
    old: Task[..., Any], new: Task[..., Any], names: Sequence[str], imports: Imports
) -> Iterator[str]:
    """One for each error of the new version that the old one's callers do not know."""
    if not old.errors:
        return
    known = [_import_class(imports, error) for error in old.errors]
    for error in new.errors:
        if issubclass(error, old.errors):
            continue
        name = _import_class(imports, error)
        suffix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", error.__name__).lower()
        lines = [
            f"@{names[0]}.maps_error({names[1]}, {name})",
            _define(f"map_{suffix}_of_{names[1]}", [f"error: {name}"], " | ".join(known)),
            _document(f"{old.version} knew no {error.__name__}."),
        ]
        if len(known) == 1:
            lines += [f"    return {known[0]}(*error.args)", ""]
        else:
            lines += _raise(f"say which of {' and '.join(known)} callers of {old.version} get")
        yield "\n".join(lines)


def _import_class(imports: Imports, error: type[Exception]) -> str:
    if error.__module__ == "builtins":
        return error.__name__
    return imports.add(error.__name__, Origin(error.__module__, error.__name__))


def _parameters_of(spelling: Spelling) -> list[str]:
    """The parameters as a function of its own has them."""
    parameters = [*spelling.before, *spelling.after]
    star = parameters.index("*") if "*" in parameters else -1
    followed = star >= 0 and star + 1 < len(spelling.before)
    return parameters if star < 0 or followed else [each for each in parameters if each != "*"]


def _types_of(spelling: Spelling) -> dict[str, str]:
    """Parameter -> type, as the source spells it."""
    typed = (each.lstrip("*").partition(": ") for each in (*spelling.before, *spelling.after))
    return {name: spelled.removesuffix(" = ...") for name, _, spelled in typed if spelled}


def _pass(arguments: Sequence[Argument]) -> list[str]:
    """The arguments as they stand in a call, by name where that is possible."""
    passed = []
    for argument in arguments:
        match argument.kind:
            case _ if not argument.name:
                continue
            case "var-positional":
                passed.append(f"*{argument.value}")
            case "var-keyword":
                passed.append(f"**{argument.value}")
            case "positional-only":
                passed.append(argument.value)
            case _:
                passed.append(f"{argument.name}={argument.value}")
    return passed


def _describe(old: Task[..., Any], arguments: Sequence[Argument]) -> str:
    """A first text for the callers' changelog."""
    questions = [argument.question.partition(":")[0] for argument in arguments if argument.question]
    return f"{'; '.join(questions) or f'Nothing changes for callers of {old.version}'}."


def _ask(arguments: Sequence[Argument], types: dict[str, str]) -> Iterator[str]:
    for argument in arguments:
        if argument.question and argument.value in types:
            yield f"    {argument.value}: {types[argument.value]}"
        elif argument.question and argument.name in types:
            yield f"    {argument.value}: {types[argument.name]}"
        if argument.question:
            yield from _raise(argument.question)[:-1]


def _raise(question: str) -> list[str]:
    return [_wrap("    raise NotImplementedError(", [json.dumps(question, ensure_ascii=False)], ")"), ""]


def _document(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', "'")
    filled = textwrap.fill(text[:1].upper() + text[1:], LONGEST - 8, subsequent_indent="    ")
    return f'    """{filled}"""' if "\n" not in filled else f'    """{filled}\n    """'


def _define(name: str, parameters: Sequence[str], result: str) -> str:
    return _wrap(f"def {name}(", parameters, f") -> {result}:")


def _wrap(start: str, members: Sequence[str], end: str) -> str:
    """A line with `members` between brackets; where that is too long, each in a line of its own."""
    line = start + ", ".join(members) + end
    if len(line) <= LONGEST:
        return line
    indent = " " * (len(start) - len(start.lstrip()))
    lone = len(members) == 1
    inside = [f"{indent}    {member}{'' if lone else ','}" for member in members]
    return "\n".join([start, *inside, f"{indent}{end}"])
