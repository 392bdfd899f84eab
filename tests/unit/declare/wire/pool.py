"""JSON values that each type of the catalogue is held against: the types' own, and near misses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from taskcontract.declare.codec import Codec
from tests.unit.declare.wire.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator

CODECS = {name: Codec(annotation) for name, (annotation, _) in CATALOGUE.items()}

_SCALARS: list[Any] = [None, True, False, 0, 1, -1, 2, 3, 5, 10, 1.0, 1.5, 0.001, 1e22, 123.45, 10**20, 1e300]

_TEXTS = """
||a|b|abc|abcd|EUR|EUR\\n|red|A|1|-1|01|true|null| a | abcd |[1]|"x"|\\u0000|é
2024-02-29|2023-02-29|2024-01-30|2024-12-31|9999-12-31|0000-01-01|20240229|2024-2-9|1709164800|0
2024-02-29T12:00|2024-02-29 12:00:00.5+02:00|2024-02-29T12:00:00Z|2024-02-29T12:00:00+24:00
2024-02-29T12:00:00.123456789|2024-02-29T12:00:60|2024-02-29T24:00:00|2024-02-29t12:00:00z|0001-01-01T00:00:00
12:30|12:30:00.25Z|24:00|1:2|12:30:00+01:00
P1D|PT1H|1 day|-P1DT1S|P1Y|P1M|P|PT|P1DT|P99999Y|P99999Y999D|PT0.5S|PT1,5S|01:02:03|P1W
12345678123442349234123456789abc|{12345678-1234-4234-9234-123456789abc}|12345678-1234-1234-9234-123456789ABC
1.5|1E+5|1_000| 1|NaN|Infinity|123.456|-0|0.0|-0.5|100|100.01|0.75|0.125|00123.4500|.5|5.|1e999999999999999999
aGk=|aGk|aGl=|a-_=|aGk==|aGVsbG8=|a+b/|a
192.0.2.1|192.0.2.01|::1|1:2:3:4:5:6:7::|fe80::1%eth0|::ffff:192.0.2.1|10.0.0.1/8|10.0.0.0/8|10.0.0.0/33
https://example.org/|http:|ftp://x|https://[::1]/|/a/b|../x
""".strip().replace("\n", "|")

_STRUCTURES = r"""
[]|[1]|[1, 1]|[1, 2]|[1, 2, 3]|[1, 2, 3, 4]|["a"]|[null]|[1, "a"]|["2024-02-29"]|[1, "2024-02-29"]
[[1]]|[1.0]
{}|{"a": 1}|{"a": "x"}|{"a": 1, "b": 2}|{"a": 1, "b": "x"}|{"1": "a"}|{"01": "a"}|{"true": 1}
{"True": 1}
{"red": 1}|{"2024-02-29": 1}|{"2023-02-29": 1}|{"x": 1}|{"x": 1, "y": 2, "z": 3}|{"x": null}|{"x": 1.0}
{"left": 1}|{"left": 1, "right": "2024-02-29"}|{"left": 1, "more": 2}|{"First": 1}|{"first": 1}
{"at": 2}|{"at": 1}|{"when": 2}|{"at": "2024-02-29T12:00:00"}|{"low": 1, "high": 2}
{"low": 2, "high": 1}
{"value": 1.5}|{"value": 1}|{"value": null}|{"value": 1, "children": [{"value": "x"}]}
{"kind": "cat", "lives": 9}
{"kind": "dog"}|{"lives": 9}|{"kind": "cow"}|{"kind": "cat"}|{"kind": "dog", "lives": 1}
{"content": 1}|{"content": "2024-02-29"}|{"id": 1}|{"id": 1, "price": "2.5"}|{"id": 1, "price": 2.5}
{"id": 1, "price": "x"}|{"id": true}|{"start": "2024-02-29"}|{"start": "2024-02-29", "end": null}
{"start": 1}
{"text": "a"}|{"text": " abc "}|{"text": ""}|{"text": "abcd"}|{"text": "ABC"}|{"text": 5}
{"text": "a", "x": 1}
{"keys": {"abcd": 1}, "text": "a"}|{"inner": {"text": "abcd"}}|{"inner": {"text": " "}}
{"data": "6869"}|{"data": "aGk="}
{"day": "2024-02-29"}|{"day": 1709164800}|{"span": 1.5}|{"span": "PT1S"}
{"at": "2024-02-29T12:00:00Z", "day": 5}
{"value": "NaN"}|{"in": 1}|{"out": 1}|{"when": 1}|{"Value": 1}|{"at": 1, "double": 2}|{"count": "1"}
{"count": 1, "text": 1}
{"pong": {"ping": {"pong": {"day": "x"}}}}|{"pong": null}|{"at": "x"}|{"kind": "a"}
{"kind": "b", "more": "x"}
{"first": 1, "step": 2}|{"first": 1, "last": 2}|{"2": 1}|{"3": 1}|{"4": 1}|{"1.5": 1}
[1, [2, ["x"]]]|[[], {}]|[1, "a", null]
{"name": "a"}|{"name": "a", "retries": 1}|{"name": "a", "x": 1}|{"name": "a", "retries": null}
""".strip().replace("\n", "|")


def _encoded() -> Iterator[Any]:
    for name, (_, values) in CATALOGUE.items():
        yield from (CODECS[name].encode(CODECS[name].check(value)) for value in values)


def _distinct(values: list[Any]) -> list[Any]:
    return list({json.dumps(value): value for value in values}.values())


POOL: list[Any] = _distinct(
    [
        *_SCALARS,
        *(
            text.encode().decode("unicode_escape").encode("latin-1").decode() if "\\" in text else text
            for text in _TEXTS.split("|")
        ),
        *map(json.loads, _STRUCTURES.split("|")),
        *_encoded(),
    ]
)
"""Each JSON value once; 1 and 1.0 are two spellings that a decoder may meet."""


def takes(codec: Codec, value: Any) -> bool:
    """Whether the decoder takes a JSON value; anything but pydantic's refusal is a fault of ours."""
    from pydantic_core import ValidationError

    try:
        codec.decode(value)
    except ValidationError:
        return False
    return True
