"""How the steward's review sheet looks: widths, colours, drop-downs, panes, print set-up."""

from __future__ import annotations

from typing import Any

HEADER_ROW = 3
"""Row of the column heads, counted from 0; title, hint and the steward's name stand above."""
WIDTHS = {
    "序号": 5,
    "数据元": 14,
    "部门": 10,
    "报表": 14,
    "栏目": 18,
    "单位": 5,
    "相邻栏目": 19,
    "把握": 6,
    "涉及栏目": 6,
    "为什么拿不准": 28,
    "判定": 8,
    "备注": 16,
}
"""Column widths in characters; together they fit a screen of 1920 points."""


def lay_out(book: Any, sheet: Any, heads: list[str], questions: list[list[Any]], answers: tuple[str, ...]) -> None:
    """Write the questions into a sheet, ready for the screen and for paper. Heads that end in 标识 are hidden."""
    face = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
    plain = book.add_format(face | {"text_wrap": True, "border": 1, "border_color": "#BFBFBF"})
    number = book.add_format(face | {"border": 1, "border_color": "#BFBFBF", "align": "center"})
    percent = book.add_format(face | {"num_format": "0%", "border": 1, "border_color": "#BFBFBF", "align": "center"})
    fill = book.add_format(
        face | {"border": 1, "border_color": "#BFBFBF", "bg_color": "#FFF8DC", "text_wrap": True, "locked": False}
    )
    sheet.write(0, 0, "数据元判定表", book.add_format(face | {"bold": True, "font_size": 16}))
    hint = "问的是：填过甲，不再问就能填出乙吗？能，选“相同”；不能，选“不同”。最省填报的排在前面，做多少算多少。"
    sheet.write(1, 0, f"共 {len(questions)} 题。{hint}")
    sheet.write(2, 0, "判定人", book.add_format(face | {"bold": True}))
    sheet.merge_range(2, 1, 2, 2, "", fill)
    tints = {"甲": "#DDEBF7", "乙": "#E2EFDA"}
    for col, head in enumerate(heads):
        tint = tints.get(head[0], "#D9D9D9" if head not in ("判定", "备注") else "#FFE699")
        style = face | {"bold": True, "bg_color": tint, "border": 1, "align": "center", "text_wrap": True}
        sheet.write(HEADER_ROW, col, head, book.add_format(style))
        sheet.set_column(col, col, WIDTHS.get(head.split("：")[-1], 10), None, {"hidden": head.endswith("标识")})
    sheet.set_row(0, 26)
    sheet.set_row(1, 18)
    sheet.set_row(2, 20)
    sheet.set_row(HEADER_ROW, 34)
    widths = [WIDTHS.get(head.split("：")[-1], 10) for head in heads]
    shown = {head for head in heads if not head.endswith("标识")}
    styles = {"把握": percent, "判定": fill, "备注": fill}
    for row, question in enumerate(questions, start=HEADER_ROW + 1):
        for col, (head, value) in enumerate(zip(heads, question, strict=True)):
            if isinstance(value, str):
                sheet.write_string(row, col, value, styles.get(head, plain))
            else:
                sheet.write_number(row, col, value, styles.get(head, number))
        texts = [
            value if isinstance(value, str) and head in shown else ""
            for head, value in zip(heads, question, strict=True)
        ]
        sheet.set_row(row, row_height(texts, widths))
    last = HEADER_ROW + max(len(questions), 1)
    answer = heads.index("判定")
    sheet.data_validation(
        HEADER_ROW + 1,
        answer,
        last,
        answer,
        {
            "validate": "list",
            "source": list(answers),
            "error_title": "请从下拉框里选",
            "error_message": "只能选：相同、不同、不确定",
        },
    )
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.autofilter(HEADER_ROW, 0, last, len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.print_area(0, 0, last, len(heads) - 3)


def lay_out_past(
    book: Any, sheet: Any, heads: tuple[str, ...], verdicts: list[tuple[Any, ...]], answers: tuple[str, ...]
) -> None:
    """Write the verdicts so far, each with a cell to change it or take it back. Values under the first heads."""
    face = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
    head = book.add_format(face | {"bold": True, "bg_color": "#D9D9D9", "align": "center"})
    plain = book.add_format(face | {"text_wrap": True})
    fill = book.add_format(face | {"bg_color": "#FFF8DC", "text_wrap": True})
    widths = [34, 34, 8, 16, 18, 30, 9, 20]
    for col, title in enumerate(heads):
        sheet.write_string(0, col, title, head)
        sheet.set_column(col, col, widths[col])
    for row, values in enumerate(verdicts, start=1):
        texts = [str(value or "") for value in values] + [""] * (len(heads) - len(values))
        for col, text in enumerate(texts):
            sheet.write_string(row, col, text, plain if col < len(values) else fill)
        sheet.set_row(row, row_height(texts, widths))
    last, answer = max(len(verdicts), 1), heads.index("判定")
    sheet.data_validation(1, answer, last, answer, {"validate": "list", "source": list(answers)})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def row_height(texts: list[str], widths: list[int]) -> float:
    """Return the row height in points that shows the longest text whole: 15 a line, a Chinese character is two wide."""
    lines = 1
    for text, width in zip(texts, widths, strict=True):
        lines = max(lines, sum(-(-(_width(part) + 1) // width) for part in text.split("\n")))
    return min(15.0 * lines + 4, 200.0)


def _width(text: str) -> int:
    return sum(2 if ord(character) > 255 else 1 for character in text)


def write_help(book: Any, sheet: Any) -> None:
    """Write how to fill the review sheet."""
    wrap = book.add_format({"font_name": "微软雅黑", "font_size": 11, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for row, text in enumerate(
        (
            "1. 在“判定人”右边写上姓名。",
            "2. 每行比较两个数据元，甲在左、乙在右；各举一个最有代表性的栏目，“相邻栏目”是它在表里前后的栏目。",
            "3. “判定”选“相同”“不同”或“不确定”；没有把握就选“不确定”或留空，不影响别的行。",
            "4. 单位、代码、日期写法不同不要紧，能换算就是“相同”；口径不同（户籍与常住、本年与上年）是“不同”。",
            "5. “把握”是系统估计的相同的可能性；“涉及栏目”是判“相同”后会合到一起的栏目数。",
            "6. 可以排序、筛选；不要删列、不要改隐藏的两列。填好后用 oneform review import 导入。",
            "7. 判错了可以撤回：在“已有判定”表里那一行选“撤回”。判定只追加，不改写，随时可以恢复。",
        )
    ):
        sheet.write_string(row, 0, text, wrap)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
