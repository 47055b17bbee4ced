"""COMA of Valentine over pinyin, in a Python of its own (requirements-peers.txt): forms in, pairs of columns out.

Reads {"form": ["label", …], …} as JSON from standard input; writes to standard output, of all pairs of forms,
{"seconds": … (of this process), "pairs": [[form, number, form, number, score], …]}.
"""

from __future__ import annotations

import itertools
import json
import sys
import time

LOWEST = 0.9


def main() -> None:
    """Match every pair of forms."""
    import pandas as pd
    from pypinyin import lazy_pinyin
    from valentine import valentine_match
    from valentine.algorithms import Coma

    forms = json.load(sys.stdin)
    numbers = {form: _columns([" ".join(lazy_pinyin(label)) for label in labels]) for form, labels in forms.items()}
    frames = {form: pd.DataFrame(columns=list(columns)) for form, columns in numbers.items()}
    pairs = []
    started = time.process_time()
    for left, right in itertools.combinations(sorted(frames), 2):
        found = valentine_match([frames[left], frames[right]], Coma(use_instances=False), [left, right])
        for pair, score in found.items():
            if score >= LOWEST:
                at = {table: numbers[table][column] for table, column in (pair.source, pair.target)}
                pairs.append([left, at[left], right, at[right], score])
    json.dump({"seconds": time.process_time() - started, "pairs": pairs}, sys.stdout)


def _columns(names: list[str]) -> dict[str, int]:
    """Return the number of each column by its name; a name that comes again in a form gets a mark of its own."""
    columns: dict[str, int] = {}
    for number, name in enumerate(names):
        columns[name if name not in columns else f"{name} {number}"] = number
    return columns


if __name__ == "__main__":
    main()
