"""Rules on a TaskPair: how messages travel and how the worker treats them."""
