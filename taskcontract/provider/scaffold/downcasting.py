"""The downcaster: a result of the old version from one of the newer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.provider.scaffold.asking import ask
from taskcontract.provider.scaffold.layout import define, document, raise_question
from taskcontract.provider.scaffold.mapping import map_fields
from taskcontract.provider.scaffold.names import Variables
from taskcontract.provider.scaffold.spelling import spell_annotation
from taskcontract.provider.scaffold.structures import bare, construct, read_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.provider.scaffold.module import AdaptersModule

__all__ = ["write_downcaster"]


def write_downcaster(module: AdaptersModule) -> Iterator[str]:
    """The downcaster's source; none where both versions return the same."""
    was, now = module.old.binder.result.annotation, module.new.binder.result.annotation
    if was == now:
        return
    spelled = module.before.result, module.after.result
    if was in (None, type(None)):
        body = ["    return None"]
    else:
        body = _map_members(module, was, now) or [_ask_for_all(module, now)]
    yield "\n".join(
        [
            f"@{module.provider}.downcasts({module.adapted})",
            define(module.downcaster, [f"result: {spelled[1]}"], spelled[0]),
            document(f"{module.old.version} returned {spelled[0]}."),
            *body,
            "",
        ]
    )


def _map_members(module: AdaptersModule, was: Any, now: Any) -> list[str] | None:
    """The lines that make an old structure, member by member; None where the results are no structures."""
    fields = map_fields(was, now, "result", Variables({*module.names(), "result"}, "old"))
    if fields is None:
        return None
    wanted = read_fields(was)
    types = {
        each.name: spell_annotation(wanted[each.name], module.imports) for each in fields if each.question
    }
    made = module.before.result if bare(was) is was else spell_annotation(bare(was), module.imports)
    last = construct(was, made, {field.name: field.value for field in fields}, module.imports)
    return None if last is None else [*ask(fields, types), last]


def _ask_for_all(module: AdaptersModule, now: Any) -> str:
    members = ", ".join(read_fields(now))
    what = f"{module.new.version} returns {module.after.result}{f' ({members})' if members else ''}"
    return raise_question(
        f"{what}: say what of it is {module.before.result} for callers of {module.old.version}"
    )
