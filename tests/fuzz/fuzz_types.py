"""Random types against their schemas, their own codecs and the diff.

`python -m tests.fuzz.fuzz_types --minutes 10 --seed 1` puts types of the catalogue together at random, holds
each to its schema on drawn, changed and other types' values, and each pair to what `find_changes` says of it.
It prints the first faults and ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Union

import jsonschema_rs
import pydantic as p
from hypothesis import HealthCheck, Phase, given, seed, settings

from taskcontract.declare.codec import Codec
from taskcontract.declare.examples import with_examples
from taskcontract.diff import find_changes
from taskcontract.errors import DeclarationError
from taskcontract.model.checks import CHECKS
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.testing.json_values import values_of
from tests.unit.declare.wire.catalogue import CATALOGUE
from tests.unit.declare.wire.pool import POOL, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

WORTH_SHOWING = 20
DRAWN = 25
CONFIGS: list[p.ConfigDict] = [
    {},
    {"extra": "forbid"},
    {"str_strip_whitespace": True, "str_max_length": 4},
    {"str_min_length": 1},
    {"alias_generator": str.upper, "populate_by_name": True},
    {"ser_json_bytes": "hex", "val_json_bytes": "hex", "ser_json_timedelta": "float"},
    {"strict": False, "coerce_numbers_to_str": True},
]
# Its own pattern has classes that Rust and ECMA-262 read differently, and the oracle reads ECMA-262.
PARTS = [annotation for name, (annotation, _) in CATALOGUE.items() if name != "byte-size"]


class Made:
    """A type with what the laws ask of it."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation
        self.codec = Codec(annotation)
        self.schema = with_examples(self.codec.schema("read"), self.codec)
        self.has_checks = CHECKS in json.dumps(self.schema)


def make_type(rng: random.Random, depth: int = 2) -> Any:
    """A type put together of those in the catalogue."""
    if depth == 0 or rng.random() < 0.3:
        return rng.choice(PARTS)

    def inner() -> Any:
        return make_type(rng, depth - 1)

    makers = [
        lambda: list[inner()],
        lambda: Annotated[list[inner()], p.Field(min_length=1, max_length=2)],
        lambda: dict[str, inner()],
        lambda: tuple[inner(), inner()],
        lambda: tuple[inner(), ...],
        lambda: Union[inner(), None],  # noqa: UP007 - made at run time
        lambda: Union[inner(), inner()],  # noqa: UP007
        lambda: p.create_model(
            "Made",
            __config__=rng.choice(CONFIGS),
            **{name: _field(rng, inner()) for name in rng.sample("abcd", 2)},
        ),
    ]
    return rng.choice(makers)()


def _field(rng: random.Random, annotation: Any) -> Any:
    return (annotation, ...) if rng.random() < 0.7 else (annotation | None, None)


def draw(schema: Any, number: int) -> list[Any]:
    """Values of a schema, as Hypothesis makes them."""
    drawn: list[Any] = []

    @seed(number)
    @settings(
        max_examples=DRAWN,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
        deadline=None,
    )
    @given(values_of(schema))
    def keep(value: Any) -> None:
        drawn.append(value)

    keep()
    return drawn


def change(value: Any, rng: random.Random) -> Any:
    """`value` with one part replaced by some other type's value."""
    if isinstance(value, dict) and value and rng.random() < 0.8:
        name = rng.choice([*value])
        rest = {key: item for key, item in value.items() if key != name}
        return rest if rng.random() < 0.3 else {**value, name: change(value[name], rng)}
    if isinstance(value, list) and value and rng.random() < 0.8:
        at = rng.randrange(len(value))
        return [*value[:at], change(value[at], rng), *value[at + 1 :]]
    if isinstance(value, str) and rng.random() < 0.7:
        at = rng.randint(0, len(value))
        return value[:at] + rng.choice(["", "0", "-", "Z", " ", "e"]) + value[at + rng.randint(0, 1) :]
    return rng.choice(POOL)


def check_type(made: Made, values: list[Any]) -> Iterator[str]:
    """Where the schema and the decoder differ, and where what was read cannot be sent again."""
    accepts = jsonschema_rs.Draft202012Validator(made.schema).is_valid
    written = jsonschema_rs.Draft202012Validator(made.codec.schema("write")).is_valid
    for value in values:
        took = takes(made.codec, value)
        if took is not accepts(value) and (took or not made.has_checks):
            yield f"{'decoder' if took else 'schema'} alone takes {value!r:.200}"
        if took:
            try:
                sent = made.codec.encode(made.codec.check(made.codec.decode(value)))
            except ValueError:
                continue  # refused where it is sent
            if not takes(made.codec, sent):
                yield f"{value!r:.200} is read and sent as {sent!r:.200}, which is not read"
            elif not written(sent):
                yield f"{sent!r:.200} is sent, and outside what the schema says is written"


def check_pair(old: Made, new: Made, values: list[Any]) -> Iterator[str]:
    """Where the diff says less than what the decoders do."""
    findings = list(find_changes(_spec_of(old), _spec_of(new)))
    said = {finding.severity for finding in findings}
    for value in values:
        if takes(old.codec, value) and not takes(new.codec, value) and not said & {"breaking", "dangerous"}:
            yield f"{sorted(said) or 'nothing'} is said, and {value!r:.200} is refused"
            break
    for finding in findings:
        if finding.severity == "breaking" and finding.witness is not None:
            (value,) = (*finding.witness.args, *(finding.witness.kwargs or {}).values())
            if not takes(old.codec, value) or takes(new.codec, value):
                yield f"the witness {value!r:.200} is none"


def _spec_of(made: Made) -> ServiceSpec:
    parameters = (ParameterSpec("value", schema=made.schema),)
    return ServiceSpec("shop", "1.0.0", (TaskSpec("pay", "1.0.0", "shop.pay", parameters),))


def find_faults(rng: random.Random, number: int, known: list[Made]) -> Iterator[str]:
    """The faults of one random type, and of its pairs with one made before."""
    annotation = make_type(rng)
    try:
        made = Made(annotation)
    except DeclarationError:
        return
    drawn = draw(made.schema, number)
    values = [*drawn, *(change(value, rng) for value in drawn), *rng.sample(POOL, 40)]
    for fault in islice(check_type(made, values), 1):
        yield f"{annotation}: {fault}"
    known.append(made)
    other = rng.choice(known[-20:])
    for old, new in ((made, other), (other, made)):
        for fault in check_pair(old, new, values):
            yield f"{old.annotation} -> {new.annotation}: {fault}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options = parser.parse_args(arguments)
    print(f"seed {options.seed}", flush=True)
    rng, known, faults, number = random.Random(options.seed), list[Made](), 0, 0
    end = time.monotonic() + options.minutes * 60
    while time.monotonic() < end and faults < WORTH_SHOWING:
        number += 1
        for fault in find_faults(rng, options.seed + number, known):
            faults += 1
            print(f"  {fault}", flush=True)
    print(f"{number:,} types, {faults} faults", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
