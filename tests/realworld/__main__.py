"""Released projects that know nothing of taskcontract, read and compared, against hand-checked lists.

Run: python -m tests.realworld [-k TEXT]
Exit code 1 if a task is not read exactly, is false, or is dropped in silence, or if the findings between two
releases are not the changes that a reader of the source found.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.realworld.accounting import compare_changes, compare_tasks
from tests.realworld.hand_checked import read_expected, read_pairs
from tests.realworld.packages import download
from tests.realworld.product import compare_releases, read_release

if TYPE_CHECKING:
    from tests.realworld.hand_checked import ReleasePair

_CACHE = Path(".cache/realworld")


def main() -> int:
    """Read and compare the releases, and print a line for each and what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("-k", metavar="TEXT", default="", help="only the projects whose names hold TEXT")
    options = parser.parse_args()
    bad = False
    print(f"{'release':<28}{'tasks':>7}{'exact':>7}{'recall':>9}{'listed':>8}{'seconds':>9}")
    for pair in read_pairs():
        if options.k in pair.project:
            for version in (pair.old, pair.new):
                bad |= not _account_for_release(pair.project, version)
            bad |= not _account_for_changes(pair)
    return 1 if bad else 0


def _account_for_release(project: str, version: str) -> bool:
    package = download(project, version, _CACHE)
    started = time.perf_counter()
    release = read_release(package)
    seconds = time.perf_counter() - started
    account = compare_tasks(read_expected(project, version), release.tasks, release.unresolved_files)
    print(
        f"{project + ' ' + version:<28}{account.tasks:>7}{account.exact:>7}{account.recall:>9.1%}"
        f"{len(release.unresolved):>8}{seconds:>9.2f}"
    )
    _say(account.troubles)
    return account.good


def _account_for_changes(pair: ReleasePair) -> bool:
    old, new = (download(pair.project, version, _CACHE) for version in (pair.old, pair.new))
    started = time.perf_counter()
    found = compare_releases(old, new)
    seconds = time.perf_counter() - started
    troubles = compare_changes(pair.changes, found)
    changes = f"{pair.changes.total()} changes"
    breaking = sum(count for change, count in pair.changes.items() if change.startswith("breaking"))
    print(
        f"  {pair.old} → {pair.new}: {changes}, {breaking} breaking; {len(troubles)} wrong; {seconds:.2f} s"
    )
    _say(troubles)
    return not troubles


def _say(troubles: list[str] | tuple[str, ...]) -> None:
    for trouble in troubles:
        print(f"  !! {trouble}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
