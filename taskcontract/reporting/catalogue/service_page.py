"""The page of a service: its versions, their tasks, what changed, and who calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.service import MISSING
from taskcontract.reporting.catalogue.content import (
    find_task,
    name_finding,
    name_task,
    name_version,
    place_environment,
    place_rule,
    place_service,
)
from taskcontract.reporting.catalogue.parts import code, list_facts, make_table, show_schema, write_site_page
from taskcontract.reporting.contracts.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ParameterSpec, TaskSpec
    from taskcontract.reporting.catalogue.content import Catalogue, Service, Version
    from taskcontract.reporting.contracts.markup import Part

__all__ = ["write_service_page"]

ROOT = "../"


def write_service_page(catalogue: Catalogue, service: Service) -> str:
    """Return the page as HTML."""
    body = [
        _list_versions(service),
        *_show_callers(catalogue, service),
        *(_show_version(catalogue, each, is_open=at == 0) for at, each in enumerate(service.versions)),
    ]
    return write_site_page(place_service(service.name), service.name, [("Catalogue", "index.html")], body)


def _list_versions(service: Service) -> Element:
    rows = []
    for each in service.versions:
        grave = (
            sum(finding.severity == "breaking" for finding in each.changes.findings) if each.changes else 0
        )
        changed = "" if each.changes is None else f"{len(each.changes.findings)} since {each.changes.before}"
        rows.append(
            (
                element("a", each.version or "its contracts", href=f"#{name_version(each.version)}"),
                ", ".join((*each.branches, *each.tags)),
                each.at,
                ", ".join(dict.fromkeys(run.name for run in each.runs)),
                element(
                    "td",
                    f"{changed}, {grave} breaking" if grave else changed,
                    class_="failed" if grave else "",
                ),
            )
        )
    parts = [
        element("h2", "Versions"),
        make_table(("version", "branch, tag", "published", "runs in", "changes"), rows),
    ]
    if service.hidden:
        parts.append(element("p", f"{service.hidden:,} older ones are not shown."))
    return element("section", *parts, id="versions")


def _show_callers(catalogue: Catalogue, service: Service) -> Iterator[Element]:
    rows: list[tuple[Part, ...]] = []
    for caller in catalogue.services:
        for version in caller.current:
            runs = ", ".join(dict.fromkeys(run.name for run in version.runs))
            for reliance in version.relies:
                if reliance.provider == service.name:
                    address = f"{ROOT}{place_service(caller.name)}#{name_version(version.version)}"
                    called = [
                        part for each in sorted(reliance.tasks) for part in (_link_task(service, each), " ")
                    ]
                    who = element("a", f"{caller.name} {version.version}".strip(), href=address)
                    rows.append((who, element("td", *called), runs))
    if rows:
        table = make_table(("caller", "calls", "runs in"), rows)
        yield element("section", element("h2", "Called by"), table, id="callers")


def _link_task(service: Service, wire_name: str) -> Element:
    for version in service.versions:
        task = find_task(version, wire_name)
        if task is not None:
            return element("a", wire_name, href=f"#{name_task(version.version, task)}")
    return element("span", wire_name, title="no version that is shown has it")


def _show_version(catalogue: Catalogue, version: Version, *, is_open: bool) -> Element:
    facts: list[tuple[str, Part | list[Part]]] = [
        ("published", " by ".join(filter(None, (version.at, version.by)))),
        ("branches", ", ".join(version.branches)),
        ("tags", ", ".join(version.tags)),
        ("API", version.spec.version if version.spec is not None else ""),
        ("runs in", _link_runs(version)),
        ("calls", _link_reliances(catalogue, version)),
    ]
    parts = [list_facts(facts), *_show_tasks(version), *_show_changes(catalogue, version)]
    marks = {"open": "open"} if is_open else {}
    details = element(
        "details", element("summary", "What it is" if is_open else "Show"), *parts, class_="version", **marks
    )
    title = element("h2", version.version or "Its contracts")
    return element("section", title, details, id=name_version(version.version))


def _link_runs(version: Version) -> list[Part]:
    runs = dict.fromkeys((run.name, run.how) for run in version.runs)
    return [
        part
        for name, how in runs
        for part in (element("a", name, href=f"{ROOT}{place_environment(name)}"), f" ({how}) ")
    ]


def _link_reliances(catalogue: Catalogue, version: Version) -> list[Part]:
    parts: list[Part] = []
    for each in version.relies:
        count = sum(each.tasks.values())
        name: Part = each.provider
        if catalogue.find(each.provider) is not None:
            name = element("a", each.provider, href=f"{ROOT}{place_service(each.provider)}")
        parts += [name, f" ({count} interaction{'' if count == 1 else 's'}) "]
    return parts


def _show_tasks(version: Version) -> Iterator[Element]:
    if version.spec is None:
        yield element("p", "It publishes no task API: it only calls others.")
        return
    for task in version.spec.tasks:
        yield element(
            "section", element("h3", task.id), *_show_task(task), id=name_task(version.version, task)
        )


def _show_task(task: TaskSpec) -> Iterator[Element]:
    if task.deprecated or task.sunset:
        dates = [f"deprecated since {task.deprecated}"] if task.deprecated else []
        dates += [f"served until {task.sunset}"] if task.sunset else []
        yield element("p", element("span", ", ".join(dates), class_="tag old"))
    if task.description:
        yield element("p", task.description)
    facts: list[tuple[str, Part | list[Part]]] = [
        ("sent as", [part for name in task.wire_names for part in (code(name), " ")]),
        ("queue", code(task.queue_name)),
        ("serializer", task.serializer),
        (
            "result",
            show_schema(task.result) if task.options.get("ignore_result") is not True else "is not kept",
        ),
        ("errors", [part for name in task.errors for part in (code(name), " ")]),
        ("types", "" if task.enforced else "are not checked by the worker"),
    ]
    yield list_facts(facts)
    if task.parameters:
        yield make_table(("parameter", "type", "default", "passed"), map(_show_parameter, task.parameters))


def _show_parameter(parameter: ParameterSpec) -> tuple[Part, ...]:
    import json

    stars = {"var-positional": "*", "var-keyword": "**"}.get(parameter.kind, "")
    if parameter.secret:
        default: Part = "secret"
    elif parameter.default is MISSING:
        default = "required" if parameter.required else ""
    else:
        default = code(json.dumps(parameter.default, ensure_ascii=False))
    return code(stars + parameter.name), show_schema(parameter.schema), default, parameter.kind


def _show_changes(catalogue: Catalogue, version: Version) -> Iterator[Element]:
    if version.changes is None:
        return
    yield element("h3", f"What changed since {version.changes.before}")
    if not version.changes.findings:
        yield element("p", "Nothing.")
        return
    yield element("ul", *(_show_finding(catalogue, version, each) for each in version.changes.findings))


def _show_finding(catalogue: Catalogue, version: Version, finding: Finding) -> Element:
    rule: Part = finding.rule
    if finding.rule in (catalogue.rules or {}):
        rule = element("a", finding.rule, href=f"{ROOT}{place_rule(finding.rule)}")
    anchor = name_finding(version.version, finding)
    return element(
        "li",
        element("span", finding.severity, class_=finding.severity),
        " ",
        rule,
        f" {finding.task_id} {finding.path}: {finding.consequence} {finding.remedy} ",
        element("a", "#", href=f"#{anchor}", title="a link to this finding"),
        id=anchor,
    )
