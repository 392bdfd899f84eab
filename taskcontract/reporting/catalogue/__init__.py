"""Static pages on what services publish for one another: who calls whom, and whether it fits."""
