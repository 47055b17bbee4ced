"""Areas and departments: who fills and who asks."""

from __future__ import annotations

from schemas.model import Table, must, text

AREA_LEVELS = ("县", "乡镇", "村")
"""County, township or street, village or community (GB/T 2260, GB/T 10114, statistics division codes)."""


class Areas(Table):
    """The area tree, a row per area. 12 digits: 6 county, 3 township, 3 village."""

    area_code: str = must("区划代码", unique=True, str_matches=r"^\d{12}$")
    area_name: str = must("区划名称")
    area_level: str = must("级别", isin=AREA_LEVELS)
    parent_code: str = text("上级代码")
    valid_from: str = text("启用日期")
    valid_until: str = text("停用日期")
