"""The source of an adapter's skeleton and of its test.

Everything that maps by itself is filled in. Each decision is a line that raises and says what to
decide: it is replaced by an assignment, and the line below it uses that variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.imports import Imports, Origin
from taskcontract.diff import compare_tasks
from taskcontract.provider.scaffold.downcasting import write_downcaster
from taskcontract.provider.scaffold.errors import write_error_adapters
from taskcontract.provider.scaffold.layout import LONGEST, fill
from taskcontract.provider.scaffold.module import AdaptersModule
from taskcontract.provider.scaffold.places import find_variable
from taskcontract.provider.scaffold.upcasting import write_upcaster

if TYPE_CHECKING:
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


def write_adapters(old: Task[..., Any], new: Task[..., Any], provider: Origin) -> str:
    """The source of a module with the adapters that serve `old` by `new`, declared at `provider`."""
    module = AdaptersModule(old, new, provider)
    _write_bodies(module)  # what all of them import is known after this, and no variable is to hide it
    bodies = _write_bodies(module)
    imports = "\n".join(module.imports.write(LONGEST))
    head = HEAD.format(old=old.id, new=new.id, changes=_list_changes(old, new), imports=imports)
    return "\n\n".join([head, *bodies])


def write_test(old: Task[..., Any], provider: Origin) -> str:
    """The source of a test that tries these adapters with Hypothesis."""
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


def _write_bodies(module: AdaptersModule) -> list[str]:
    return [write_upcaster(module), *write_downcaster(module), *write_error_adapters(module)]


def _list_changes(old: Task[..., Any], new: Task[..., Any]) -> str:
    """What a caller of the old version would meet in the new one, as lines of a docstring."""
    found = compare_tasks(old.spec(), new.spec(), service=old.service.name)
    lines = [f"{each.rule} at {each.path}: {each.consequence}" for each in found if each.severity != "safe"]
    changes = [fill(f"- {line}") for line in dict.fromkeys(lines)]
    return "".join(f"{each}\n" for each in ["Without them:", *changes] if changes)
