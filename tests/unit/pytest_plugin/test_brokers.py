"""A broker or result backend that cannot be used ends the run before it begins, with what to do."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.support.shop_project import ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]

REDIS_EXTRA = 'pip install "taskcontract[redis]"'
SQS_EXTRA = 'pip install "taskcontract[sqs]"'
URLS = [
    (["--taskcontract-broker", "foo://x"], "no broker is known by the scheme 'foo'", "Known are amqp, "),
    (["--taskcontract-broker", "redis://127.0.0.1"], "needs a library for redis", REDIS_EXTRA),
    (["--taskcontract-broker", "rediss://127.0.0.1"], "needs a library for rediss", REDIS_EXTRA),
    (["--taskcontract-broker", "sentinel://127.0.0.1"], "needs a library for sentinel", REDIS_EXTRA),
    (["--taskcontract-broker", "sqs://"], "needs a library for sqs", SQS_EXTRA),
    (["--taskcontract-broker", "mongodb://x"], "needs a library for mongodb", 'install "celery[mongodb]"'),
    (["--taskcontract-broker", "qpid://x"], "needs a library for qpid", 'install "kombu[qpid]"'),
    (["--taskcontract-broker", "kafka://x"], "needs a library for kafka", 'install "kombu[confluentkafka]"'),
    (["--taskcontract-backend", "foo://x"], "no result backend is known by the scheme 'foo'", "Known are "),
    (["--taskcontract-backend", "redis://127.0.0.1"], "needs a library for redis", REDIS_EXTRA),
    (["--taskcontract-backend", "s3://x"], "needs a library for s3", 'pip install "celery[s3]"'),
    (["--taskcontract-backend", "db+sqlite:///x"], "needs a library for db", 'install "celery[sqlalchemy]"'),
]


@pytest.fixture(scope="module")
def without_libraries(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder that hides the libraries of all servers from whoever has it on the path."""
    folder = tmp_path_factory.mktemp("hidden")
    for name in ("redis", "boto3", "botocore", "sqlalchemy", "pymongo", "confluent_kafka", "qpid"):
        (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r}, name={name!r})\n")
    return str(folder)


def test_a_url_that_cannot_be_used_is_one_usage_error(
    without_libraries: str, shop_project: ShopProject
) -> None:
    shop_project.write_contract(ask("plain", result={"given": None}))
    runs = shop_project.pytest_each([options for options, _, _ in URLS], PYTHONPATH=without_libraries)
    for (code, output), (options, what, do) in zip(runs, URLS, strict=True):
        assert code == pytest.ExitCode.USAGE_ERROR, (options, output)
        assert what in output, options
        assert do in output, options
        assert "Traceback" not in output, options
    assert shop_project.read("runs.txt") == []


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine at which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_the_client_that_only_a_worker_on_sqs_needs_is_asked_for(
    tmp_path: Path, shop_project: ShopProject
) -> None:
    """Kombu 5.5 needs none."""
    if find_spec("kombu.asynchronous.http.curl") is None:
        pytest.skip("this kombu waits for SQS without pycurl")
    (tmp_path / "pycurl.py").write_text("raise ModuleNotFoundError('pycurl', name='pycurl')\n")
    shop_project.write_contract(ask("plain", result={"given": None}))
    options = ["--taskcontract-broker", "sqs://key:secret@127.0.0.1"]
    [(code, output)] = shop_project.pytest_each([options], PYTHONPATH=str(tmp_path))
    assert code == pytest.ExitCode.USAGE_ERROR, output
    assert "needs a library for sqs" in output
    assert SQS_EXTRA in output
    assert "secret" not in output


def test_sqs_without_a_key_is_one_usage_error(closed_port: int, shop_project: ShopProject) -> None:
    shop_project.write_contract(ask("plain", result={"given": None}))
    elsewhere = {
        "AWS_ENDPOINT_URL_SQS": f"http://127.0.0.1:{closed_port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": "absent",
        "AWS_CONFIG_FILE": "absent",
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
    }
    [(code, output)] = shop_project.pytest_each([["--taskcontract-broker", "sqs://"]], **elsewhere)
    assert code == pytest.ExitCode.USAGE_ERROR, output
    assert "Name a key of AWS" in output, output


@pytest.mark.parametrize("scheme", ["amqp", "redis", "sqs"])
def test_a_server_that_is_away_is_one_usage_error(
    scheme: str, closed_port: int, shop_project: ShopProject
) -> None:
    shop_project.write_contract(ask("plain", result={"given": None}))
    url = f"{scheme}://me:secret@127.0.0.1:{closed_port}//"
    code, output = shop_project.pytest("--taskcontract-broker", url)
    assert code == pytest.ExitCode.USAGE_ERROR, output
    assert f"127.0.0.1:{closed_port}" in output
    assert "secret" not in output
    assert shop_project.read("runs.txt") == []


def test_what_goes_wrong_at_the_end_does_not_take_the_report(
    shop_project: ShopProject, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taskcontract.verification.sandbox.sandbox import RunSandbox

    close = RunSandbox.close

    def fail(sandbox: RunSandbox) -> None:
        close(sandbox)
        raise ConnectionError("the server is gone")

    monkeypatch.setattr(RunSandbox, "close", fail)
    shop_project.write_contract(ask("plain", result={"given": None}))
    result = pytester.runpytest_inprocess(
        "-p", "taskcontract.pytest_plugin.plugin", "--taskcontract", "--junitxml=report.xml"
    )
    result.assert_outcomes(passed=1)
    assert (shop_project.root / "report.xml").exists()
    result.stdout.fnmatch_lines("*may have left something behind: ConnectionError('the server is gone')")
