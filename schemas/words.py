"""Words and marks that stand in many tables. Imports nothing: a process that only writes workbooks reads no contracts,
and loading Pandera would take it longer than a small workbook.
"""

LIST_SEPARATOR = "；"
"""Joins the items of a list that is stored as one text."""

NULL_REASONS = ("无此项", "不适用", "暂未掌握")
"""Why there is no value; each is an answer of its own, not a blank."""

POPULATION_PREFIX = "POP:"
"""Begins the element id of a mark "this subject belongs to the population"."""
