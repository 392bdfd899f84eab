"""What a worker checks before it takes its first message: every promise of its bindings is kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.errors import ProviderError, TaskContractError
from taskcontract.provider.answers import say_raised
from taskcontract.provider.promises import find_broken

if TYPE_CHECKING:
    from datetime import date

    from taskcontract.provider.provider import Provider

__all__ = ["check_promises", "refuse_to_start"]


def check_promises(provider: Provider, today: date) -> None:
    """Raise a ProviderError that lists every broken promise of `provider`, if there are any.

    The app is finalized by it: only then is it known what is registered.
    """
    provider.app.finalize()
    broken = list(find_broken(provider, today))
    if broken:
        raise ProviderError(
            f"the worker of {provider.service.name!r} would break {len(broken)} promise(s) of its bindings:\n"
            + "\n".join(f"  - {line}" for line in broken),
            do="Mend them, or declare a new version; nothing is served until then.",
        )


def refuse_to_start(provider: Provider, today: date) -> None:
    """End this process with exit code 2 and one clear message if a promise is broken."""
    try:
        check_promises(provider, today)
    except Exception as error:
        # It would be logged by Celery's signal and forgotten: the worker would start.
        text = str(error) if isinstance(error, TaskContractError) else say_raised(error)
        print(f"taskcontract: {text}", file=sys.stderr, flush=True)  # noqa: T201
        raise SystemExit(2) from None
