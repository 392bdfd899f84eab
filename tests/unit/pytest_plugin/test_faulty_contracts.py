"""What is wrong with one interaction fails that one, what is wrong with one file that file; the rest runs."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.model.contract import Contract
from taskcontract.model.pact_writing import dump_contract
from tests.support.shop_project import ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]
    Edit = Callable[[dict[str, Any]], object]

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]

PACT = '"metadata": {"pactSpecification": {"version": "4.0"}}'
PARTIES = '"consumer": {"name": "web"}, "provider": {"name": "shop"}'
PATTERN = {"$": {"combine": "AND", "matchers": [{"match": "regex", "regex": "(?a)(?u)x"}]}}
RULES = {"$": {"combine": "AND", "matchers": [{"match": "statusCode"}]}}

FAULTS: list[tuple[str, Edit, str]] = [
    ("unknown task", lambda it: it["request"]["metadata"].update(task="shop.ordr"), "nearest * 'shop.order'"),
    ("unknown version", lambda it: it["request"]["metadata"].update(version="3.0.0"), "*asks for 3.0.0"),
    ("no version", lambda it: it["request"]["metadata"].update(version="new"), "*'new'*"),
    ("no task", lambda it: it["request"]["metadata"].pop("task"), "*which task it calls*"),
    ("unknown queue", lambda it: it["request"]["metadata"].update(queue="attic"), "*'attic', which the*"),
    ("unknown serializer", lambda it: it["request"]["metadata"].update(serializer="cbor"), "*cbor*"),
    ("wrong argument", lambda it: args(it).__setitem__(1, "three"), "*RefusedArgumentsError*'count'*"),
    ("too many arguments", lambda it: args(it).append(4), "*RefusedArgumentsError*"),
    ("args that are no array", lambda it: content(it).update(args="tea"), "*a call is an array*"),
    ("encoded contents", lambda it: it["request"]["contents"].update(encoded="base64"), "*encoded*"),
    ("unknown state", lambda it: it.update(providerStates=[{"name": "full"}]), "*declares no state 'full'"),
    ("a state's wrong name", lambda it: it.update(providerStates=[{"name": 7}]), "*a string is expected*"),
    ("a state that raises", lambda it: it.update(providerStates=[{"name": "burnt down"}]), "*no matches*"),
    ("states that are none", lambda it: it.update(providerStates="full"), "*an array is expected*"),
    (
        "unknown matcher",
        lambda it: response(it).update(matchingRules={"body": RULES}),
        "*'statusCode' is not*",
    ),
    (
        "unreadable pattern",
        lambda it: response(it).update(matchingRules={"body": PATTERN}),
        "*not read here*",
    ),
    ("unreadable path", lambda it: response(it).update(matchingRules={"body": {"$[": {}}}), "*$[[]*"),
    ("two responses", lambda it: it["response"].append(it["response"][0]), "*a second response*"),
    ("unknown type", lambda it: it.update(type="Synchronous/Mesages"), "*'Synchronous/Mesages'*"),
    ("no type", lambda it: it.pop("type"), "*'type' is missing*"),
    ("no description", lambda it: it.pop("description"), "*'description' is missing*"),
]


def content(interaction: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = interaction["request"]["contents"]["content"]
    return found


def args(interaction: dict[str, Any]) -> list[Any]:
    found: list[Any] = content(interaction)["args"]
    return found


def response(interaction: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = interaction["response"][0]
    return found


def good(name: str) -> dict[str, Any]:
    """An interaction that the shop's worker keeps, as it stands in a file."""
    contract = Contract("web", "shop", (ask("order", "tea", 3, description=name, result="s3://tea/3"),))
    found: dict[str, Any] = json.loads(dump_contract(contract))["interactions"][0]
    return found


def pact(*interactions: Any, provider: str = "shop", version: str = "4.0") -> str:
    return json.dumps(
        {
            "consumer": {"name": "web"},
            "provider": {"name": provider},
            "interactions": interactions,
            "metadata": {"pactSpecification": {"version": version}},
        }
    )


