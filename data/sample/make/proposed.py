"""Makes `proposed/`: a form that a department wants to issue, and a request that came by chat; both before the gate.

Nothing of it stands on the register: it is what `oneform admit` and `oneform refuse` are shown with.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from facts import read_reports
from register import write_templates

MESSAGE = (
    "各村（社区）：县局急要数据，请今天下午5点前上报以下数据：\n"
    "1.60岁以上老年人数\n2.残疾人数\n3.低保户数\n4.常住人口数\n5.空巢老人数（人）\n6.安装独立式烟感报警器户数（户）\n"
    "收到请回复\n"
)


def write_proposed(source: Path, out: Path) -> None:
    """Write the proposed forms of a folder of facts, and the chat message, into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    write_templates(read_reports(source), out)
    for path in sorted((out / "templates").rglob("*.*")):
        path.replace(out / path.name)
    shutil.rmtree(out / "templates")
    (out / "聊天消息.txt").write_text(MESSAGE, encoding="utf-8")
