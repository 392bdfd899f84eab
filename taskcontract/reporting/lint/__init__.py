"""What `taskcontract lint` found, in each of its formats."""
