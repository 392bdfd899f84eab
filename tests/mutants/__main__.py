"""A study of mutants: edits of pusher that break a caller are caught, edits that break none pass.

Run: python -m tests.mutants [-k TEXT] [-v]
Exit code 1 if a breaking edit survives, or is caught without naming the culprit, or a harmless one fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from demo.s3 import serve_s3
from tests.mutants.edits import Edit, read_edits
from tests.mutants.trial import Trial, try_edit

LANES = 2


def main() -> int:
    """Try the edits, and print a line for each and a sum."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("-k", metavar="TEXT", default="", help="only the edits whose names hold TEXT")
    parser.add_argument("-v", action="store_true", help="show what the commands print")
    options = parser.parse_args()
    bad = 0
    with serve_s3() as s3, ThreadPoolExecutor(LANES) as pool:
        for kind in ("breaking", "harmless"):
            edits = [each for each in read_edits(kind) if options.k in each.name]
            trials = list(pool.map(lambda each: _report(_try(each, s3), options.v), edits))
            troubles = [each for each in trials if each.trouble]
            caught = Counter(each.caught_by for each in trials if each.caught_by)
            counts = ", ".join(f"{count} by {name}" for name, count in caught.items()) or "none"
            print(f"{len(edits)} {kind} edits, caught: {counts}; {len(troubles)} wrong", flush=True)
            bad += len(troubles)
    return 1 if bad else 0


def _try(edit: Edit, s3: str) -> Trial:
    return try_edit(edit, Path(tempfile.mkdtemp(prefix="mutant-")), s3)


def _report(trial: Trial, verbose: bool) -> Trial:
    verdict = trial.trouble or (f"caught by {trial.caught_by}" if trial.caught_by else "passes")
    print(f"{'!!' if trial.trouble else '  '} {trial.edit.name}: {verdict}", flush=True)
    if verbose or trial.trouble:
        print("     " + trial.output.strip().replace("\n", "\n     "), flush=True)
    return trial


if __name__ == "__main__":
    sys.exit(main())
