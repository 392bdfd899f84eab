"""What the texts OLD and NEW of a command name: a published spec, a task, a file, bindings or source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.cli.project_sides import PATIENCE, read_named_project
from taskcontract.cli.services import add_to_path, name_bindings
from taskcontract.cli.sides import (
    SpecSide,
    TaskSide,
    describe_file,
    describe_project,
    describe_service,
    read_bindings,
)
from taskcontract.cli.source_kinds import NO_TASK, WHERE_TASKS_ARE, SourceReader
from taskcontract.errors import ConfigError, SpecError
from taskcontract.reporting.report import Side

if TYPE_CHECKING:
    from taskcontract.model.config import Config

__all__ = ["FORMS", "find_policies", "find_published", "find_side", "find_sides", "find_work"]

FORMS = """\
OLD and NEW are each one of
  v1  1.2.0  pusher@2.0.0     a published spec, in contracts/<service>/<version>.json
  send_to_s3@1                one version of a task, on both sides
  old/pusher.json             a file that `taskcontract snapshot` wrote
  bindings.pusher             a bindings module, as it is now
  billing                     a service of [tool.taskcontract.services], as it is now
  app:shop.celery:app         a Celery app, imported; no broker is reached
  live:BROKER_URL             what the running workers of a broker serve
or plain Celery tasks, read from source, of which nothing is imported or run:
  main  HEAD~3  git:v1        a branch, tag or commit; `git:` alone is the working tree
  ./src  src/                 a folder
  weblate-5.5-py3-none-any.whl  weblate-5.5.tar.gz
  pypi:weblate==5.5.5         a release, which pip fetches
"""


def find_work(config: Config) -> tuple[SpecSide, SpecSide]:
    """Return the project where the work of HEAD left the default branch, and its working tree."""
    origin, base, work = SourceReader(config).read_work()
    return _share_name(describe_project(base, origin), describe_project(work, "working tree"))


def find_sides(
    old: str, new: str, config: Config, patience: float = PATIENCE
) -> tuple[SpecSide, SpecSide] | tuple[TaskSide, TaskSide]:
    """Both sides, of one kind. A version alone (`v1`) is of the service that the other side names.

    Running workers have `patience` seconds to answer.

    A TaskContractError says what was looked for, where, and what there is.
    """
    if old.startswith("app:") and new.startswith("app:"):
        # Celery shares tasks among the apps of a process: each side would have those of the other.
        raise ConfigError(
            "two apps cannot be imported beside each other",
            where=f"{old} {new}",
            do=f"Write one to a file first: taskcontract snapshot {old} -o old.json.",
        )
    finder = _Finder(config, patience)
    found = {text: finder.find(text) for text in (old, new) if not finder.is_published(text)}
    _refuse_empty_folders(found, old, new)
    services = {side.spec.name for side in found.values() if isinstance(side, SpecSide)}
    service = services.pop() if len(services) == 1 else None
    for text in (old, new):
        if text not in found:
            found[text] = finder.find_version(text, service)
    left, right = found[old], found[new]
    if isinstance(left, SpecSide) and isinstance(right, SpecSide):
        return _share_name(left, right)
    if isinstance(left, TaskSide) and isinstance(right, TaskSide):
        return left, right
    raise ConfigError(
        f"{old} and {new} cannot be compared: one is a task, the other a whole service",
        do="Name two versions of a task (send_to_s3@1 send_to_s3@2) or two services.",
    )


def find_side(text: str, config: Config, service: str | None = None) -> SpecSide:
    """Return what `text` names, a whole service; a version alone (`v1`) is of `service`.

    A TaskContractError says what was looked for, where, and what there is.
    """
    finder = _Finder(config)
    found = finder.find_published(text, service) if finder.is_published(text) else finder.find(text)
    if isinstance(found, TaskSide):
        raise ConfigError(
            f"{text} is one version of a task", do=f"Name a whole service: {found.service}@VERSION."
        )
    return found


def find_published(service: str, version: str, config: Config) -> SpecSide:
    """Return the newest published spec of `service` that `version` admits."""
    return _Finder(config).find_published(version, service)


def find_policies(config: Config, *sides: SpecSide | TaskSide) -> Config:
    """Return what is configured for the service of the `sides`: found by its name, or by its module.

    It is the project's own where no table is that service's.
    """
    for side in reversed(sides):
        name = side.spec.name if isinstance(side, SpecSide) else side.service
        for part in config.services.values():
            if part.name == name or side.side.origin.partition(":")[0] in part.bindings:
                return part
    return config


class _Finder:
    """Looks sides up in one project."""

    def __init__(self, config: Config, patience: float = PATIENCE) -> None:
        from taskcontract.model.spec_file import SpecReader
        from taskcontract.registry.local import LocalRegistry

        self.config = config
        self.patience = patience
        folders = dict.fromkeys(folder for part in config.parts for folder in part.folders)
        self.registry = LocalRegistry(*folders)
        self._specs = SpecReader()
        self._sources = SourceReader(config, may_be_empty=True)

    def is_published(self, text: str) -> bool:
        """Return whether `text` is a version of what is published here; else `v1` may be a tag."""
        return _is_version(text) and (bool(self.registry.services()) or self._sources.find_word(text) is None)

    def find(self, text: str) -> SpecSide | TaskSide:
        project = read_named_project(text, self.config, self.patience)
        if project is not None:
            return describe_project(*project)
        source = self._sources.find(text)
        if source is not None:
            return describe_project(source, text)
        if text.endswith(".json") or (not text.endswith(".py") and _is_readable(text)):
            return self._read_file(text)
        if text in self.config.services:
            return self._find_declared(self.config.services[text])
        word = self._sources.find_word(text)
        if word is not None:
            return describe_project(word, text)
        if "@" not in text or "@{" in text:
            self._sources.refuse_word(text)
            from taskcontract.extract.bindings import find_service

            return describe_service(find_service(text), text)
        name, _, version = text.rpartition("@")
        if name in self.registry.services():
            return self.find_published(version, name)
        return self._find_task(name, version)

    def find_version(self, text: str, service: str | None) -> SpecSide:
        """Return what is published as `text`; the error says too that it names no commit, where it could."""
        try:
            return self.find_published(text, service)
        except SpecError as error:
            why = None if self.registry.services() else self._sources.say_no_commit(text)
            if why is None:
                raise
            raise SpecError(
                f"{text!r} names no commit ({why}), and no published version: {error.what}",
                where=error.where,
                do=error.do,
            ) from None

    def find_published(self, version: str, service: str | None) -> SpecSide:
        spec = self.registry.find(version, service)
        return describe_file(spec, self.registry.path(spec.name, spec.version))

    def _read_file(self, text: str) -> SpecSide:
        return describe_file(self._specs.load(text), Path(text))

    def _find_task(self, name: str, version: str) -> TaskSide:
        """Return the newest version of a task (`send` or `pusher.send`), in bindings or published."""
        from taskcontract.model.version import newest_matching

        service, _, task_name = name.rpartition(".")
        found: dict[str, dict[str, TaskSide]] = {}
        for side in self._everything():
            if service in ("", side.spec.name):
                for task in side.spec.tasks:
                    if task.name == task_name:
                        named = Side(task.name, task.version, side.side.origin, side.side.places)
                        versions = found.setdefault(side.spec.name, {})
                        versions.setdefault(task.version, TaskSide(named, side.spec.name, task, side.judge))
        if not found:
            raise self._unknown(name)
        if len(found) > 1:
            choices = ", ".join(f"{service}.{name}@{version}" for service in sorted(found))
            raise ConfigError(f"several services have a task {name}", do=f"Say which: {choices}.")
        (versions,) = found.values()
        chosen = newest_matching(version, versions)
        if chosen is None:
            raise ConfigError(f"there is no {name}@{version}", do=f"Its versions: {', '.join(versions)}.")
        return versions[chosen]

    def _everything(self) -> list[SpecSide]:
        """Return the configured bindings, then all published specs, newest first."""
        published = [
            self.find_published(version, service)
            for service in self.registry.services()
            for version in reversed(self.registry.versions(service))
        ]
        add_to_path(self.config)
        modules = dict.fromkeys(module for part in self.config.parts for module in part.bindings)
        return [side for name in modules for side in read_bindings(name)] + published

    def _find_declared(self, part: Config) -> SpecSide:
        """Return the service of a table's name, or the only one, of the bindings that the table names."""
        sides = [side for module in name_bindings(part) for side in read_bindings(module)]
        named = [side for side in sides if side.spec.name == part.name]
        if len(named or sides) > 1:
            choices = ", ".join(side.side.origin for side in sides)
            raise ConfigError(
                f"the bindings of {part.name} declare several services",
                where=part.place,
                do=f"Name one: {choices}.",
            )
        return (named or sides)[0]

    def _unknown(self, name: str) -> ConfigError:
        services = ", ".join(self.registry.services()) or "none"
        tasks = ", ".join(sorted({task.name for side in self._everything() for task in side.spec.tasks}))
        return ConfigError(
            f"{name!r} is neither a published service nor a task",
            where=", ".join(map(str, self.registry.folders)),
            do=f"Published services: {services}. Tasks: {tasks or 'none'}. Bindings are looked into if "
            "[tool.taskcontract] names them: bindings = [...].",
        )


