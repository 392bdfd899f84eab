"""The source of an adapter's skeleton and of its test.

Everything that maps by itself is filled in. Each decision is a line that raises and says what to
decide: it is replaced by an assignment, and the line below it uses that variable.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from taskcontract.codegen.adapter_module import AdapterModule, annotate_questions, find_variable
from taskcontract.codegen.formatting import (
    LONGEST,
    FreshNames,
    fill,
    lay_out,
    raise_question,
    unparse,
    write_docstring,
)
from taskcontract.codegen.imports import Imports, Origin
from taskcontract.codegen.mapping import construct, map_fields, map_parameters, read_fields, unwrap_annotated
from taskcontract.codegen.signatures import write_annotation
from taskcontract.diff import compare_tasks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from taskcontract.codegen.mapping import Argument
    from taskcontract.declare.task import Task

__all__ = ["write_adapters", "write_test"]

HEAD = '''\
"""Callers of {old} are served by {new}.

{changes}"""

from __future__ import annotations

{imports}
'''

TEST = '''\
"""Whatever callers of {id} send, the newer version serves them."""

{imports}


def test_adapters_of_{stem}_are_sound() -> None:
    {check}({provider}, {old})
'''

PASSED = {"var-positional": "*{0.value}", "var-keyword": "**{0.value}", "positional-only": "{0.value}"}
BY_NAME = "{0.name}={0.value}"
"""How an argument stands in a call, by its kind: by name where that is possible."""


def write_adapters(old: Task[..., Any], new: Task[..., Any], provider: Origin) -> str:
    """Return the source of a module with the adapters that serve `old` by `new`, declared at `provider`."""
    module = AdapterModule(old, new, provider)
    _write_bodies(module)  # what all of them import is known after this, and no variable is to hide it
    bodies = _write_bodies(module)
    imports = "\n".join(module.imports.write(LONGEST))
    head = HEAD.format(old=old.id, new=new.id, changes=_list_changes(old, new), imports=imports)
    return "\n\n".join([head, *bodies])


def write_test(old: Task[..., Any], provider: Origin) -> str:
    """Return the source of a test that tries these adapters with Hypothesis."""
    imports = Imports({})
    variable = find_variable(old)
    check = Origin("taskcontract.testing", "check_adapters")
    names = [imports.add(each.attribute, each) for each in (provider, variable, check)]
    return TEST.format(
        id=old.id,
        imports="\n".join(imports.write(LONGEST)),
        stem=variable.attribute,
        provider=names[0],
        old=names[1],
        check=names[2],
    )


def _write_bodies(module: AdapterModule) -> list[str]:
    return [_write_upcaster(module), *_write_downcaster(module), *_write_error_adapters(module)]


def _list_changes(old: Task[..., Any], new: Task[..., Any]) -> str:
    """Return what a caller of the old version would meet in the new one, as lines of a docstring."""
    found = compare_tasks(old.spec(), new.spec(), service=old.service.name)
    lines = [f"{each.rule} at {each.path}: {each.consequence}" for each in found if each.severity != "safe"]
    changes = [fill(f"- {line}") for line in dict.fromkeys(lines)]
    return "".join(f"{each}\n" for each in ["Without them:", *changes] if changes)


def _write_function(
    decorator: str, name: str, parameters: str, result: str, doc: str, body: Iterable[str]
) -> str:
    head = lay_out(f"def {name}({parameters}) -> {result}:")
    return "\n".join([f"@{decorator}", head, write_docstring(doc), *body, ""])


def _write_upcaster(module: AdapterModule) -> str:
    """Return the upcaster's source, each parameter passed on or asked for."""
    old, new = module.old, module.new
    call = module.add(Origin("taskcontract", "Call"))
    variables = FreshNames({*module.imports.names, *(slot.name for slot in old.binder.slots)}, "new")
    arguments = list(map_parameters(old, new, variables))
    types = annotate_questions(old, new, arguments, module.imports)
    passed = ", ".join(PASSED.get(each.kind, BY_NAME).format(each) for each in arguments if each.name)
    return _write_function(
        f"{module.provider}.upcasts({module.adapted})",
        module.upcaster,
        unparse(module.old_signature.parameters),
        f"{call}[{module.new_signature.result}]",
        _describe(old.version, arguments),
        [*_ask(arguments, types), lay_out(f"    return {module.new_name}.call({passed})")],
    )


