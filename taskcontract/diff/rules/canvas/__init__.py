"""Rules on a TaskPair: chains, chords and errbacks that a task is part of."""
