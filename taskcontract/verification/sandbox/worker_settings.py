"""What the worker's process is told when it starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.verification.sandbox.sandbox import RunSandbox, sandbox_from_json

if TYPE_CHECKING:
    from taskcontract.model.config import Config

__all__ = ["WorkerSettings", "make_settings", "settings_from_json"]


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The provider's app and how its worker runs, in `sandbox`.

    `generation` counts the workers of one run: each has queues of its own, so that none gets what
    was meant for a dead one.
    """

    app: str
    root: str
    sandbox: RunSandbox
    generation: int
    bindings: tuple[str, ...]
    states: str | None
    pool: str
    concurrency: int

    @property
    def run(self) -> str:
        """What the names of this worker's queues end with."""
        return f"{self.sandbox.run}-{self.generation}"

    @property
    def output_file(self) -> str:
        """Where the process's stdout and stderr go."""
        return self.sandbox.output_file(self.generation)

    def to_json(self) -> dict[str, Any]:
        """Return these settings as JSON data."""
        return asdict(self)


def make_settings(config: Config, sandbox: RunSandbox, generation: int) -> WorkerSettings:
    """Return the settings of the run's worker number `generation`; `config.app` must be set."""
    assert config.app is not None
    return WorkerSettings(
        app=config.app,
        root=str(config.root),
        sandbox=sandbox,
        generation=generation,
        bindings=config.bindings,
        states=config.states,
        pool=config.pool,
        concurrency=config.concurrency,
    )


def settings_from_json(data: dict[str, Any]) -> WorkerSettings:
    """Return the settings that `WorkerSettings.to_json` wrote."""
    return WorkerSettings(
        **{**data, "sandbox": sandbox_from_json(data["sandbox"]), "bindings": tuple(data["bindings"])}
    )
