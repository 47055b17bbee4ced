"""Runs every tests/bench/bench_*.py and prints what it measured: python -m tests.bench [NAME…]."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table


def main() -> None:
    """Run the benches named (all by default); each module's `run()` returns {figure: value}."""
    names = sys.argv[1:] or sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )
    table = Table("bench", "figure", "value")
    for name in names:
        for figure, value in import_module(f"tests.bench.bench_{name}").run().items():
            table.add_row(name, figure, f"{value:.3g}" if isinstance(value, float) else str(value))
    Console().print(table)


if __name__ == "__main__":
    main()