def _share_name(old: SpecSide, new: SpecSide) -> tuple[SpecSide, SpecSide]:
    """Return both sides; under one name, the new one's, where nobody declared either."""
    if old.spec.version or new.spec.version:
        return old, new
    name = new.spec.name if new.spec.tasks else old.spec.name
    if not (old.spec.tasks or new.spec.tasks or old.side.unresolved or new.side.unresolved):
        raise SpecError(
            f"no Celery task was found in {old.side.origin}, nor in {new.side.origin}",
            do=WHERE_TASKS_ARE,
        )
    named = [
        side._replace(side=side.side._replace(name=name), spec=replace(side.spec, name=name))
        for side in (old, new)
    ]
    return named[0], named[1]


def _refuse_empty_folders(found: dict[str, SpecSide | TaskSide], old: str, new: str) -> None:
    """Raise a SpecError for a folder without a task; it may be the new side of plain tasks: all are gone."""
    before = found.get(old)
    had_tasks = isinstance(before, SpecSide) and before.spec.tasks and not before.spec.version
    for text in (old,) if had_tasks else (old, new):
        side = found.get(text)
        is_empty = isinstance(side, SpecSide) and not (side.spec.tasks or side.side.unresolved)
        if is_empty and Path(text).expanduser().is_dir():
            raise SpecError(NO_TASK, where=text, do=WHERE_TASKS_ARE)


def _is_version(text: str) -> bool:
    return text.removeprefix("v")[:1].isdigit() and not _is_readable(text)


def _is_readable(text: str) -> bool:
    path = Path(text)
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):  # too long for a name, or with a NUL in it
        return False
