"""How long `can-i-deploy` takes, and how often it asks the store, in a registry of many services.

Run: python -m benchmarks.can_i_deploy [--services N] [--versions N] [--environments N]

The goals are a second for a process that starts with nothing, and 10 requests, for 100 services with 100
versions each and 5 environments. Asked are a version that was verified, and one for which all has to be
proved. The registry is made in memory and written into a folder; S3 is a look-alike over HTTP that has the
newest states alone.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from demo.s3 import connect, make_environment, serve_s3
from taskcontract.deployment.verdict import may_deploy
from taskcontract.model.contract import Contract, Interaction, MatchRule
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.registry.environments import record_start
from taskcontract.registry.publishing import Publication, publish, shorten_digest
from taskcontract.registry.records import Run, Running
from taskcontract.registry.registry import Registry
from taskcontract.registry.results import digest_of
from taskcontract.registry.store import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL_SECONDS, GOAL_REQUESTS = 1.0, 10
CALLS, PROVIDERS, TASKS = 5, 3, 4
TEXT = {"type": "string"}


class CountingStore(MemoryStore):
    """A store in memory that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def read(self, key: str) -> bytes | None:
        """Count, and read."""
        self.asked["read"] += 1
        return super().read(key)

    def find_first(self, folder: str) -> str | None:
        """Count, and look."""
        self.asked["list"] += 1
        return super().find_first(folder)

    def list_names(self, folder: str) -> Iterator[str]:
        """Count, and list."""
        self.asked["list"] += 1
        return super().list_names(folder)

    @property
    def content(self) -> dict[str, bytes]:
        """All that is in it."""
        return self._content


def main() -> None:
    """Print seconds and requests, on each store."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=100)
    parser.add_argument("--versions", type=int, default=100)
    parser.add_argument("--environments", type=int, default=5)
    given = parser.parse_args()
    store = CountingStore()
    began = time.perf_counter()
    build(Registry(store), given.services, given.versions, given.environments)
    print(
        f"{given.services} services x {given.versions} versions x {given.environments} environments: "
        f"{len(store.content):,} objects, {sum(map(len, store.content.values())) / 1e6:.0f} MB, made in "
        f"{time.perf_counter() - began:.0f} s"
    )
    questions = {"verified": ("s0", str(given.versions - 1)), "to be proved": ("s0", "next")}
    for name, (service, version) in questions.items():
        store.asked.clear()
        registry = Registry(store).require()
        there = registry.get_environment("e0")
        candidate = registry.get_version(service, version)
        verdict = may_deploy(registry, there, [candidate], datetime.now(UTC).date())
        told = f"{verdict.answer}, {len(verdict.steps[0].cells)} pairs"
        print(f"  {name}: {told}, {store.asked.total()} requests (goal {GOAL_REQUESTS})")
    with tempfile.TemporaryDirectory() as folder, serve_s3() as url:
        for key, data in store.content.items():
            path = Path(folder, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        client = connect(url)
        client.create_bucket(Bucket="registry")
        for key in sorted(find_newest(store.content)):
            client.put_object(Bucket="registry", Key=key, Body=store.content[key])
        for place, environment in ((folder, {}), ("s3://registry", make_environment(url))):
            for name, (service, version) in questions.items():
                seconds = measure(place, service, version, environment)
                shown = "folder" if place == folder else "S3 look-alike"
                print(f"  {shown}, a new process, {name}: {seconds:.2f} s (goal {GOAL_SECONDS:g})")
    print(f"  memory of the largest process: {peak():.0f} MB")


def build(registry: Registry, services: int, versions: int, environments: int) -> None:
    """Publish all versions, and run a recent one of each service in each environment."""
    rng = random.Random(1)
    registry.begin()
    names = [f"s{number}" for number in range(services)]
    providers = {name: ["s0", *rng.sample(names, PROVIDERS)] for name in names}
    runs = {name: make_run(name, providers) for name in names}
    for number in range(versions):
        for name in names:
            contracts = tuple(make_contract(name, each) for each in dict.fromkeys(providers[name]))
            publication = Publication(
                name,
                str(number),
                "2026-11-28T10:00:00Z",
                "ci",
                branch="main",
                spec=make_spec(name, number),
                contracts=contracts,
                runs=(runs[name],),
            )
            publish(registry, publication)
    changed = make_spec("s0", versions - 1)
    changed = replace(
        changed, tasks=(*changed.tasks, replace(changed.tasks[0], name="new", wire_name="s0.new"))
    )
    publish(registry, Publication("s0", "next", "2026-11-28T10:00:00Z", "ci", branch="feature", spec=changed))
    for index in range(environments):
        for name in names:
            version = registry.get_version(name, str(versions - 1 - rng.randrange(min(5, versions))))
            record_start(registry, f"e{index}", Running(version, at="t", by="ci"), new=True)


def make_run(provider: str, providers: dict[str, list[str]]) -> Run:
    """Return a run in which all that is expected of `provider` passed."""
    asking = [make_contract(each, provider) for each, asked in providers.items() if provider in asked]
    digests = {shorten_digest(digest_of(one)) for each in asking for one in each.interactions}
    return Run("2026-11-28T10:00:00Z", "ci", frozenset(digests))


def make_spec(service: str, number: int) -> ServiceSpec:
    """Return an API that grows by an optional parameter every tenth version."""
    more = tuple(ParameterSpec(f"more{each}", schema=TEXT, default="") for each in range(number // 10))
    tasks = tuple(
        TaskSpec(f"t{each}", "1.0.0", f"{service}.t{each}", (ParameterSpec("key", schema=TEXT), *more), TEXT)
        for each in range(TASKS)
    )
    return ServiceSpec(service, f"1.{number}.0", tasks)


@cache
def make_contract(consumer: str, provider: str) -> Contract:
    """Return a contract with some calls of each consumer's own."""
    return Contract(
        consumer,
        provider,
        tuple(
            Interaction(
                f"call {each}",
                f"{provider}.t{each % TASKS}",
                "1.0.0",
                args=(f"{consumer}/{each}",),
                result="x",
                rules=(MatchRule("$", "type"),),
            )
            for each in range(CALLS)
        ),
    )


def find_newest(content: dict[str, bytes]) -> set[str]:
    """Return the keys without the older states: no question reads those, and the look-alike is slow."""
    newest: dict[str, str] = {}
    for key in content:
        folder = key.rpartition("/")[0]
        is_state = key.startswith(("versions/", "heads/", "environments/"))
        place = folder if is_state else key
        newest[place] = min(newest.get(place, key), key)
    return set(newest.values())


def measure(place: str, service: str, version: str, environment: dict[str, str]) -> float:
    """Return the seconds of the fastest of three processes that ask."""
    command = [sys.executable, "-m", "taskcontract", "can-i-deploy", service, version, "--to", "e0"]
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(
            [*command, "--registry", place],
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        best = min(best, time.perf_counter() - began)
    return best


def peak() -> float:
    """Return the megabytes of the largest child."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
