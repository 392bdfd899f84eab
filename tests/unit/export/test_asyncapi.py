"""AsyncAPI documents, against AsyncAPI's own schema."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskcontract.export.asyncapi import write_asyncapi
from taskcontract.model.canonical import dump_canonical
from taskcontract.model.service import ServiceSpec
from taskcontract.model.spec_file import dump_spec, load_spec, read_spec
from tests.support.asyncapi import accepts, find_faults
from tests.support.specs import make_task

PUSHER = load_spec(Path(__file__).parents[3] / "contracts/pusher/2.0.0.json")
EMBED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
HOSTILE = [
    "",
    " ",
    "a/b~c",
    "a b",
    "{celery}",
    "results",
    "results--outcome",
    "pusher.send--outcome",
    "$ref",
    "../../etc/passwd",
    "é\u202e",
    '"><script>alert(1)</script>',
    "a" * 300,
    "#/components/schemas/x",
    "amqp://u:p@h/?q#f",
    "\x00\n",
]


def test_pusher_is_a_document_with_an_operation_for_each_version() -> None:
    document = write_asyncapi(PUSHER)
    assert find_faults(document) == []
    assert document["info"] == {"title": "pusher", "version": "2.0.0"}
    operations = document["operations"]
    assert list(operations) == ["pusher.send_to_s3", "pusher.send_to_s3_v2"]
    assert {each["action"] for each in operations.values()} == {"receive"}
    assert document["channels"]["pusher"]["address"] == "pusher"
    assert "servers" not in document
    old = operations["pusher.send_to_s3"]
    assert old["x-deprecation"] == {"sunset": "2027-06-30", "use": "pusher.send_to_s3_v2"}
    assert "x-deprecation" not in operations["pusher.send_to_s3_v2"]
    fields = old["x-errors"][0]["fields"]["$ref"]
    assert document["components"]["schemas"][fields.rpartition("/")[2]]["required"] == ["code", "url"]


def test_the_reply_has_the_result_that_is_promised_and_none_where_nobody_keeps_it() -> None:
    document = write_asyncapi(PUSHER)
    takes = accepts(document, "pusher.send_to_s3_v2--outcome")
    stored = {"url": "s3://b/k", "etag": "x", "size": 3}
    record: dict[str, Any] = {
        "task_id": "1",
        "traceback": None,
        "date_done": "2026-01-01T00:00:00",
        "children": [],
    }
    assert takes({"status": "SUCCESS", "result": stored, **record})
    assert not takes({"status": "SUCCESS", "result": "s3://b/k", **record})
    failure = {"exc_type": "StorageRefusedError", "exc_message": ["no"], "exc_module": "bindings.pusher"}
    form = {"errors": ["StorageRefusedError"], "fields": {"code": "403", "url": "x"}, "args": []}
    assert takes({"status": "FAILURE", "result": failure, **record})
    assert takes({"status": "FAILURE", "result": {**failure, "taskcontract": form}, **record})
    wrong = {**form, "fields": {"code": 403, "url": "x"}}
    assert not takes({"status": "FAILURE", "result": {**failure, "taskcontract": wrong}, **record})
    assert not takes({"status": "PENDING", "result": stored})

    silent = ServiceSpec("shop", "1.0.0", (make_task("send", "a", options={"ignore_result": True}),))
    document = write_asyncapi(silent)
    assert find_faults(document) == []
    assert "reply" not in document["operations"]["pusher.send"]
    assert list(document["channels"]) == ["celery"]


def test_the_same_spec_gives_the_same_bytes_wherever_it_was_read() -> None:
    again = read_spec(json.loads(dump_spec(PUSHER)), file="again")
    assert dump_canonical(write_asyncapi(again)) == dump_canonical(write_asyncapi(PUSHER))


def test_a_newer_minor_version_keeps_the_ids() -> None:
    newer = replace(
        PUSHER, version="2.1.0", tasks=(PUSHER.tasks[0], replace(PUSHER.tasks[1], version="2.1.0"))
    )
    before, after = write_asyncapi(PUSHER), write_asyncapi(newer)
    for part in ("channels", "operations"):
        assert list(before[part]) == list(after[part])
    for part in ("messages", "schemas"):
        assert list(before["components"][part]) == list(after["components"][part])


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_become_valid_ids(hostile: str) -> None:
    schema: Any = {"$defs": {hostile: {"type": "integer"}}, "$ref": "#/$defs/" + quote(hostile)}
    task = make_task(hostile, "a, *rest", schemas={"a": schema, "rest": True}, wire_name=hostile)
    task = replace(
        task,
        queue=hostile or None,
        description=hostile,
        aliases=(f"{hostile}!",),
        errors=(hostile,),
        error_fields={hostile: {"type": "object"}},
        options={hostile: hostile},
        sunset="2027-01-01",
    )
    other = make_task("other", "a", wire_name="results", queue="results")
    tasks = (task, other) if hostile != "results" else (task,)
    document = write_asyncapi(ServiceSpec(hostile, "1.0.0", tasks))
    assert find_faults(document) == []
    assert document["info"]["title"] == hostile
    (name,) = [name for name, each in document["components"]["messages"].items() if each["name"] == hostile]
    takes = accepts(document, name)
    assert takes([[1], {}, EMBED])
    assert not takes([["x"], {}, EMBED])
    assert accepts(document, name, "headers")({"task": hostile, "id": "1"})
    assert not accepts(document, name, "headers")({"task": "another", "id": "1"})
    address = document["operations"][name]["channel"]["$ref"].rpartition("/")[2]
    channel = document["channels"][address]
    spoken = channel.get("parameters", {}).get("queue", {}).get("default", channel["address"])
    assert spoken == (hostile or "celery")


def quote(name: str) -> str:
    return "".join(f"%{byte:02x}" for byte in name.replace("~", "~0").replace("/", "~1").encode())


TEXTS = st.text(st.sampled_from("ab-._/é{"), max_size=4)


@settings(max_examples=30)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5, unique_by=lambda pair: pair[0]))
def test_no_two_tasks_or_queues_share_an_id(pairs: list[tuple[str, str]]) -> None:
    tasks = tuple(
        make_task(f"task{at}", "a", wire_name=name, queue=queue or None)
        for at, (name, queue) in enumerate(pairs)
    )
    document = write_asyncapi(ServiceSpec("shop", "1.0.0", tasks))
    assert find_faults(document) == []
    assert len(document["operations"]) == len(pairs)
    assert len(document["components"]["messages"]) == 2 * len(pairs)
    assert len(document["channels"]) == 1 + len({queue or "celery" for _, queue in pairs})


def test_what_data_says_is_never_taken_for_a_reference() -> None:
    trap = {"$ref": "file:///etc/passwd"}
    task = make_task(
        "send",
        "a, b, c=0",
        schemas={
            "a": {"default": trap, "examples": [trap]},
            "b": {"const": trap},
            "c": {"$ref": "http://x/y"},
        },
        options={"queue_arguments": trap},
    )
    document = write_asyncapi(ServiceSpec("shop", "1.0.0", (task,)))
    assert find_faults(document) == []
    assert "passwd" not in json.dumps(document)
    assert accepts(document, "pusher.send")([[1, trap], {}, EMBED])


def test_a_source_of_plain_tasks_says_what_nobody_declared() -> None:
    task = make_task("shop.tasks.mail", "to", version="", wire_name="shop.tasks.mail", enforced=False)
    document = write_asyncapi(ServiceSpec("shop", "", (task,)), {"shop.tasks.mail"})
    assert find_faults(document) == []
    assert document["info"]["version"] == "undeclared"
    operation = document["operations"]["shop.tasks.mail"]
    assert operation["x-enforced"] is False
    assert operation["x-unknown-signature"] is True
    assert document["channels"]["celery"]["address"] == "celery"


def test_a_service_without_tasks_is_a_document() -> None:
    assert find_faults(write_asyncapi(ServiceSpec("shop", "1.0.0"))) == []


def test_a_type_that_several_tasks_use_stands_once() -> None:
    node = {
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
        "$ref": "#/$defs/Node",
    }
    other = {"$defs": {"Node": {"type": "string"}}, "$ref": "#/$defs/Node"}
    tasks = (
        make_task("send", "a", schemas={"a": node}, result=node),
        make_task("take", "b", schemas={"b": {**node, "description": "where it ends"}}),
        make_task("view", "c", schemas={"c": other}),
    )
    document = write_asyncapi(ServiceSpec("shop", "1.0.0", tasks))
    assert find_faults(document) == []
    nodes = [name for name in document["components"]["schemas"] if name.startswith("Node")]
    assert len(nodes) == 2
    takes = accepts(document, "pusher.send")
    assert takes([[{"next": {"next": {}}}], {}, EMBED])
    assert not takes([[{"next": {"next": 3}}], {}, EMBED])
    assert accepts(document, "pusher.view")([["x"], {}, EMBED])
