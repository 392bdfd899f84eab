"""All pages of a catalogue, by their paths."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from taskcontract.reporting.catalogue.content import (
    name_task,
    place_environment,
    place_rule,
    place_service,
)
from taskcontract.reporting.catalogue.graph import draw_graph
from taskcontract.reporting.catalogue.parts import ANSWERS, list_facts, make_table, write_site_page
from taskcontract.reporting.catalogue.service_page import write_service_page
from taskcontract.reporting.contracts.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from taskcontract.reporting.catalogue.content import Catalogue, Environment, Fit
    from taskcontract.reporting.contracts.markup import Part
    from taskcontract.reporting.rules import RuleText

__all__ = ["write_pages"]

HOME = ("Catalogue", "index.html")
MAIN = "The newest of all main branches"


def write_pages(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the path and the HTML of each page; the first is `index.html`."""
    yield "index.html", _write_index(catalogue)
    for service in catalogue.services:
        yield place_service(service.name), write_service_page(catalogue, service)
    for environment in catalogue.environments:
        yield place_environment(environment.name), _write_environment(catalogue, environment)
    for rule in (catalogue.rules or {}).values():
        yield place_rule(rule.id), _write_rule(rule)


def _write_index(catalogue: Catalogue) -> str:
    script = files("taskcontract.reporting.catalogue").joinpath("search.js").read_text(encoding="utf-8")
    rows: list[tuple[Part, ...]] = []
    for service in catalogue.services:
        newest, tasks = service.newest, service.newest.spec.tasks if service.newest.spec else ()
        old = sum(bool(task.deprecated or task.sunset) for task in tasks)
        counted = f"{len(tasks)}, {old} deprecated" if old else str(len(tasks))
        runs = dict.fromkeys(run.name for version in service.versions for run in version.runs)
        name = element("a", service.name, href=place_service(service.name))
        rows.append((name, newest.version, counted, ", ".join(runs), newest.at))
    body = [
        list_facts([("read from", catalogue.place)]),
        element(
            "section",
            element("h2", "Services"),
            make_table(("service", "newest", "tasks", "runs in", "published"), rows)
            if rows
            else element("p", "Nothing is published."),
            id="services",
        ),
        *_draw(catalogue),
        *_list_environments(catalogue),
        element(
            "section",
            element("h2", "By name"),
            element(
                "p",
                element(
                    "input", id="search", type="search", placeholder="search", **{"aria-label": "search"}
                ),
                class_="hidden",
            ),
            element("ul", *_list_names(catalogue), class_="names"),
            id="names",
        ),
    ]
    return write_site_page("index.html", "Catalogue", [], body, script)


def _draw(catalogue: Catalogue) -> Iterator[Element]:
    calls = {
        service.name: sorted({each.provider for version in service.current for each in version.relies})
        for service in catalogue.services
    }
    if any(calls.values()):
        known = {service.name for service in catalogue.services}
        graph = draw_graph(calls, lambda name: place_service(name) if name in known else None)
        yield element(
            "section", element("h2", "Who calls whom"), element("div", graph, class_="wide"), id="graph"
        )


def _list_environments(catalogue: Catalogue) -> Iterator[Element]:
    if not catalogue.environments:
        return
    rows: list[tuple[Part, ...]] = []
    for each in catalogue.environments:
        said = [f"{sum(fit.answer == answer for fit in each.fits)} {answer}" for answer in ANSWERS]
        worst = next(
            (answer for answer in ("no", "not known") if any(fit.answer == answer for fit in each.fits)),
            "yes",
        )
        name = element("a", each.name or MAIN, href=place_environment(each.name))
        rows.append((name, str(len(each.running)), element("td", ", ".join(said), class_=ANSWERS[worst])))
    table = make_table(("environment", "versions", "do they go together?"), rows)
    yield element("section", element("h2", "Environments"), table, id="environments")


def _list_names(catalogue: Catalogue) -> Iterator[Element]:
    for service in catalogue.services:
        page, newest = place_service(service.name), service.newest
        yield element("li", element("a", service.name, href=page))
        for task in newest.spec.tasks if newest.spec else ():
            address = f"{page}#{name_task(newest.version, task)}"
            yield element("li", element("a", f"{service.name} {task.id}", href=address), f" {task.wire_name}")


def _write_environment(catalogue: Catalogue, environment: Environment) -> str:
    path = place_environment(environment.name)
    root = "../" * path.count("/")

    def link(service: str, version: str) -> Part:
        text = f"{service} {version}".strip()
        address = catalogue.find_address(service, version, root)
        return text if address is None else element("a", text, href=address)

    running = [(link(each.name, each.version), each.how, each.at) for each in environment.running]
    fits = [
        _show_fit(fit, link(fit.consumer, fit.consumer_version), link(fit.provider, fit.provider_version))
        for fit in environment.fits
    ]
    body = [
        element("h2", "What runs" if environment.name else "What was published"),
        make_table(("version", "how", "since"), running) if running else element("p", "Nothing."),
        element("h2", "Do they go together?"),
        make_table(("consumer", "provider", "answer", "why"), fits)
        if fits
        else element("p", "None calls another."),
    ]
    return write_site_page(path, environment.name or MAIN, [HOME], body)


def _show_fit(fit: Fit, consumer: Part, provider: Part) -> tuple[Part, ...]:
    why: list[Part] = [fit.reason]
    if fit.troubles:
        why.append(
            element(
                "ul",
                *(
                    element(
                        "li", f"{each.description}: ", element("code", each.call or each.task), f" {each.why}"
                    )
                    for each in fit.troubles
                ),
            )
        )
    return consumer, provider, element("td", fit.answer, class_=ANSWERS[fit.answer]), element("td", *why)


def _write_rule(rule: RuleText) -> str:
    body = [
        list_facts(
            [("severity", rule.severity), ("bump", rule.bump), ("reaches", ", ".join(rule.directions))]
        ),
        element("pre", rule.text),
    ]
    return write_site_page(place_rule(rule.id), rule.id, [HOME], body)
