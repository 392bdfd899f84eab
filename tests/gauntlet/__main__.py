"""Hostile messages among honest calls, on live workers: what became of every one of them.

Run: python -m tests.gauntlet [--broker embedded|redis|rabbitmq ...] [--pool prefork|threads ...]
[--honest N] [--hostile N] [--seed N] [--keep FOLDER]
Exit code 1 if an honest call was not answered right in its time, a hostile message is lost or kept twice, or
the worker ended or grew.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.gauntlet.course import MOST_MEMORY, Course
from tests.support.own_brokers import BROKERS, Absent, open_broker

POOLS = ("prefork", "threads")


def main() -> int:
    """Run the gauntlet on each broker with each pool, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--broker", action="append", choices=BROKERS, help="default: all three")
    parser.add_argument("--pool", action="append", choices=POOLS, help="default: both")
    parser.add_argument("--honest", type=int, default=10_000, help="honest calls (default: 10000)")
    parser.add_argument("--hostile", type=int, default=2_000, help="hostile messages (default: 2000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep the workers' logs in this folder")
    options = parser.parse_args()
    held = True
    for broker in options.broker or BROKERS:
        for pool in options.pool or POOLS:
            folder = options.keep / f"{broker}-{pool}" if options.keep else Path(tempfile.mkdtemp())
            (folder / "server").mkdir(parents=True)
            try:
                with open_broker(broker, folder / "server") as opened:
                    course = Course(opened, broker, pool, folder, options.seed)
                    account = course.run(options.honest, options.hostile)
            except Absent as absent:
                print(f"{broker}: skipped, {absent}", flush=True)
                continue
            finally:
                if not options.keep:
                    shutil.rmtree(folder, ignore_errors=True)
            fates = ", ".join(f"{count:,} {fate}" for fate, count in account.fates.most_common())
            print(
                f"{broker}, {pool}: {account.honest:,} honest calls, {account.hostile:,} hostile messages "
                f"({fates}; {account.twice} twice), the worker grew by "
                f"{max(account.growth)} MB of {MOST_MEMORY}, {account.seconds:.0f} s: "
                f"{len(account.troubles)} troubles"
            )
            for trouble in account.troubles[:40]:
                print(f"  {trouble}")
            sys.stdout.flush()
            held = held and not account.troubles
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
