"""Rules on a ServicePair: what holds for a service as a whole."""
