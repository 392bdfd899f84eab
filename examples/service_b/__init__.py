"""Service B keeps invoices and backs each of them up: `python -m examples.service_b add 2026-1 Acme 9.90`."""
