"""Intake: from the files that departments really send to the fields that they ask for.

`sources` opens a file as grids; `understand` reads one grid, `read` a file or a folder of them. A reading goes through
the rooms from below: `wording` (what a text says), `boxes` (what a cell is), `tables` and `cards` (what a form asks),
`page` (where on a sheet the forms stand); `body` decides which of them reads what.
"""
