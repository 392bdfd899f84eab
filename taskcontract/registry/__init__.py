"""Where published specs are kept and found again."""
