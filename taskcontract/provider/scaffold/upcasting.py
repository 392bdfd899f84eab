"""The upcaster: a call of the newer version for one of the old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.declare.imports import Origin
from taskcontract.provider.scaffold.asking import ask, spell_asked
from taskcontract.provider.scaffold.layout import define, document, wrap
from taskcontract.provider.scaffold.mapping import map_parameters
from taskcontract.provider.scaffold.names import Variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.declare.annotations import Spelling
    from taskcontract.provider.scaffold.mapping import Argument
    from taskcontract.provider.scaffold.module import AdaptersModule

__all__ = ["write_upcaster"]


def write_upcaster(module: AdaptersModule) -> str:
    """The upcaster's source, each parameter passed on or asked for."""
    old, new = module.old, module.new
    call = module.add(Origin("taskcontract", "Call"))
    variables = Variables({*module.names(), *(slot.name for slot in old.binder.slots)}, "new")
    arguments = list(map_parameters(old, new, variables))
    types = spell_asked(old, new, module.after, arguments, module.imports)
    return "\n".join(
        [
            f"@{module.provider}.upcasts({module.adapted})",
            define(module.upcaster, _parameters_of(module.before), f"{call}[{module.after.result}]"),
            document(_describe(old.version, arguments)),
            *ask(arguments, types),
            wrap(f"    return {module.new_name}.call(", _pass(arguments), ")"),
            "",
        ]
    )


def _parameters_of(spelling: Spelling) -> list[str]:
    """The parameters as a function of its own has them."""
    parameters = [*spelling.before, *spelling.after]
    star = parameters.index("*") if "*" in parameters else -1
    followed = star >= 0 and star + 1 < len(spelling.before)
    return parameters if star < 0 or followed else [each for each in parameters if each != "*"]


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


def _describe(version: str, arguments: Sequence[Argument]) -> str:
    """A first text for the callers' changelog."""
    questions = [argument.question.partition(":")[0] for argument in arguments if argument.question]
    return f"{'; '.join(questions) or f'Nothing changes for callers of {version}'}."
