"""The places of one module that send tasks: calls, signatures, schedules and routes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.found import CallSite
from taskcontract.extract.static.calls_arguments import (
    Arguments,
    read_direct,
    read_options_call,
    read_repeated,
    read_retry,
)
from taskcontract.extract.static.calls_links import Links
from taskcontract.extract.static.calls_rows import read_row
from taskcontract.extract.static.calls_settings import list_entries, list_routes, list_scheduled
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.found import CallForm
    from taskcontract.extract.static.calls_terms import Names

__all__ = ["read_calls"]

DIRECT: dict[str, CallForm] = {"delay": "delay", "delay_on_commit": "delay", "s": "s", "si": "si"}
WITH_OPTIONS: dict[str, CallForm] = {
    "apply_async": "apply_async",
    "apply_async_on_commit": "apply_async",
    "signature": "signature",
    "subtask": "signature",
}
REPEATED: dict[str, CallForm] = {"map": "map", "starmap": "starmap", "chunks": "chunks"}
BY_NAME = frozenset(
    ("celery.signature", "celery.canvas.signature", "celery.subtask", "celery.canvas.subtask")
)


def read_calls(tree: ast.Module, file: str, names: Names) -> Iterator[CallSite]:
    """Yield each place in the module `tree` that sends a task which is known by its name."""
    yield from _Reader(file, names).read(tree)


class _Reader:
    """Walks one scope; each inner one has a reader of its own, and the links of the outer one."""

    def __init__(self, file: str, names: Names) -> None:
        self._file = file
        self._names = names
        self._links = Links(names.name_of)
        self._exact: set[ast.expr] = set()

    def read(self, top: ast.AST) -> Iterator[CallSite]:
        waiting: list[ast.AST] = [top]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node is not top:
                yield from self.enter(node)
                continue
            yield from self._read_node(node)
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))

    def enter(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[CallSite]:
        """Read what belongs outside a function here, its body with its own names."""
        outside: list[ast.AST] = [*node.decorator_list]
        if isinstance(node, ast.ClassDef):
            outside += [*node.bases, *node.keywords]
        else:
            outside.append(node.args)
        for each in outside:
            yield from self.read(each)
        inner = _Reader(self._file, self._names.inside(node))
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from inner.enter(statement)
            else:
                yield from inner.read(statement)

    def _read_node(self, node: ast.AST) -> Iterator[CallSite]:
        self._links.see(node)
        if isinstance(node, ast.Call):
            yield from self._read_call(node)
        self._exact.update(list_scheduled(node))
        for entry in list_entries(node, self._names):
            entry.sent.more_positional |= node not in self._exact
            entry.sent.more_keywords |= node not in self._exact
            yield self._make(entry.task, entry.place, "beat", entry.sent)
        for key in list_routes(node):
            name = self._names.text_of(key)
            if name is not None:
                yield self._make(name, key, "route", Arguments())

    def _read_call(self, node: ast.Call) -> Iterator[CallSite]:
        if _is_on_commit(node):
            self._exact.update(node.args)
        if self._names.name_of(node.func) == "functools.partial" and node.args:
            yield from self._read_partial(node)
        elif isinstance(node.func, ast.Attribute):
            yield from self._read_method(node, node.func)
        elif self._names.name_of(node.func) in BY_NAME:
            yield from self._read_named(node, "signature")
        row = read_row(node, self._names)
        if row is not None:
            yield self._make(row.task, row.place, "beat", row.sent)

    def _read_method(self, node: ast.Call, func: ast.Attribute) -> Iterator[CallSite]:
        if func.attr in DIRECT or func.attr in WITH_OPTIONS or func.attr in REPEATED:
            task = self._names.task_of(func.value)
            if task is not None:
                yield from self._read_task_call(node, func.attr, task)
                return
        if func.attr == "retry":
            yield from self._read_retry(node, func)
        if func.attr == "send_task" or (func.attr == "signature" and node.args):
            yield from self._read_named(node, "send_task" if func.attr == "send_task" else "signature")

    def _read_task_call(self, node: ast.Call, method: str, task: str) -> Iterator[CallSite]:
        if method in DIRECT:
            sent = read_direct(node.args, node.keywords)
            yield self._make(task, node, DIRECT[method], sent, self._leading(node, method))
        elif method in WITH_OPTIONS:
            sent = read_options_call(node.args, node.keywords)
            yield self._make_signature(task, node, WITH_OPTIONS[method], sent, self._leading(node, method))
        else:
            yield self._make(task, node, REPEATED[method], read_repeated(method))

    def _read_retry(self, node: ast.Call, func: ast.Attribute) -> Iterator[CallSite]:
        """Yield `self.retry(args=...)`: one that gives no arguments sends the message once more as it is."""
        sent = read_retry(node.args, node.keywords)
        task = self._names.task_of(func.value) if sent is not None else None
        if sent is not None and task is not None:
            yield self._make(task, node, "retry", sent)

    def _read_named(self, node: ast.Call, form: CallForm) -> Iterator[CallSite]:
        """Yield the call whose first argument is the name of a task."""
        name = self._names.text_of(node.args[0]) if node.args else None
        if name is not None:
            sent = read_options_call(node.args[1:], node.keywords)
            yield self._make_signature(name, node, form, sent, self._leading(node, form))

    def _make_signature(
        self, task: str, node: ast.Call, form: CallForm, sent: Arguments, leading: int | None
    ) -> CallSite:
        """Make a call site; an immutable signature in no canvas may get more: `held.kwargs.update(...)`."""
        sent.more_keywords |= form == "signature" and leading == 0 and not self._links.has(node)
        return self._make(task, node, form, sent, leading)

    def _read_partial(self, node: ast.Call) -> Iterator[CallSite]:
        """Yield `partial(task.delay, ...)`: whoever calls it may add more, but for `on_commit`."""
        func = node.args[0]
        if not isinstance(func, ast.Attribute) or func.attr not in (*DIRECT, "apply_async"):
            return
        task = self._names.task_of(func.value)
        if task is None:
            return
        read = read_direct if func.attr in DIRECT else read_options_call
        sent = read(node.args[1:], node.keywords)
        if node not in self._exact:
            sent.more_positional = sent.more_keywords = True
        form = DIRECT.get(func.attr, "apply_async")
        yield self._make(task, node, form, sent, None if form == "s" else 0)

    def _leading(self, node: ast.Call, method: str) -> int | None:
        """Return how many values come before those of the call."""
        if method in ("s", "signature", "subtask"):
            immutable = [each.value for each in node.keywords if each.arg == "immutable"]
            if not immutable:
                return self._links.leading_of(node)
            return 0 if isinstance(immutable[0], ast.Constant) and immutable[0].value is True else None
        return 0

    def _make(
        self, task: str, node: ast.expr, form: CallForm, sent: Arguments, leading: int | None = 0
    ) -> CallSite:
        models = ((ast.unparse(each), self._names.model_of(each)) for each in sent.values)
        return CallSite(
            task,
            Place(self._file, node.lineno),
            form,
            sent.positional,
            tuple(sent.keywords),
            sent.more_positional,
            sent.more_keywords,
            leading,
            tuple(sent.options),
            tuple((written, model) for written, model in models if model is not None),
        )


def _is_on_commit(node: ast.Call) -> bool:
    """Whether this is `transaction.on_commit(...)`, which calls what it is given with nothing."""
    func = node.func
    return (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")) == "on_commit"