def test_a_faulty_interaction_fails_alone(run: Run, shop_project: ShopProject) -> None:
    broken = []
    for name, edit, _ in FAULTS:
        broken.append(good(f"has {name}"))
        edit(broken[-1])
    first, last = good("a good one"), good("the last one")
    shop_project.write("contracts/web--shop.json", pact(first, *broken, last, "text", None))
    result = run("-v")
    result.assert_outcomes(passed=2, failed=len(FAULTS) + 2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*json::a good one PASSED*", "*json::the last one PASSED*"])
    result.stdout.no_fnmatch_line("*/taskcontract/*.py*")
    number = 1 + [name for name, _, _ in FAULTS].index("no description") + 1
    for name, _, said in FAULTS:
        item = f"interaction {number}" if name == "no description" else f"has {name}"
        assert f"web--shop.json::{item} FAILED" in result.stdout.str(), name
        section = result.stdout.str().split(f": {item} _", 1)[1].split("\n_", 1)[0]
        assert fnmatch(section, f"*{said}*"), (name, section)


UNREADABLE = [
    ("{", "cut short"),
    ("nonsense", "this is not JSON"),
    ("[]", "names no consumer and no provider"),
    ('{"consumer": {"name": "w', "cut short"),
    (f'{{{PARTIES}, "interactions": [], {PACT.replace("4.0", "2.0.0")}}}', "2.0.0"),
    (f'{{"provider": {{"name": "shop"}}, "interactions": [], {PACT}}}', "consumer"),
    (f'{{{PARTIES}, "interactions": 7, {PACT}}}', "an array is expected"),
    (f"{{{PARTIES}, {PACT}}}", "'interactions' is missing"),
    ('{"taskcontract": 1, "name": "shop"}', "names no consumer and no provider"),
    ("\udcff", "not UTF-8"),
]


@pytest.mark.parametrize("asked", [False, True])
def test_a_file_that_is_no_contract_is_one_error(asked: bool, run: Run, shop_project: ShopProject) -> None:
    names = [f"nameless{at}.json" if asked else f"web{at}--shop.json" for at in range(len(UNREADABLE))]
    for name, (text, _) in zip(names, UNREADABLE, strict=True):
        broken = shop_project.write(f"contracts/{name}", "")
        broken.write_bytes(text.encode(errors="surrogateescape"))
    shop_project.write("contracts/zoo--shop.json", pact(good("a good one")))
    files = [f"contracts/{name}" for name in (*names, "zoo--shop.json")]
    result = run(*files) if asked else run()
    result.assert_outcomes(passed=1, errors=len(UNREADABLE))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    output = result.stdout.str()
    for name, (_, said) in zip(names, UNREADABLE, strict=True):
        assert f"ERROR contracts/{name}::can be read" in output
        section = output.split(f" of {name}: can be read _", 1)[1].split("\n_", 1)[0]
        assert said in section, (name, section)
    result.stdout.no_fnmatch_line("*Traceback*")


HTTP = {"type": "Synchronous/HTTP", "description": "a page", "request": {}, "response": {}}


def test_content_decides_what_is_a_contract(run: Run, shop_project: ShopProject) -> None:
    files = {
        "web-shop.json": pact(good("by another library"), HTTP),
        "deep/er/pact.json": pact(good("from below")),
        "shop/1.0.0.json": json.dumps({"taskcontract": 1, "name": "shop"}),
        "web-bank.json": pact(good("of a bank"), provider="bank"),
        "web--bank.json": pact(good("of a bank"), provider="bank"),
        "v2.json": f'{{{PARTIES}, "interactions": [], {PACT.replace("4.0", "2.0.0")}}}',
        "pages.json": pact(HTTP),
        "notes.json": '{"to": "do"}',
        "draft.json": "{",
    }
    for name, text in files.items():
        shop_project.write(f"contracts/{name}", text)
    result = run("-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "contracts/deep/er/pact.json::web: from below PASSED*",
            "contracts/web-shop.json::by another library PASSED*",
        ]
    )
    (line,) = [line for line in result.outlines if line.startswith("taskcontract: skipped")]
    for name, why in {
        "web-bank.json": "bank provides it",
        "web--bank.json": "bank provides it",
        "v2.json": "Pact 2.0.0",
        "pages.json": "only Synchronous/HTTP",
        "notes.json": "not a Pact file",
        "draft.json": "unreadable: this JSON file is cut short (line 1, column 2)",
        "web-shop.json": "1 interactions of other types than tasks have",
    }.items():
        assert f"contracts/{name} ({why})" in line
    assert "1.0.0.json" not in line
    run("contracts").assert_outcomes(passed=2)


