"""The settings of each app of a project that describe its tasks, from wherever the project writes them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.attributes import bases_of
from taskcontract.extract.static.known import is_celery
from taskcontract.extract.static.modules import Scope
from taskcontract.extract.static.settings_changes import Change, find_changed, read_change
from taskcontract.extract.static.settings_objects import read_object
from taskcontract.extract.static.settings_said import Said, Store, name_setting
from taskcontract.extract.static.settings_sources import find_sources
from taskcontract.extract.static.values import (
    UNKNOWN,
    Constant,
    External,
    Instance,
    Mapped,
    Value,
    text_of,
)
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.extract.static.evaluating import Evaluating

__all__ = ["AppSettings", "find_settings"]

SETTERS = re.compile(rb"config_from_object|(?<!django)\.conf[.\[]|Celery\(")
"""What a file must have to set anything for an app or to make one; most of a Django project's have not."""
APPS = frozenset({"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"})


class AppSettings:
    """What each app says of its tasks; `unresolved` lists settings that only running the code tells."""

    def __init__(self) -> None:
        self.unresolved: list[Unresolved] = []
        self.apps: dict[ast.Call, tuple[Store, Store]] = {}
        """By the call that makes it: what its configuration object says, then what is set on it."""
        self.all: tuple[Store, Store] = (Store(), Store())
        """What is set on an app that is not known: it counts for each."""

    def stores_of(self, app: Value | None) -> tuple[Store, Store]:
        """Return where the settings of `app` are put."""
        call = app.passed.call if isinstance(app, Instance) else None
        return self.all if call is None else self.apps.setdefault(call, (Store(), Store()))

    def settings_for(self, app: Value | None) -> list[dict[str, list[Said]]]:
        """Return the settings that count for a task of `app`, of each app that it may be."""
        call = app.passed.call if isinstance(app, Instance) else None
        known = [self.apps[call]] if call in self.apps else list(self.apps.values())
        whole = [
            {**self.all[0].said, **loaded.said, **self.all[1].said, **said.said} for loaded, said in known
        ]
        return whole or [{**self.all[0].said, **self.all[1].said}]


def find_settings(evaluator: Evaluating, texts: Mapping[str, bytes]) -> AppSettings:
    """Return the settings of every app that the files `texts` make or configure."""
    finder = _Finder(evaluator, texts)
    for path, text in texts.items():
        module = evaluator.index.open(path) if _may_set(text) else None
        if module is not None:
            finder.walk(module.tree.body, module.scope, certain=True)
    finder.finish()
    return finder.settings


def _may_set(text: bytes) -> bool:
    quick = b"config_from_object" in text or b".conf" in text or b"Celery(" in text
    return quick and SETTERS.search(text) is not None


def _setting_of(node: ast.expr) -> tuple[ast.expr | None, str]:
    """Return the app of `app.conf.name` or `app.conf["name"]` and the setting; None for anything else."""
    match node:
        case ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr=name):
            pass
        case ast.Subscript(
            value=ast.Attribute(value=app, attr="conf"), slice=ast.Constant(value=str() as name)
        ):
            pass
        case _:
            return None, ""
    setting = name_setting(name)
    return (app, setting) if setting else (None, "")


class _Waiting(NamedTuple):
    """A change of a setting of an app, and where it stands."""

    change: Change
    app: Value
    setting: str
    scope: Scope
    certain: bool


