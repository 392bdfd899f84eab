"""Rules on a SchemaPair of a parameter: which values a caller may send."""
