"""What the command line writes to: a terminal that does not break Chinese sentences at the blanks around a number."""

from __future__ import annotations

from typing import Any

from rich.console import Console


class Screen(Console):
    """A console that leaves it to the terminal where a long sentence goes on; tables and pictures keep to the width."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print (as rich.console.Console)."""
        if all(isinstance(one, str) for one in objects):
            options.setdefault("soft_wrap", True)
        super().print(*objects, **options)
