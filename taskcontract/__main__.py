"""`python -m taskcontract`."""

from __future__ import annotations

import sys

from taskcontract.cli.main import main

sys.exit(main())
