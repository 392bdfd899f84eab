"""The three answers that an engine can give to "does new take all that old took?"."""

from __future__ import annotations

from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["included", "not-included", "undecided"]
"""`included` is a proof, `not-included` comes with a witness, `undecided` is never to be read as safe."""
