"""What a run of `pytest --taskcontract` found, for people to look at: a page, and a job's summary."""
