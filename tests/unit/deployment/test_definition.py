"""The answer is what the definition in docs/registry.md says, held against a brute-force reading of it.

The oracle knows no index, no proof and no schema engine: it tries values of a small domain one by one.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from taskcontract.deployment.verdict import may_deploy
from taskcontract.model.contract import ANYTHING, Contract, Interaction, MatchRule
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.registry.environments import record_end, record_start
from taskcontract.registry.publishing import Publication, publish, shorten_digest
from taskcontract.registry.records import How, Run, Running
from taskcontract.registry.results import digest_of
from taskcontract.registry.store import MemoryStore
from tests.support.registries import begin

if TYPE_CHECKING:
    from taskcontract.registry.registry import Registry

TODAY = date(2026, 11, 28)
DOMAIN = ["a", "b", "zz", 1, 2, None, True, ["a"]]
"""All values that there are, to the oracle: each schema below is told from each other one by one of them."""
SCHEMAS: list[Any] = [
    {"type": "string"},
    {"type": "integer"},
    {"enum": ["a", "b"]},
    {"enum": ["a"]},
    {"type": ["string", "null"]},
    {"type": ["string", "integer"]},
    {"type": "array", "items": {"type": "string"}},
    True,
]
TAKES = [
    {index for index, value in enumerate(DOMAIN) if Draft202012Validator(schema).is_valid(value)}
    for schema in SCHEMAS
]
SERVICES, ENVIRONMENTS, QUESTIONS = 30, 5, 150


@dataclass
class Api:
    """A version's API: which schema its parameter and its result have; None where it lacks the task."""

    parameter: int | None
    result: int = 0

    def write(self, service: str) -> ServiceSpec:
        """Return it as a spec."""
        tasks: tuple[TaskSpec, ...] = ()
        if self.parameter is not None:
            parameters = (ParameterSpec("key", schema=SCHEMAS[self.parameter]),)
            tasks = (TaskSpec("send", "1.0.0", f"{service}.send", parameters, SCHEMAS[self.result]),)
        return ServiceSpec(service, "1.0.0", tasks)


@dataclass
class Version:
    """What the oracle remembers of a version that was published."""

    service: str
    name: str
    api: Api | None
    calls: dict[str, dict[str, tuple[int, bool]]] = field(default_factory=dict)
    """Provider -> interaction -> the value that it sends, and whether it looks at the result."""
    results: dict[str, bool] = field(default_factory=dict)
    branch: str = ""


class Brute:
    """The world as plain lists, and the definition read literally."""

    def __init__(self) -> None:
        self.versions: dict[tuple[str, str], Version] = {}
        self.running: dict[str, list[tuple[Version, How]]] = {}

    def cell(self, consumer: Version, provider: Version, beside: list[Version]) -> str:
        outcomes = {
            self.settle(digest, value, looks, provider, beside)
            for digest, (value, looks) in consumer.calls[provider.service].items()
        }
        for each in ("failed", "refused", "unknown", "proved"):
            if each in outcomes:
                return each
        return "verified"

    def settle(self, digest: str, value: int, looks: bool, provider: Version, beside: list[Version]) -> str:
        if digest in provider.results:
            return "verified" if provider.results[digest] else "failed"
        if provider.api is None:
            return "unknown"
        if provider.api.parameter is None or value not in TAKES[provider.api.parameter]:
            return "refused"
        for base in (*beside, *self.newest(provider.service)):
            if base.service != provider.service or base.name == provider.name or base.api is None:
                continue
            if not base.results.get(digest) or base.api.parameter is None:
                continue
            same_calls = TAKES[base.api.parameter] <= TAKES[provider.api.parameter]
            takes = value in TAKES[base.api.parameter]
            same_results = TAKES[provider.api.result] <= TAKES[base.api.result]
            if (same_calls or takes) and (same_results or not looks):
                return "proved"
        return "unknown"

    def newest(self, service: str) -> list[Version]:
        mine = [each for each in self.versions.values() if each.service == service]
        main = [each for each in mine if each.branch == "main"]
        return (main or mine)[-10:]

    def answer(self, candidate: Version, environment: str) -> str:
        running = [each for each, _ in self.running[environment]]
        beside = [*running, candidate]
        outcomes = set()
        for other in running:
            if candidate.service in other.calls and other is not candidate:
                outcomes.add(self.cell(other, candidate, beside))
        for provider in candidate.calls:
            there = [each for each in running if each.service == provider]
            if provider == candidate.service:
                there = [candidate]
            if not there:
                outcomes.add("absent")
            outcomes |= {self.cell(candidate, each, beside) for each in there}
        if outcomes & {"failed", "refused", "absent"}:
            return "no"
        return "not known" if "unknown" in outcomes else "yes"


def make_interaction(provider: str, value: int, looks: bool) -> Interaction:
    rules = (MatchRule("$", "type"),) if looks else (ANYTHING,)
    result = "a" if looks else None
    description = f"sends {DOMAIN[value]!r}{', and looks' if looks else ''}"
    return Interaction(
        description, f"{provider}.send", "1.0.0", args=(DOMAIN[value],), result=result, rules=rules
    )


