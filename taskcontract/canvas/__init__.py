"""Whether the links of a canvas fit: `canvas.check(chain(a.s(), b.s()))`, at declaration or in a test."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from taskcontract.canvas.report import CanvasReport, Link
from taskcontract.errors import CanvasError, UndecidedLinkWarning

if TYPE_CHECKING:
    from celery.canvas import Signature

__all__ = ["CanvasReport", "Link", "check", "judge"]


def check(canvas: Signature[Any] | dict[str, Any]) -> CanvasReport:
    """Raise a CanvasError that names each link of `canvas` that does not fit; return what is known of all.

    The types of Celery call `a.s() | b.s()` a dict, which it is, too.

    For links that are undecided there is an UndecidedLinkWarning. Tasks without bindings are not judged: the
    report says which.
    """
    report = judge(canvas)
    if report.misfits:
        listed = "\n".join(f"  {link}" for link in report.misfits)
        verb = "does" if len(report.misfits) == 1 else "do"
        raise CanvasError(
            f"{len(report.misfits)} of {len(report.links)} links of this canvas {verb} not fit:\n{listed}",
            do="Let the task take what it is handed, put one between that adapts it, or use si(...).",
        )
    for link in report.undecided:
        warnings.warn(str(link), UndecidedLinkWarning, stacklevel=2)
    return report


def judge(canvas: Signature[Any] | dict[str, Any]) -> CanvasReport:
    """Return what is known of each link of `canvas`; raises nothing where one does not fit."""
    from celery.canvas import Signature

    if not isinstance(canvas, Signature):
        raise CanvasError(
            f"{canvas!r} is not a canvas", do="Give a signature, or a chain, group or chord of some."
        )
    # The engine is loaded for the first canvas that is looked at.
    from taskcontract.canvas.joints import find_joints
    from taskcontract.canvas.judging import judge_joint

    return CanvasReport(tuple(map(judge_joint, find_joints(canvas))))
