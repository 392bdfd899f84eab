"""What holds the settings of an app: the module, the class or the dict that `config_from_object` is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskcontract.extract.static.settings_objects import find_object
from taskcontract.extract.static.values import External, ModuleRef, Value, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Scope

__all__ = ["find_sources"]

DJANGO = re.compile(rb"DJANGO_SETTINGS_MODULE[\"'][\])\s]*[,=]\s*[\"']([\w.]+)[\"']")


def find_sources(
    evaluator: Evaluating, texts: Mapping[str, bytes], value: Value, namespace: str, scope: Scope
) -> Iterator[Value]:
    """Yield what holds the settings: for Django's, each module of settings that the project names."""
    text = text_of(value)
    path = value.path if isinstance(value, External) else text
    if path in ("django.conf:settings", "django.conf.settings"):
        yield from _find_django_settings(evaluator, texts, namespace, scope)
    elif text is not None:
        found = find_object(evaluator, text, scope.module)
        if found is not None:
            yield found
    else:
        yield value


def _find_django_settings(
    evaluator: Evaluating, texts: Mapping[str, bytes], namespace: str, scope: Scope
) -> list[Value]:
    """Return the modules of Django's settings: what the app's file names, else what any other does.

    A project that is installed may name one that its users write: then its own are those that set
    anything for Celery.
    """
    own = DJANGO.findall(texts.get(scope.module.path, b""))
    names = (own, [name for text in texts.values() for name in DJANGO.findall(text)])
    for group in names:
        found = [find_object(evaluator, name.decode(), scope.module) for name in sorted(set(group))]
        if any(each is not None for each in found):
            return [each for each in found if each is not None]
    sets = re.compile(rb"^%s_[A-Z_]+[ \t]*[:=]" % re.escape(namespace.encode()), re.MULTILINE)
    return [
        ModuleRef(module)
        for path, text in texts.items()
        if namespace and "settings" in path and sets.search(text)
        if (module := evaluator.index.open(path)) is not None
    ]