def build(rng: random.Random, versions: int) -> tuple[Registry, Brute, Counter[str]]:
    """Return a registry and the oracle's memory of it, and how many things of each kind it holds."""
    registry, brute = begin(MemoryStore()), Brute()
    made: Counter[str] = Counter()
    names = [f"s{number}" for number in range(SERVICES)]
    calls = {name: rng.sample(names, rng.randint(0, 3)) for name in names}
    for number in range(versions):
        for name in names:
            version = make_version(rng, name, str(number), calls[name], brute)
            publish(registry, write(version))
            brute.versions[name, version.name] = version
            made["versions"] += 1
            made["contracts"] += len(version.calls)
            made["interactions"] += sum(map(len, version.calls.values()))
            made["results"] += len(version.results)
    for index in range(ENVIRONMENTS):
        environment = f"e{index}"
        brute.running[environment] = []
        for name in names:
            if rng.random() < 0.85:
                deploy(rng, registry, brute, environment, name, versions)
                made["deployments"] += 1
    return registry, brute, made


def make_version(rng: random.Random, name: str, number: str, providers: list[str], brute: Brute) -> Version:
    """Return a version whose API mostly is that of the one before, with results of what is asked of it."""
    before = brute.versions.get((name, str(int(number) - 1)))
    api = before.api if before is not None and rng.random() < 0.8 else None
    if api is None and rng.random() < 0.95:
        parameter = None if rng.random() < 0.05 else rng.randrange(len(SCHEMAS))
        api = Api(parameter, rng.randrange(len(SCHEMAS)))
    version = Version(name, number, api, branch="main" if rng.random() < 0.7 else "feature")
    for provider in providers:
        there = brute.versions.get((provider, str(int(number) - 1)))
        fits = sorted(TAKES[there.api.parameter or 0]) if there is not None and there.api else [0]
        values = [rng.choice(fits) if rng.random() < 0.97 else rng.randrange(len(DOMAIN)) for _ in range(3)]
        sent = [(value, rng.random() < 0.5) for value in values[: rng.randint(1, 3)]]
        if before is not None and provider in before.calls and rng.random() < 0.7:
            version.calls[provider] = before.calls[provider]
            continue
        version.calls[provider] = {
            shorten_digest(digest_of(make_interaction(provider, value, looks))): (value, looks)
            for value, looks in sent
        }
    asked = {
        digest: value
        for each in brute.versions.values()
        for digest, (value, _) in each.calls.get(name, {}).items()
    }
    for digest, value in sorted(asked.items()):
        if rng.random() < 0.8:  # a live worker refuses what its API refuses
            takes = api is None or (api.parameter is not None and value in TAKES[api.parameter])
            version.results[digest] = takes and rng.random() < 0.99
    return version


def write(version: Version) -> Publication:
    contracts = tuple(
        Contract(
            version.service,
            provider,
            tuple(make_interaction(provider, value, looks) for value, looks in sorted(sent.values())),
        )
        for provider, sent in version.calls.items()
    )
    passed = frozenset(digest for digest, ok in version.results.items() if ok)
    failed = {digest: "it broke" for digest, ok in version.results.items() if not ok}
    return Publication(
        version.service,
        version.name,
        at="t",
        by="ci",
        branch=version.branch,
        spec=None if version.api is None else version.api.write(version.service),
        contracts=contracts,
        runs=(Run("t", "ci", passed, failed),) if version.results else (),
    )


def deploy(
    rng: random.Random, registry: Registry, brute: Brute, environment: str, name: str, versions: int
) -> None:
    """Run one or two versions of a service, and end it now and then."""
    there = brute.running[environment]
    for _ in range(rng.randint(1, 2)):
        version = brute.versions[name, str(rng.randrange(versions))]
        how: How = "released" if rng.random() < 0.2 else "deployed"
        running = Running(registry.get_version(name, version.name), how, "", "t", "ci")
        record_start(registry, environment, running, new=True)
        if how == "deployed":
            there[:] = [each for each in there if each[0].service != name or each[1] == "released"]
        if (version, how) not in there:
            there.append((version, how))
    if rng.random() < 0.05:
        record_end(registry, environment, name)
        there[:] = [each for each in there if each[0].service != name]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "versions", "least"), [(0, 6, 1_000), (2, 40, 10_000)])
def test_answers_are_those_of_the_definition(seed: int, versions: int, least: int) -> None:
    rng = random.Random(seed)
    registry, brute, made = build(rng, versions)
    told: Counter[str] = Counter()
    for _ in range(QUESTIONS):
        candidate = rng.choice(list(brute.versions.values()))
        environment = rng.choice(list(brute.running))
        there = registry.find_environment(environment)
        published = registry.get_version(candidate.service, candidate.name)
        verdict = may_deploy(registry, there, [published], TODAY)
        expected = brute.answer(candidate, environment)
        shown = [(cell.consumer, cell.provider, cell.outcome) for cell in verdict.steps[0].cells]
        assert verdict.answer == expected, (seed, published.id, environment, shown)
        beside = [*(each for each, _ in brute.running[environment]), candidate]
        for cell in verdict.steps[0].cells:
            if cell.outcome != "absent":
                pair = (
                    brute.versions[cell.consumer, cell.consumer_version],
                    brute.versions[cell.provider, cell.provider_version],
                )
                assert cell.outcome == brute.cell(*pair, beside), (seed, published.id, environment, cell)
        told[verdict.answer] += 1
    assert len(told) == 3, told
    assert min(told.values()) >= 3, told
    assert made.total() >= least, made


def test_the_oracles_domain_tells_all_schemas_apart() -> None:
    assert len({frozenset(each) for each in TAKES}) == len(SCHEMAS)
    assert replace(Api(0), result=1) == Api(0, 1)
