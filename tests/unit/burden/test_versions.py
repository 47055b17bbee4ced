"""A correction of the baseline is a new version with a reason; what it does not name stays as it was frozen."""

import polars as pl
import pytest

from pipelines.burden.baseline import content_hash, freeze, verify
from pipelines.burden.versions import correct, keep_version, versions
from schemas.burden import Baseline, Confirmations


def corrected(county, reports, report_fields, named, reason="当时漏了"):
    fresh = freeze(reports, report_fields, county.areas, "2025-02-01", county.baseline, reason, counts=county.counts)
    return correct(county.baseline, fresh, named, reason)


def test_only_the_named_report_changes(county):
    weekly = county.reports.with_columns(
        pl.when(pl.col("report_id").is_in(["R1", "R2"])).then(pl.lit("周")).otherwise("frequency").alias("frequency")
    )
    new = corrected(county, weekly, county.report_fields, ["R2"])
    Baseline.validate(new, lazy=True)
    said = dict(new.select("report_id", "responses_per_year").unique().iter_rows())
    assert (said["R1"], said["R2"]) == (12, 52)
    assert set(new["baseline_version"]) == {"2"}
    assert set(new["revision_reason"]) == {"当时漏了"}
    assert new["content_hash"][0] == content_hash(new) != county.baseline["content_hash"][0]
    assert verify(new)[0].code == "OF-510"


def test_a_forgotten_report_is_added_and_a_wrong_one_taken_out(county):
    forgot = county.baseline.filter(pl.col("report_id") != "R3")
    fresh = freeze(
        county.reports, county.report_fields, county.areas, "2025-02-01", forgot, "漏登", counts=county.counts
    )
    assert "R3" in set(correct(forgot, fresh, ["R3"], "漏登")["report_id"])
    gone = county.reports.filter(pl.col("report_id") != "R2")
    assert "R2" not in set(corrected(county, gone, county.report_fields, ["R2"])["report_id"])
    assert "R2" in set(corrected(county, gone, county.report_fields, ["R1"])["report_id"])


@pytest.mark.parametrize(("named", "reason"), [(["R1"], " "), ([], "有理由"), (["没有的"], "有理由")])
def test_a_correction_says_what_and_why(county, named, reason):
    fresh = freeze(county.reports, county.report_fields, county.areas, "2025-02-01", county.baseline, "有理由")
    with pytest.raises(ValueError, match="baseline"):
        correct(county.baseline, fresh, named, reason)


def test_every_version_is_kept_and_a_touched_one_is_found(county, tmp_path):
    first = keep_version(tmp_path, county.baseline)
    new = corrected(county, county.reports, county.report_fields, ["R1"])
    keep_version(tmp_path, new)
    keep_version(tmp_path, new)
    kept, findings = versions(tmp_path)
    assert kept["baseline_version"].to_list() == ["1", "2"]
    assert kept["revision_reason"].to_list() == ["首次冻结", "当时漏了"]
    assert kept["cells_frozen"][0] == pytest.approx(1108)
    assert findings == []
    county.baseline.with_columns(pl.col("rows_per_response") * 2).write_parquet(first)
    assert [finding.code for finding in versions(tmp_path)[1]] == ["OF-520"]


def test_confirmations_that_come_later_are_counted_and_half_ones_not(county):
    def number(*rows):
        findings = verify(county.baseline, Confirmations.frame(list(rows)))
        return findings[0].message if findings else ""

    both = {"department_by": "县民政局", "township_by": "某镇", "confirmed_at": "2025-01-10"}
    assert "5 张" in number()
    assert "4 张" in number({"report_id": "R1"} | both)
    assert "5 张" in number({"report_id": "R1"} | both | {"township_by": ""})
    assert number(*({"report_id": f"R{n}"} | both for n in range(1, 6))) == ""
