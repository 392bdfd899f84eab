"""A look at a running system: usage, messages in flight, drift, retirement. Its verdicts are data."""