def _describe(version: str, arguments: Sequence[Argument]) -> str:
    """Return a first text for the callers' changelog."""
    questions = [argument.question.partition(":")[0] for argument in arguments if argument.question]
    return f"{'; '.join(questions) or f'Nothing changes for callers of {version}'}."


def _ask(arguments: Sequence[Argument], types: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that ask for each argument that does not map by itself; `types` are by argument."""
    for argument in arguments:
        if argument.question and argument.name:
            yield f"    {argument.value}: {types[argument.name]}"
        if argument.question:
            yield raise_question(argument.question)


def _write_downcaster(module: AdapterModule) -> Iterator[str]:
    """Yield the downcaster's source; none where both versions return the same."""
    was, now = module.old.binder.result.annotation, module.new.binder.result.annotation
    if was == now:
        return
    spelled = module.old_signature.result, module.new_signature.result
    if was in (None, type(None)):
        body = ["    return None"]
    else:
        body = _map_members(module, was, now) or [_ask_for_all(module, now)]
    yield _write_function(
        f"{module.provider}.downcasts({module.adapted})",
        module.downcaster,
        f"result: {spelled[1]}",
        spelled[0],
        f"{module.old.version} returned {spelled[0]}.",
        body,
    )


def _map_members(module: AdapterModule, was: Any, now: Any) -> list[str] | None:
    """Return the lines that build an old structure, member by member; None for results of other types."""
    fields = map_fields(was, now, "result", FreshNames({*module.imports.names, "result"}, "old"))
    if fields is None:
        return None
    wanted = read_fields(was)
    types = {
        each.name: write_annotation(wanted[each.name], module.imports) for each in fields if each.question
    }
    made = (
        module.old_signature.result
        if unwrap_annotated(was) is was
        else write_annotation(unwrap_annotated(was), module.imports)
    )
    last = construct(was, made, {field.name: field.value for field in fields}, module.imports)
    return None if last is None else [*_ask(fields, types), lay_out(f"    return {last}")]


def _ask_for_all(module: AdapterModule, now: Any) -> str:
    members = ", ".join(read_fields(now))
    what = f"{module.new.version} returns {module.new_signature.result}{f' ({members})' if members else ''}"
    return raise_question(
        f"{what}: say what of it is {module.old_signature.result} for callers of {module.old.version}"
    )


PARTICULAR = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, SyntaxError, BaseExceptionGroup)
"""Python's own errors that do not take just any arguments."""


def _write_error_adapters(module: AdapterModule) -> Iterator[str]:
    """Yield one for each error of the new version that the old one's callers do not know."""
    old = module.old
    if not old.errors:
        return
    known = [module.add_class(error) for error in old.errors]
    for error in module.new.errors:
        if issubclass(error, old.errors):
            continue
        name = module.add_class(error)
        if len(known) > 1:
            last = raise_question(f"say which of {' and '.join(known)} callers of {old.version} get")
        elif _takes_anything(old.errors[0]):
            last = f"    return {known[0]}(*error.args)"
        else:
            made = f"{known[0]}{_signature_of(old.errors[0])}"
            last = raise_question(f"callers of {old.version} get {made}: say with what arguments")
        yield _write_function(
            f"{module.provider}.maps_error({module.old_name}, {name})",
            module.mappers[error],
            f"error: {name}",
            " | ".join(known),
            f"{old.version} knew no {error.__name__}.",
            [last],
        )


def _takes_anything(error: type[Exception]) -> bool:
    """Return whether an error is made of any arguments, as a plain Exception is."""
    makers = [
        next(each for each in error.__mro__ if method in vars(each)) for method in ("__init__", "__new__")
    ]
    return not issubclass(error, PARTICULAR) and all(each.__module__ == "builtins" for each in makers)


def _signature_of(error: Any) -> str:
    """Return the parameters of an error's class, as far as Python knows them."""
    try:
        names = list(inspect.signature(error).parameters)
    except ValueError:
        names = ["..."]
    return f"({', '.join(names)})"
