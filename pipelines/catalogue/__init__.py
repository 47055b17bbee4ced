"""The catalogue: which fields of different reports are the same data element."""
