"""Plain frozen data and its canonical JSON: specs, versions, contracts."""