def test_a_contract_of_another_provider_that_was_asked_for(run: Run, shop_project: ShopProject) -> None:
    shop_project.write("contracts/web--bank.json", pact(good("of a bank"), provider="bank"))
    named = run("contracts/web--bank.json")
    named.assert_outcomes(errors=1)
    named.stdout.fnmatch_lines("*this contract is for 'bank', and the worker serves 'shop'")


def test_folders_without_a_contract_are_a_usage_error(run: Run, shop_project: ShopProject) -> None:
    shop_project.write("contracts/notes.json", "{}")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*there are no contracts*", "*notes.json is not a Pact file.*"])


def test_ids_tell_files_apart_wherever_they_lie(run: Run, shop_project: ShopProject) -> None:
    bad = good("called")
    bad["response"][0]["contents"]["content"] = "s3://tea/4"
    places = {"contracts": good("called"), "../outside": bad, "../other/outside": good("called")}
    for folder, interaction in places.items():
        shop_project.write(f"{folder}/web--shop.json", pact(interaction))
        shop_project.write(f"{folder}/in.json", pact(interaction))
    folders = ["--taskcontract-contracts", ",".join(places)]
    result = run("-v", "--junitxml=report.xml", *folders)
    result.assert_outcomes(passed=4, failed=2)
    ids = {line.split(" FAILED")[0].split(" PASSED")[0] for line in result.outlines if "::" in line}
    ids = {each for each in ids if not each.startswith("FAILED")}
    assert ids == {
        f"{folder}/{name}" for folder in places for name in ("web--shop.json::called", "in.json::web: called")
    }
    report = (shop_project.root / "report.xml").read_text(encoding="utf-8")
    cases = {piece.split(" time=")[0] for piece in report.split("<testcase ")[1:]}
    assert len(cases) == 6
    assert 'classname="contracts.web--shop.json" name="called"' in cases
    run("--lf", *folders).assert_outcomes(failed=2)
    run("-k", "web", *folders).assert_outcomes(passed=4, failed=2)
    run("../outside/web--shop.json::called", *folders).assert_outcomes(failed=1)


def test_last_failed_inside_and_outside_of_the_root(run: Run, shop_project: ShopProject) -> None:
    bad = good("called")
    bad["response"][0]["contents"]["content"] = "s3://tea/4"
    for folder in ("contracts", "../outside"):
        shop_project.write(f"{folder}/web--shop.json", pact(bad, good("kept")))
    folders = ["--taskcontract-contracts", "contracts,../outside"]
    run(*folders).assert_outcomes(passed=2, failed=2)
    run("--lf", *folders).assert_outcomes(failed=2)


@pytest.mark.parametrize(
    ("named", "passed"),
    [
        (["other/deep"], 1),
        (["../outside", "other"], 4),
        (["../outside/web--shop.json", "contracts"], 2),
        (["."], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_named_folder_is_one_of_contracts(
    run: Run, shop_project: ShopProject, named: list[str], passed: int
) -> None:
    for file in ("../outside/web--shop", "../outside/in", "other/a", "other/deep/b", "contracts/web--shop"):
        shop_project.write(f"{file}.json", pact(good("called")))
    shop_project.write("other/package.json", "{}")
    run(*named).assert_outcomes(passed=passed)
