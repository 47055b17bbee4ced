"""Burden: what filling forms costs before and after, counted cell by cell so that an auditor can recompute it."""
