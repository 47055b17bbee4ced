"""From any file to grids: one module per format, chosen by what the file contains, never by its name."""

from pipelines.intake.sources.opening import Opened, convert_files, grids, open_file, open_files

__all__ = ["Opened", "convert_files", "grids", "open_file", "open_files"]
