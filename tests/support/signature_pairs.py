"""Signatures and pairs of them to compare: all small ones, all single edits, and random ones."""

from __future__ import annotations

from inspect import Parameter, Signature
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator

NAMED_KINDS = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
VARIADIC_KINDS = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
KINDS = NAMED_KINDS + VARIADIC_KINDS
ADDED = "n"
LETTERS = "abcde"


def parse(text: str) -> Signature:
    """The signature written as in `def`: `parse("a, /, b=0")`."""
    namespace: dict[str, object] = {}
    exec(f"def task({text}): ...", namespace)
    return Signature.from_callable(namespace["task"])  # type: ignore[arg-type]


def write_function(name: str, signature: Signature) -> str:
    """The source of a function that returns its arguments by parameter, but for `self`."""
    return f"def {name}{signature}:\n    got = dict(locals())\n    got.pop('self', None)\n    return got\n"


def try_signature(parameters: Iterable[Parameter]) -> Signature | None:
    """The signature, or None where Python's syntax allows none such."""
    listed = list(parameters)
    kinds = [parameter.kind for parameter in listed]
    if any(kinds.count(kind) > 1 for kind in VARIADIC_KINDS):
        return None  # `Signature` itself lets these pass
    try:
        return Signature(listed)
    except ValueError:
        return None


def iterate_signatures(most: int) -> Iterator[Signature]:
    """Every signature of up to `most` parameters, variadics among them."""
    for size in range(most + 1):
        for kinds in product(KINDS, repeat=size):
            choices = [(False,) if kind in VARIADIC_KINDS else (False, True) for kind in kinds]
            for optional in product(*choices):
                signature = try_signature(
                    Parameter(name, kind, default=0 if default else Parameter.empty)
                    for name, kind, default in zip(LETTERS, kinds, optional, strict=False)
                )
                if signature is not None:
                    yield signature


def iterate_edits(old: Signature) -> Iterator[Signature]:
    """Every signature that is one edit away: add, remove, rename, move, another kind, default on or off."""
    parameters = list(old.parameters.values())
    candidates: list[list[Parameter]] = []
    for place in range(len(parameters) + 1):
        before, after = parameters[:place], parameters[place:]
        candidates += [[*before, added, *after] for added in _possible(ADDED)]
    for place, parameter in enumerate(parameters):
        others = parameters[:place] + parameters[place + 1 :]
        candidates.append(others)
        candidates.append([*parameters[:place], parameter.replace(name=ADDED), *parameters[place + 1 :]])
        for changed in _possible(parameter.name):
            candidates += [[*others[:to], changed, *others[to:]] for to in range(len(parameters))]
    seen = {old}
    for candidate in candidates:
        new = try_signature(candidate)
        if new is not None and new not in seen:
            seen.add(new)
            yield new


def iterate_single_edits(most: int) -> Iterator[tuple[Signature, Signature, tuple[str, ...]]]:
    """Every signature of up to `most` parameters with every edit, and the names that tell calls apart."""
    names = (*LETTERS[:most], ADDED, "fresh")
    for old in iterate_signatures(most):
        for new in iterate_edits(old):
            yield old, new, names


def _possible(name: str) -> list[Parameter]:
    named = [
        Parameter(name, kind, default=default) for kind in NAMED_KINDS for default in (Parameter.empty, 0)
    ]
    return named + [Parameter(name, kind) for kind in VARIADIC_KINDS]


def make_random_signature(rng: random.Random, most: int = 4) -> Signature:
    """A signature of up to `most` named parameters, and variadics at times with a named one's name."""
    names = rng.sample(LETTERS, rng.randint(0, most))
    kinds = sorted(rng.choice(NAMED_KINDS) for _ in names)
    optional = rng.choice((0, 1, len(names), rng.randint(0, len(names))))
    places = [kind for kind in kinds if kind is not Parameter.KEYWORD_ONLY]
    parameters = [
        Parameter(
            name,
            kind,
            default=0
            if (place >= len(places) - optional if place < len(places) else rng.random() < 0.5)
            else Parameter.empty,
        )
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    unused = [name for name in LETTERS if name not in names]
    if rng.random() < 0.3:
        name = rng.choice(unused) if rng.random() < 0.1 else rng.choice(("args", "rest"))
        parameters.insert(len(places), Parameter(name, Parameter.VAR_POSITIONAL))
        unused = [other for other in unused if other != name]
    if rng.random() < 0.3:
        name = rng.choice(unused) if rng.random() < 0.1 and unused else "kwargs"
        parameters.append(Parameter(name, Parameter.VAR_KEYWORD))
    return Signature(parameters)


def make_random_pair(rng: random.Random, most: int = 4) -> tuple[Signature, Signature]:
    """Two signatures: mostly the second is the first after one to three edits, else made on its own."""
    old = make_random_signature(rng, most)
    if rng.random() < 0.25:
        return old, make_random_signature(rng, most)
    new = old
    for _ in range(rng.randint(1, 3)):
        new = _edit_randomly(rng, new, most)
    return (old, new) if rng.random() < 0.5 else (new, old)


def _edit_randomly(rng: random.Random, signature: Signature, most: int) -> Signature:
    """One edit that Python allows; the signature itself where twenty tries find none."""
    parameters = list(signature.parameters.values())
    for _ in range(20):
        changed = list(parameters)
        place = rng.randrange(len(changed)) if changed else 0
        free = [name for name in LETTERS if name not in signature.parameters] or [ADDED]
        match rng.choice(("add", "remove", "rename", "move", "replace", "swap")):
            case "add" if len(changed) <= most:
                changed.insert(rng.randint(0, len(changed)), rng.choice(_possible(rng.choice(free))))
            case "remove" if changed:
                del changed[place]
            case "rename" if changed:
                changed[place] = changed[place].replace(name=rng.choice(free))
            case "move" if changed:
                changed.insert(rng.randrange(len(changed)), changed.pop(place))
            case "replace" if changed:
                changed[place] = rng.choice(_possible(changed[place].name))
            case "swap" if changed:
                other = rng.randrange(len(changed))
                name, other_name = changed[place].name, changed[other].name
                changed[place] = changed[place].replace(name=other_name)
                changed[other] = changed[other].replace(name=name)
        new = try_signature(changed)
        if new is not None and new != signature:
            return new
    return signature
