"""A broker as we reach it: connections, the workers behind it, and messages read within bounds."""
