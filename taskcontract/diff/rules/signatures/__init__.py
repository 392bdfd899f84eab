"""Rules on a SignaturePair: what shows only in a whole list of parameters."""
