"""Marks in a returned workbook, written into the XML of its package: what is not marked stays as the clerk gave it."""
