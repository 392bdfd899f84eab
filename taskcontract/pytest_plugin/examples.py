"""`--taskcontract-examples N`: one item per version of a task, tried with calls that Hypothesis makes up."""

from __future__ import annotations

import secrets
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import ConfigError, TaskContractError
from taskcontract.pytest_plugin.items import Crash, Explanation
from taskcontract.pytest_plugin.node_ids import spell_name
from taskcontract.pytest_plugin.outcomes import OUTCOMES
from taskcontract.reporting.escape import tame, tame_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from taskcontract.pytest_plugin.run import ContractRun
    from taskcontract.testing.trial import TrialResult
    from taskcontract.verification.described import DescribedTask
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.verifier import Verifier

__all__ = ["ExampleRun"]

FOLDER = "examples"
"""What the ids of the items begin with; it is not a file."""

DIGITS = 9
SEED_KEY = "taskcontract-seed"


class ExampleRun:
    """The examples of a run: how many of each task, from which seed, and of which tasks."""

    def __init__(self, config: pytest.Config) -> None:
        text = config.option.taskcontract_examples
        if not (text.isascii() and text.isdecimal() and int(text) > 0):
            raise pytest.UsageError(
                f"--taskcontract-examples: {tame_line(text)!r} is not a whole number from 1\n"
                "  Say how many calls of each task are made up: --taskcontract-examples 50."
            )
        try:
            from taskcontract.testing.searching import require_hypothesis

            require_hypothesis()
        except ConfigError as error:
            raise pytest.UsageError(f"--taskcontract-examples: {error}") from None
        self.count = int(text)
        self.seed = _read_seed(config)
        named = [arg for arg in config.args if arg.startswith(f"{FOLDER}::")]
        # pytest-xdist hands the options on, and the paths that are left.
        self._wanted: list[str] | None = getattr(config.option, "taskcontract_examples_of", None)
        if named:
            config.args = [arg for arg in config.args if arg not in named]
            self._wanted = config.option.taskcontract_examples_of = named
        elif any("::" in arg for arg in config.args) and self._wanted is None:
            self._wanted = []  # single interactions were asked for

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give each process of pytest-xdist the same seed: options that were not typed do not get there."""
        node.workerinput[SEED_KEY] = self.seed

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the examples to what was collected, behind the contracts."""
        if self._wanted == []:
            return
        collector = ExampleCollector.from_parent(session, name=FOLDER, nodeid=FOLDER, run=self)
        report = session.ihook.pytest_make_collect_report(collector=collector)
        session.ihook.pytest_collectreport(report=report)
        if report.passed:
            items.extend(report.result)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the selected tasks that are sent nothing."""
        items = [item for item in session.items if isinstance(item, ExampleItem)]
        unsent = [f"{item.task.spec.id}: {item.task.refusal}" for item in items if item.task.refusal]
        session.config.stash[OUTCOMES].all.unsent |= dict.fromkeys(unsent)

    def pytest_report_header(self) -> str:
        """Say how many calls are made up, and how to make the same ones again."""
        return f"taskcontract: {self.count} examples of each task, --hypothesis-seed={self.seed}"

    def wants(self, node_id: str) -> bool:
        """Return whether the item with this id was asked for."""
        return self._wanted is None or any(
            node_id == each or node_id.startswith(f"{each}::") for each in self._wanted
        )

    def spell_command(self, node_id: str) -> str:
        """Return the command that makes the same calls of one task again."""
        seed = f"--hypothesis-seed={self.seed}"
        return f"pytest --taskcontract --taskcontract-examples {self.count} {seed} {shlex.quote(node_id)}"


def _read_seed(config: pytest.Config) -> Any:
    """Return the seed that Hypothesis's own option names, that of the main process, or a new one."""
    given = getattr(config.option, "hypothesis_seed", None)
    if given is None:
        given = getattr(config, "workerinput", {}).get(SEED_KEY)
    if given is None:
        given = secrets.randbelow(10**DIGITS)
    return int(given) if str(given).isdecimal() else given


class ExampleCollector(pytest.Collector):
    """The versions of the tasks that the worker serves."""

    def __init__(self, *, run: ExampleRun, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._run = run

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item per version; the worker says which there are."""
        for verifier, task in _find_run(self.config).list_tasks():
            item = ExampleItem.from_parent(
                self, name=spell_name(task.id), verifier=verifier, task=task, run=self._run
            )
            if self._run.wants(item.nodeid):
                yield item


class ExampleItem(pytest.Item):
    """One version of a task, tried on the run's worker."""

    def __init__(self, *, verifier: Verifier, task: DescribedTask, run: ExampleRun, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.task = task
        self._verifier = verifier
        self._run = run
        if task.refusal:
            self.add_marker(pytest.mark.skip(reason=task.refusal))
        # Other plugins (pytest-docker-tools, for one) take every failing item for a function.
        self.funcargs: dict[str, object] = {}

    def runtest(self) -> None:
        """Send the calls; an ExampleError carries what is wrong with the smallest one."""
        from taskcontract.testing.trial import Trial

        trial = Trial(self._verifier, self.task, self._run.count, self._run.seed)
        result = trial.run()
        if result.failure is not None:
            raise ExampleError(result.failure, result)
        if not result.answered and result.unknown:
            pytest.skip(f"none of the {result.unknown} calls passed the checks that only its code knows")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what pytest shows of a failure: no traceback of ours."""
        error = excinfo.value
        if isinstance(error, ExampleError):
            from taskcontract.reporting.replay import explain_outcome, summarise_outcome

            text = explain_outcome(error.outcome)
            again = f"To make the same calls again:\n  {self._run.spell_command(self.nodeid)}"
            said = "" if error.result.shrunk else "\nThis call was not made smaller."
            return Explanation(f"{text}{said}\n{again}", Crash(summarise_outcome(error.outcome)))
        if isinstance(error, TaskContractError):
            return Explanation(tame(str(error)), Crash(tame_line(error.what)))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Return where the id says that it stands, and the heading of its failure."""
        return self.config.rootpath / FOLDER, 0, f"{FOLDER} of {tame_line(self.task.spec.id)}"


class ExampleError(Exception):
    """A call that was answered in a way that the task does not declare."""

    def __init__(self, outcome: Outcome, result: TrialResult) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.result = result


def _find_run(config: pytest.Config) -> ContractRun:
    run: Any = config.pluginmanager.get_plugin("taskcontract-run")
    return run  # type: ignore[no-any-return]
