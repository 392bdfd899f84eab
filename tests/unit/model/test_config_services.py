"""`[tool.taskcontract.services.NAME]`: what a service's table may say, and what holds without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import ConfigError
from taskcontract.model.config import choose_services, read_config
from taskcontract.model.keys import KEYS

if TYPE_CHECKING:
    from pathlib import Path

SHOP = """\
[tool.taskcontract]
broker = "redis://shared"
concurrency = 2
[tool.taskcontract.services.billing]
app = "billing"
bindings = ["b"]
concurrency = 9
[tool.taskcontract.services."orders.eu"]
app = "orders"
"""


def test_what_a_table_does_not_say_is_as_above_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SHOP)
    config = read_config(tmp_path)
    billing, orders = config.parts
    assert (billing.app, billing.broker, billing.concurrency) == ("billing", "redis://shared", 9)
    assert (orders.name, orders.concurrency, orders.bindings) == ("orders.eu", 2, ())
    assert billing.place == f"{tmp_path / 'pyproject.toml'}: [tool.taskcontract.services.billing]"
    assert choose_services(config, ["billing", "billing"]) == (billing,)
    assert choose_services(config, []) == (billing, orders)


def test_without_tables_the_project_is_its_only_part(tmp_path: Path) -> None:
    config = read_config(tmp_path)
    assert choose_services(config, []) == (config,)
    with pytest.raises(ConfigError, match="no service 'billing' is configured"):
        choose_services(config, ["billing"])


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ("services = 3", "] services", "services are tables"),
        ("services = { billing = 3 }", "] services", "services are tables"),
        ("services = { 'a b' = {} }", "services.'a b']", "letters, digits"),
        ("services.billing.ap = 'x'", "[tool.taskcontract.services.billing] ap", "Did you mean 'app'?"),
        ("services.billing.broker = 3", "[tool.taskcontract.services.billing] broker", "a string"),
        ("services.billing.accept = [{}]", "services.billing] accept[0]", "needs a reason"),
        ("services.billing.consumer = 'x'", "services.billing] consumer", "Move it to [tool.taskcontract]."),
        ("services.billing.services = {}", "services.billing] services", "there is no such key"),
        (
            "bindings = ['x']\nservices.billing.app = 'x'",
            "[tool.taskcontract] bindings",
            "services.billing].",
        ),
        ("service = {}", "[tool.taskcontract] service", "Did you mean 'services'?"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_to_do(
    tmp_path: Path, body: str, where: str, said: str
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[tool.taskcontract]\n{body}\n")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(file) in caught.value.where
    assert where in caught.value.where
    assert said in str(caught.value)


@pytest.mark.parametrize("name", sorted(KEYS.keys() - {"consumer", "results", "default_branch", "registry"}))
def test_every_other_key_may_stand_in_a_table(tmp_path: Path, name: str) -> None:
    values = {"text": repr(KEYS[name].words[:1] or ["x"])[1:-1].strip(","), "count": "3", "seconds": "3"}
    value = values.get(
        KEYS[name].shape, {"map": "{}", "texts": "['x']", "tables": "[]"}.get(KEYS[name].shape)
    )
    (tmp_path / "pyproject.toml").write_text(f"[tool.taskcontract.services.billing]\n{name} = {value}\n")
    assert getattr(read_config(tmp_path).services["billing"], name) is not None
