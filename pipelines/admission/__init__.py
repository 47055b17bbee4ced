"""The gate: a new or changed form is checked before it may be issued."""
