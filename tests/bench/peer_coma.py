"""COMA of Valentine over pinyin, in a Python of its own (requirements-peers.txt): forms in, pairs of columns out.

Reads {"form": ["label", …], …} as JSON from standard input; writes to standard output, of all pairs of forms,
{"seconds": …, "pairs": [[form, number, form, number, score], …]}.
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
    frames = {
        form: pd.DataFrame(columns=[f"{'_'.join(lazy_pinyin(label))}__{number}" for number, label in enumerate(labels)])
        for form, labels in forms.items()
    }
    pairs = []
    started = time.perf_counter()
    for left, right in itertools.combinations(sorted(frames), 2):
        found = valentine_match([frames[left], frames[right]], Coma(use_instances=False), [left, right])
        for pair, score in found.items():
            if score >= LOWEST:
                number = {table: int(column.rsplit("__", 1)[1]) for table, column in (pair.source, pair.target)}
                pairs.append([left, number[left], right, number[right], score])
    json.dump({"seconds": time.perf_counter() - started, "pairs": pairs}, sys.stdout)


if __name__ == "__main__":
    main()
