"""Finding records by any of their names, in any script and many spellings (decision 0013)."""