class _Finder:
    """Goes through the statements that can set something for an app."""

    def __init__(self, evaluator: Evaluating, texts: Mapping[str, bytes]) -> None:
        self._evaluator = evaluator
        self._texts = texts
        self.settings = AppSettings()
        self._waiting: list[_Waiting] = []

    def finish(self) -> None:
        """Make the changes of settings that no statement before them gives a value."""
        for each in self._waiting:
            if not self._change(each):
                for _, said in self._stores(each.app):
                    said.put(each.setting, Said(UNKNOWN, ast.unparse(each.change.of)))

    def walk(self, body: Sequence[ast.stmt], scope: Scope, *, certain: bool) -> None:
        for statement in body:
            change = read_change(statement)
            if change is not None and self._see_change(change, scope, certain=certain):
                continue
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef() as node:
                    inner = Scope(scope.module, node.body, scope)
                    declared = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                    inner.values = {each.arg: UNKNOWN for each in declared}
                    self.walk(node.body, inner, certain=certain)
                case ast.If():
                    self.walk(statement.body, scope, certain=False)
                    self.walk(statement.orelse, scope, certain=False)
                case ast.With() | ast.AsyncWith() | ast.For() | ast.Try():
                    self.walk(statement.body, scope, certain=certain)
                case ast.Assign(targets=[*targets], value=value):
                    for target in targets:
                        self._set(target, value, scope, certain=certain)
                    self._call(value, scope, certain=certain)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._set(target, value, scope, certain=certain)
                    self._call(value, scope, certain=certain)
                case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                    self._call(value, scope, certain=certain)

    def _set(self, target: ast.expr, value: ast.expr, scope: Scope, *, certain: bool) -> None:
        """Take `app.conf.name = value` and `app.conf["name"] = value`."""
        app, setting = _setting_of(target)
        of = self._evaluator.evaluate(app, scope) if app is not None else UNKNOWN
        if app is not None and is_celery(self._evaluator, of) is not False:
            said = Said(find_changed(self._evaluator, value, scope), ast.unparse(value))
            self.settings.stores_of(of)[1].put(setting, said, certain=certain)

    def _see_change(self, change: Change, scope: Scope, *, certain: bool) -> bool:
        """Take `app.conf.name[...] = value`, `app.conf.name.update(...)` and their like; False for others."""
        found = change.find(lambda each: _setting_of(each)[0] is not None)
        app, setting = _setting_of(found.of) if found is not None else (None, "")
        if found is None or app is None:
            return False
        of = self._evaluator.evaluate(app, scope)
        if is_celery(self._evaluator, of) is not False:
            waiting = _Waiting(found, of, setting, scope, certain)
            if not self._change(waiting):
                self._waiting.append(waiting)
        return True

    def _change(self, of: _Waiting) -> bool:
        """Change the setting where it has a value so far; return whether it has one."""
        changed = False
        for loaded, said in self._stores(of.app):
            known = said.said.get(of.setting) or loaded.said.get(of.setting)
            if known:
                changed = True
                text = ast.unparse(of.change.of)
                after = [Said(of.change.apply(self._evaluator, each.value, of.scope), text) for each in known]
                said.said[of.setting] = after if of.certain else [*known, *after]
        return changed

    def _stores(self, app: Value) -> list[tuple[Store, Store]]:
        """Return where the settings of `app` stand: those of every app where it is not known which it is."""
        own = self.settings.stores_of(app)
        return [*self.settings.apps.values(), own] if own is self.settings.all else [own]

    def _call(self, node: ast.expr, scope: Scope, *, certain: bool) -> None:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr="update")):
                of = self._evaluator.evaluate(app, scope)
                if is_celery(self._evaluator, of) is not False:
                    for held in node.args:
                        self._take(self._evaluator.evaluate(held, scope), of, node, scope, certain=certain)
                    self._take_keywords(node, of, scope, certain=certain)
            case ast.Call(func=ast.Attribute(value=app, attr="config_from_object")):
                of = self._evaluator.evaluate(app, scope)
                if is_celery(self._evaluator, of) is not False:
                    self._load(node, of, scope)
            case ast.Call() if self._makes_app(self._evaluator.evaluate(node.func, scope)):
                of = self._evaluator.evaluate(node, scope)
                self.settings.stores_of(of)
                self._take_keywords(node, of, scope, certain=True)
                source = next((each.value for each in node.keywords if each.arg == "config_source"), None)
                if source is not None:
                    self._load(ast.Call(node.func, [source], []), of, scope, node)

    def _makes_app(self, callee: Value) -> bool:
        return any(
            isinstance(each, External) and each.path in APPS for each in bases_of(self._evaluator, callee)
        )

    def _take_keywords(self, node: ast.Call, of: Value, scope: Scope, *, certain: bool) -> None:
        for keyword in node.keywords:
            value = find_changed(self._evaluator, keyword.value, scope)
            if keyword.arg is None:
                self._take(value, of, node, scope, certain=certain)
            else:
                said = Said(value, ast.unparse(keyword.value))
                self.settings.stores_of(of)[1].put(name_setting(keyword.arg), said, certain=certain)

    def _take(self, held: Value, of: Value, node: ast.Call, scope: Scope, *, certain: bool) -> None:
        if not isinstance(held, Mapped):
            self._list(node, scope)
            return
        for name, value in held.items.items():
            said = Said(value)
            self.settings.stores_of(of)[1].put(name_setting(name), said, certain=certain)

    def _load(self, node: ast.Call, of: Value, scope: Scope, stands: ast.Call | None = None) -> None:
        given = {each.arg: each.value for each in node.keywords}
        source = node.args[0] if node.args else given.get("obj")
        namespace = text_of(self._evaluate(given.get("namespace"), scope)) or ""
        value = self._evaluate(source, scope)
        store = self.settings.stores_of(of)[0]
        objects = list(find_sources(self._evaluator, self._texts, value, namespace, scope))
        for number, each in enumerate(objects):
            loaded = Store()
            if not read_object(self._evaluator, each, namespace, loaded):
                self._list(stands or node, scope)
            for name, said in loaded.said.items():
                if number:
                    store.said.setdefault(name, []).extend(said)
                else:
                    store.said[name] = said
        if not objects:
            self._list(stands or node, scope)

    def _evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        return Constant(None) if node is None else self._evaluator.evaluate(node, scope)

    def _list(self, node: ast.Call, scope: Scope) -> None:
        what = f"settings of an app are what only running the code tells: {ast.unparse(node)[:80]}"
        place = Place(scope.module.path, node.lineno)
        if Unresolved(place, what) not in self.settings.unresolved:
            self.settings.unresolved.append(Unresolved(place, what))
