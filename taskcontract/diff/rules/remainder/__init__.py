"""Rules on a SignaturePair that step in where calls break and no other rule said why."""
