"""The steward's desk on the demonstration: previews keep nothing; a changed dictionary comes back."""

import json
import shutil

import polars as pl
import pytest

from tests.integration.conftest import oneform

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def template(demo):
    home, _ = demo
    return sorted((home / "register" / "templates").rglob("*.xlsx"))[0]


def test_a_template_that_did_not_change_changes_nothing(demo, template):
    done = oneform(demo[0], "catalogue", "diff", template, check=0)
    assert "改版" in done.stdout
    assert "没有变化。" in done.stdout


def test_a_new_form_is_previewed_with_its_cells(demo, template, tmp_path):
    copy = shutil.copy(template, tmp_path / "新表.xlsx")
    done = oneform(demo[0], "catalogue", "diff", copy, "--json", check=0)
    made = json.loads(done.stdout)
    assert made["replaced"] == []
    cells = [cell for cell in made["cells"] if cell["form_id"] == "新表"]
    assert cells
    assert all(cell["before_id"] is None and cell["after_id"] for cell in cells)
    assert all(form["form_id"] == "新表" for form in made["forms"])


def test_a_preview_needs_something_to_preview(demo):
    done = oneform(demo[0], "catalogue", "diff")
    assert done.returncode == 2
    assert "请给出模板文件" in done.stderr


def test_a_changed_dictionary_is_previewed_and_taken_over(demo, tmp_path):
    home, _ = demo
    file = tmp_path / "目录.csv"
    oneform(home, "dictionary", "--out", file, check=0)
    table = pl.read_csv(file, infer_schema=False)
    first = table["数据元标识符"][0]
    row = pl.int_range(pl.len()) == 0
    changed = table.with_columns(
        pl.when(row).then(pl.lit("县里核定的定义")).otherwise("定义").alias("定义"),
        pl.when(row).then(pl.lit("已核准")).otherwise("登记状态").alias("登记状态"),
    )
    changed.write_csv(file, include_bom=True)
    preview = oneform(home, "dictionary", "import", file, "--dry-run", check=0).stdout
    assert first in preview
    assert "县里核定的定义" in preview
    taken = oneform(home, "dictionary", "import", file, check=0).stdout
    assert "采用 1 个数据元的改动" in taken
    assert "没有可采用的改动" in oneform(home, "dictionary", "import", file, check=0).stdout
    table.write_csv(file, include_bom=True)
    oneform(home, "dictionary", "import", file, check=0)


def test_a_dictionary_with_a_bad_row_says_which(demo, tmp_path):
    home, _ = demo
    file = tmp_path / "目录.csv"
    oneform(home, "dictionary", "--out", file, check=0)
    table = pl.read_csv(file, infer_schema=False)
    bad = table.with_columns(
        pl.when(pl.int_range(pl.len()) == 1).then(pl.lit("随便")).otherwise("登记状态").alias("登记状态")
    )
    bad.write_csv(file, include_bom=True)
    done = oneform(home, "dictionary", "import", file)
    assert done.returncode == 1
    assert "OF-273" in done.stdout or "OF-271" in done.stdout
    assert "没有可采用的改动" in done.stdout
