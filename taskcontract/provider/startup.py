"""What a worker checks before it takes its first message: every promise of its bindings is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.at_start import say_at_start
from taskcontract.errors import ProviderError, TaskContractError
from taskcontract.provider.adapter_errors import say_raised
from taskcontract.provider.promises import find_broken

if TYPE_CHECKING:
    from datetime import date

    from taskcontract.provider.promises import Declared

__all__ = ["check_promises", "refuse_to_start"]


def check_promises(declared: Declared, today: date) -> None:
    """Raise a ProviderError that lists every broken promise of what is `declared`, if there are any.

    The app is finalized by it: only then is it known what is registered.
    """
    declared.app.finalize()
    broken = list(find_broken(declared, today))
    if broken:
        raise ProviderError(
            f"the worker of {declared.service.name!r} would break {len(broken)} promise(s) of its bindings:\n"
            + "\n".join(f"  - {line}" for line in broken),
            do="Fix them, or declare a new version; nothing is served until then.",
        )


def refuse_to_start(declared: Declared, today: date, worker: Any) -> None:
    """End the process of Celery's `worker` with exit code 2 and one message if a promise is broken."""
    try:
        check_promises(declared, today)
    except Exception as error:
        # It would be logged by Celery's signal and forgotten: the worker would start.
        text = str(error) if isinstance(error, TaskContractError) else say_raised(error)
        say_at_start(text, worker)
        raise SystemExit(2) from None
