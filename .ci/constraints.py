"""Print the constraints file for a pip installation report (`pip install --report`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from packaging.utils import canonicalize_name


def main(report: str) -> None:
    """Print a pin for each package that the report would install from an index."""
    installs = json.loads(Path(report).read_text(encoding="utf-8"))["install"]
    pins = {
        canonicalize_name(each["metadata"]["name"]): each["metadata"]["version"]
        for each in installs
        if "dir_info" not in each["download_info"]
    }
    lines = ["# What `make setup` installs, on every supported Python; renewed by `make constraints`."]
    lines += [f"{name}=={version}" for name, version in sorted(pins.items())]
    sys.stdout.write("\n".join(lines) + "\n")


main(sys.argv[1])
