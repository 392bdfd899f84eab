"""A rolling deploy in a storm, on bare Celery and with taskcontract: what became of every call.

Run: python -m tests.storm [--broker embedded|redis|rabbitmq ...] [--calls N] [--keep FOLDER]
Exit code 1 if taskcontract's side has a call that is lost, wrong or left waiting.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.storm.account import Account, make_table
from tests.storm.course import Course
from tests.support.own_brokers import BROKERS, Absent, open_broker

SIDES = ("bare", "kept")


def main() -> int:
    """Run the storms and print a table for each broker."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--broker", action="append", choices=BROKERS, help="default: all three")
    parser.add_argument("--calls", type=int, default=10_000, help="calls on each side (default: 10000)")
    parser.add_argument("--side", action="append", choices=SIDES, help="default: both")
    parser.add_argument("--keep", type=Path, help="keep logs and outcomes in this folder")
    options = parser.parse_args()
    clean = True
    for broker in options.broker or BROKERS:
        clean = run_storm(broker, options.calls, options.side or SIDES, options.keep) and clean
    return 0 if clean else 1


def run_storm(broker: str, calls: int, sides: tuple[str, ...], keep: Path | None) -> bool:
    """One broker, each side on a fresh one; whether taskcontract's side is clean."""
    accounts: dict[str, Account] = {}
    restarting = ""
    for side in sides:
        folder = keep / f"{broker}-{side}" if keep else Path(tempfile.mkdtemp(prefix="storm-"))
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / "server"
        place.mkdir()
        try:
            with open_broker(broker, place) as opened:
                restarting = opened.restarting
                accounts[side] = Course(opened, side, calls, folder, _say).run()
        except Absent as absent:
            print(f"{broker}: skipped, {absent}", flush=True)
            return True
        finally:
            if keep is None:
                shutil.rmtree(folder, ignore_errors=True)
    for side, account in accounts.items():
        _describe(broker, side, account)
    if len(accounts) == len(SIDES):
        print(f"\n{make_table(broker, accounts['bare'], accounts['kept'])}\n")
        print(f"Restarted in the middle: {restarting}.\n", flush=True)
    return "kept" not in accounts or accounts["kept"].is_clean


def _describe(broker: str, side: str, account: Account) -> None:
    print(
        f"{broker}, {side}: {account.seconds:.0f} s; {account.replayed} messages replayed, "
        f"{account.sent_again} sends repeated by callers; workers that ended by themselves: "
        f"{', '.join(account.crashed) or 'none'}"
    )
    if side == "kept":
        for trouble in account.troubles[:20]:
            print(f"  {trouble}")


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
