"""Intake: from the files that departments really send to the fields that they ask for.

`sources` opens a file as grids, `understand` reads a grid, `read` does both for one file or a folder of them.
"""
