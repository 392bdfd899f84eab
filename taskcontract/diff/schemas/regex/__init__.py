"""Regular expressions as languages: parsed as ECMA-262 and as Python read them, compared by derivatives."""
