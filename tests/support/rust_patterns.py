"""Random patterns in the syntax of Rust's regex, texts to try them on, and that engine to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import SchemaError, SchemaValidator, core_schema

from taskcontract.diff import compare_schemas
from taskcontract.diff.schemas.budget import Budget
from taskcontract.diff.schemas.patterns import Patterns

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

LETTERS = "aAbBkK1_- .\n\r\u212a\xdf\u1e9e\u0660\u01c5\u4e2d"
ATOMS = [
    "a", "b", "A", "k", "1", "-", "_", " ", "\\n", "\\r", ".", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S",
    "\\p{L}", "\\p{Lu}", "\\P{L}", "\\pN", "\\p{Greek}", "\xdf", "\\x{212a}", "\\u0061", "\\.", "\\-",
    "[ab]", "[^ab]", "[a-k]", "[A-K_]", "[\\w-]", "[^\\d\\s]", "[[:alpha:]]", "[^[:digit:]_]", "[\\w--[a-c]]",
    "[\\w&&[^\\d]]", "[a-k~~[b-z]]", "[]a]", "[^]-]", "[a\\]]", "[\\p{Lu}\\d]",
]  # fmt: skip
LOOKS = [
    "^",
    "$",
    "\\b",
    "\\B",
    "\\A",
    "\\z",
    "\\b{start}",
    "\\b{end}",
    "\\b{start-half}",
    "\\b{end-half}",
    "\\<",
]
FORMS = [
    "{0}{1}", "{0}{1}", "{0}|{1}", "(?:{0})*", "({0})+", "({0})?", "(?:{0}){{2}}", "(?:{0}){{1,3}}",
    "(?:{0}){{2,}}", "^{0}$", "^(?:{0})$", "{0}{2}", "{2}{0}", "(?i){0}", "(?i:{0}){1}", "(?m){0}{1}",
    "(?s:{0})", "(?-u:\\b){0}", "(?x){0} {1} # end", "(?mR:{0}){1}", "({0}(?i){1})", "(?P<n>{0})",
    "(?:{0}){{0,2}}?", "(?U){0}+",
]  # fmt: skip


def make_pattern(rng: random.Random, depth: int = 3) -> str:
    """A random pattern, which the engine may still refuse."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(ATOMS)
    parts = [make_pattern(rng, depth - 1) for _ in range(2)]
    return rng.choice(FORMS).format(*parts, rng.choice(LOOKS))


def make_text(rng: random.Random) -> str:
    """A short random text of letters that such patterns tell apart."""
    return "".join(rng.choice(LETTERS) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4, 6))))


def ask_rust(pattern: str) -> Callable[[str], bool] | None:
    """The test whether the engine finds the pattern in a text; None for one that it refuses."""
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern)).isinstance_python
    except SchemaError:
        return None


def judge_pair(old: str, new: str, texts: list[str]) -> tuple[str, str]:
    """The verdict on "whatever old matches, new matches", and what is wrong with it or with the matching."""
    takes, refuses = ask_rust(old), ask_rust(new)
    if takes is None or refuses is None:
        return "refused", ""
    patterns = Patterns(Budget(60.0, 10**8), "rust")
    for pattern, truth in ((old, takes), (new, refuses)):
        for text in texts:
            if patterns.match(pattern, text) not in (truth(text), None):
                return "matched", f"{text!r} is read otherwise by {pattern!r}"
    found = compare_schemas(
        {"type": "string", "pattern": old}, {"type": "string", "pattern": new}, patterns="rust"
    )
    if found.verdict == "included":
        refuting = [text for text in texts if takes(text) and not refuses(text)]
        return found.verdict, f"{refuting[0]!r} refutes the inclusion" if refuting else ""
    if found.verdict == "not-included" and not (takes(found.witness) and not refuses(found.witness)):
        return found.verdict, f"{found.witness!r} is no witness"
    return found.verdict, ""
