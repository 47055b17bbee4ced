"""Makes the sample county: `python data/sample/make --out data/sample`. Running it again gives the same bytes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from facts import read_reports
from faulty import write_faulty
from geography import read_areas, write_areas
from proposed import write_proposed
from register import write_register, write_templates, write_truth
from stewardship import write_grants, write_scope, write_verdicts
from world import make_world, write_world

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write areas, register, templates, truth and the year of returns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--verdicts", action="store_true", help="answer the catalogue's review list anew (needs the project)"
    )
    given = parser.parse_args()
    out: Path = given.out
    reports = read_reports(HERE / "reports")
    write_areas(read_areas(HERE / "facts"), out)
    write_register(reports, out)
    truth = write_templates(reports, out)
    write_truth(truth, out)
    write_faulty(reports, read_areas(HERE / "facts"), out / "faulty")
    write_proposed(HERE / "proposed", out / "proposed")
    world = make_world(read_areas(HERE / "facts"), reports, truth)
    write_world(world, out)
    write_scope(reports, out)
    write_grants(reports, HERE / "facts", out)
    said = [f"{len(reports)} 张报表，{len(truth)} 个栏目"]
    if given.verdicts:
        said += [f"{name} {count}" for name, count in write_verdicts(out, truth).items()]
    sys.stdout.write("，".join(said) + "\n")


if __name__ == "__main__":
    main()
