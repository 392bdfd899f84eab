"""The source of an adapter's skeleton and of its test.

Everything that maps by itself is filled in. Each decision is a line that raises and says what to
decide: it is replaced by an assignment, and the line below it uses that variable.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from taskcontract.codegen.adapter_module import AdapterModule, find_variable, raise_question, write_function
from taskcontract.codegen.formatting import LONGEST, FreshNames, fill, unparse
from taskcontract.codegen.imports import Imports, Origin
from taskcontract.codegen.mapping import construct, map_fields, map_parameters, read_fields, unwrap_annotated
from taskcontract.codegen.signatures import write_annotation
from taskcontract.diff import compare_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

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

PARTICULAR = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, SyntaxError, BaseExceptionGroup)
"""Python's own errors that do not take just any arguments."""


def write_adapters(old: Task[..., Any], new: Task[..., Any], provider: Origin) -> str:
    """Return the source of a module with the adapters that serve `old` by `new`, declared at `provider`."""
    module = AdapterModule(old, new, provider)
    _write_functions(module)  # variables hide no import, and all of those are known behind it
    functions = _write_functions(module)
    imports = "\n".join(module.imports.write(LONGEST))
    head = HEAD.format(old=old.id, new=new.id, changes=_list_changes(old, new), imports=imports)
    return "\n\n".join([head, *functions])


def _write_functions(module: AdapterModule) -> list[str]:
    return [_write_upcaster(module), *_write_downcaster(module), *_write_error_adapters(module)]


def write_test(old: Task[..., Any], provider: Origin) -> str:
    """Return the source of a test that tries these adapters with Hypothesis."""
    imports, variable = Imports({}), find_variable(old)
    names = {"provider": provider, "old": variable, "check": Origin("taskcontract.testing", "check_adapters")}
    used = {key: imports.add(origin) for key, origin in names.items()}
    lines = "\n".join(imports.write(LONGEST))
    return TEST.format(id=old.id, stem=variable.attribute, imports=lines, **used)


def _list_changes(old: Task[..., Any], new: Task[..., Any]) -> str:
    """Return what a caller of the old version would meet in the new one, as lines of a docstring."""
    found = compare_tasks(old.spec(), new.spec(), service=old.service.name)
    lines = [f"{each.rule} at {each.path}: {each.consequence}" for each in found if each.severity != "safe"]
    changes = [fill(f"- {line}") for line in dict.fromkeys(lines)]
    return "".join(f"{each}\n" for each in ["Without them:", *changes] if changes)


def _write_upcaster(module: AdapterModule) -> str:
    """Return the upcaster's source, each parameter passed on or asked for."""
    old, new, imports = module.old, module.new, module.imports
    parameters = {slot.name for slot in old.binder.slots}
    call = imports.add(Origin("taskcontract", "Call"))
    arguments = list(map_parameters(old, new, FreshNames({*imports.names, *parameters}, "new")))
    types = {slot.name: slot.whole.annotation for slot in new.binder.slots}
    body = [*module.ask(arguments, types, parameters)]
    name = imports.add(find_variable(new), avoid=parameters)
    passed = ", ".join(PASSED.get(each.kind, BY_NAME).format(each) for each in arguments if each.name)
    questions = [argument.question.partition(":")[0] for argument in arguments if argument.question]
    return write_function(
        f"{module.provider}.upcasts({module.adapt(name)})",
        module.upcaster,
        unparse(module.old_signature.parameters),
        f"{call}[{module.new_signature.result}]",
        f"{'; '.join(questions) or f'Nothing changes for callers of {old.version}'}.",
        [*body, f"    return {name}.call({passed})"],
    )


def _write_downcaster(module: AdapterModule) -> Iterator[str]:
    """Yield the downcaster's source; none where both versions return the same."""
    was, now = module.old.binder.result.annotation, module.new.binder.result.annotation
    if was == now:
        return
    before, after = module.old_signature.result, module.new_signature.result
    if was in (None, type(None)):
        body = ["    return None"]
    else:
        body = _map_members(module, was, now) or [_ask_for_all(module, now)]
    yield write_function(
        f"{module.provider}.downcasts({module.adapt(module.imports.add(find_variable(module.new)))})",
        module.downcaster,
        f"result: {after}",
        before,
        f"{module.old.version} returned {before}.",
        body,
    )


def _map_members(module: AdapterModule, was: Any, now: Any) -> list[str] | None:
    """Return the lines that build an old structure, member by member; None for results of other types."""
    fields = map_fields(was, now, "result", FreshNames({*module.imports.names, "result"}, "old"))
    if fields is None:
        return None
    questions = [*module.ask(fields, read_fields(was))]
    bare = unwrap_annotated(was)
    made = module.old_signature.result if bare is was else write_annotation(bare, module.imports)
    last = construct(was, made, {field.name: field.value for field in fields}, module.imports)
    return None if last is None else [*questions, f"    return {last}"]


def _ask_for_all(module: AdapterModule, now: Any) -> str:
    members = ", ".join(read_fields(now))
    returned = f"{module.new_signature.result}{f' ({members})' if members else ''}"
    what = f"say what of it is {module.old_signature.result} for callers of {module.old.version}"
    return raise_question(f"{module.new.version} returns {returned}: {what}")


def _write_error_adapters(module: AdapterModule) -> Iterator[str]:
    """Yield one for each error of the new version that the old one's callers do not know."""
    old = module.old
    unknown = [error for error in module.new.errors if old.errors and not issubclass(error, old.errors)]
    known = [write_annotation(error, module.imports) for error in old.errors if unknown]
    for error in unknown:
        name = write_annotation(error, module.imports)
        if len(known) > 1:
            last = raise_question(f"say which of {' and '.join(known)} callers of {old.version} get")
        elif _takes_anything(old.errors[0]):
            last = f"    return {known[0]}(*error.args)"
        else:
            made = f"{known[0]}{_signature_of(old.errors[0])}"
            last = raise_question(f"callers of {old.version} get {made}: say with what arguments")
        yield write_function(
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
