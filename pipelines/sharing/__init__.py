"""The department's side: its own report back, in its own clothes, to whom a grant says, on the record."""
