"""The settings of each app of a project that describe its tasks, from wherever the project writes them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.attributes import bases_of
from taskcontract.extract.static.known import is_celery
from taskcontract.extract.static.modules import Scope
from taskcontract.extract.static.settings_objects import find_object, read_object
from taskcontract.extract.static.settings_said import Said, Store, name_setting
from taskcontract.extract.static.values import (
    UNKNOWN,
    Constant,
    External,
    Instance,
    Mapped,
    ModuleRef,
    Value,
    text_of,
)
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.extract.static.evaluating import Evaluating

__all__ = ["AppSettings", "find_settings"]

SETTERS = re.compile(rb"config_from_object|(?<!django)\.conf[.\[]|Celery\(")
"""What a file must have to set anything for an app or to make one; most of a Django project's have not."""
DJANGO = re.compile(rb"DJANGO_SETTINGS_MODULE[\"'][\])\s]*[,=]\s*[\"']([\w.]+)[\"']")
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
    return finder.settings


def _may_set(text: bytes) -> bool:
    quick = b"config_from_object" in text or b".conf" in text or b"Celery(" in text
    return quick and SETTERS.search(text) is not None


class _Finder:
    """Goes through the statements that can set something for an app."""

    def __init__(self, evaluator: Evaluating, texts: Mapping[str, bytes]) -> None:
        self._evaluator = evaluator
        self._texts = texts
        self.settings = AppSettings()

    def walk(self, body: Sequence[ast.stmt], scope: Scope, *, certain: bool) -> None:
        for statement in body:
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
        match target:
            case ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr=name):
                pass
            case ast.Subscript(
                value=ast.Attribute(value=app, attr="conf"), slice=ast.Constant(value=str() as name)
            ):
                pass
            case _:
                return
        setting = name_setting(name)
        of = self._evaluator.evaluate(app, scope) if setting else UNKNOWN
        if setting and is_celery(self._evaluator, of) is not False:
            said = Said(self._evaluator.evaluate(value, scope), ast.unparse(value))
            self.settings.stores_of(of)[1].put(setting, said, certain=certain)

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
            value = self._evaluator.evaluate(keyword.value, scope)
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
        objects = list(self._objects(value, namespace, scope))
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

    def _objects(self, value: Value, namespace: str, scope: Scope) -> Iterator[Value]:
        """Yield what holds the settings: for Django's, each module of settings that the project names."""
        text = text_of(value)
        path = value.path if isinstance(value, External) else text
        if path in ("django.conf:settings", "django.conf.settings"):
            yield from self._django_settings(namespace, scope)
        elif text is not None:
            found = find_object(self._evaluator, text, scope.module)
            if found is not None:
                yield found
        else:
            yield value

    def _django_settings(self, namespace: str, scope: Scope) -> list[Value]:
        """Return the modules of Django's settings: what the app's file names, else what any other does.

        A project that is installed may name one that its users write: then its own are those that set
        anything for Celery.
        """
        own = DJANGO.findall(self._texts.get(scope.module.path, b""))
        names = (own, [name for text in self._texts.values() for name in DJANGO.findall(text)])
        for group in names:
            found = [find_object(self._evaluator, name.decode(), scope.module) for name in sorted(set(group))]
            if any(each is not None for each in found):
                return [each for each in found if each is not None]
        sets = re.compile(rb"^%s_[A-Z_]+[ \t]*[:=]" % re.escape(namespace.encode()), re.MULTILINE)
        return [
            ModuleRef(module)
            for path, text in self._texts.items()
            if namespace and "settings" in path and sets.search(text)
            if (module := self._evaluator.index.open(path)) is not None
        ]

    def _evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        return Constant(None) if node is None else self._evaluator.evaluate(node, scope)

    def _list(self, node: ast.Call, scope: Scope) -> None:
        what = f"settings of an app are what only running the code tells: {ast.unparse(node)[:80]}"
        place = Place(scope.module.path, node.lineno)
        if Unresolved(place, what) not in self.settings.unresolved:
            self.settings.unresolved.append(Unresolved(place, what))
