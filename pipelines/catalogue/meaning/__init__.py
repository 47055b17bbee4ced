"""What a field means: its label taken apart into object class, property and qualifiers, by rules that are data."""
