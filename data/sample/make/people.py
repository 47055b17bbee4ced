"""Households and persons of the sample county, and who belongs to which population. All invented."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from chance import TODAY, between, day, number, pick, share
from codes import identity_number
from geography import COUNTY_CODE, Area


@lru_cache
def names() -> dict[str, Any]:
    """Return the building stones of names: surnames, given characters, nations, hamlets."""
    return tomllib.loads((Path(__file__).parent / "facts" / "names.toml").read_text(encoding="utf-8"))


@dataclass
class Subject:
    """One row of a ledger: its key, its area, its values by concept."""

    key: str
    area: str
    values: dict[str, str] = field(default_factory=dict)
    populations: set[str] = field(default_factory=set)


@dataclass
class Household:
    """A household with its members, head first."""

    subject: Subject
    members: list[Subject]


class People:
    """Makes persons one after another; no two get the same number."""

    def __init__(self) -> None:
        """Start with no number used."""
        self.used: Counter[tuple[str, bool]] = Counter()

    def household(self, village: Area, township: Area, order: int, groups: list[str]) -> Household:
        """Return the household of a village with this order number, from 1."""
        code = f"{village.code}{order:04d}"
        group = groups[order % len(groups)]
        head_age = between(29, 88, code, "age")
        surname = pick(names()["surnames"], code, "surname")
        nation = pick(names()["nations"], code, "nation")
        place = (village, township, group, f"元谋县{township.name}{short(village.name)}{group}{order}号", nation)
        is_male = share(code, "head") < 0.86
        roles = [("户主", head_age, is_male, surname)]
        if share(code, "spouse") < (0.85 if head_age < 70 else 0.5):
            roles.append(("配偶", max(22, head_age - between(-3, 5, code, "gap")), not is_male, ""))
        children = (0, 1, 1, 2, 2, 2, 3)[number(code, "children") % 7] if head_age < 75 else 0
        for n in range(children):
            age = head_age - between(22, 30, code, "child", n) - 2 * n
            if 0 <= age <= 40:
                is_son = share(code, "son", n) < 0.52
                roles.append(("子" if is_son else "女", age, is_son, surname))
        if head_age < 58 and share(code, "parent") < 0.45:
            roles.append(("父母", head_age + between(22, 30, code, "parent age"), share(code, "p") < 0.45, surname))
        if head_age > 55 and share(code, "grandchild") < 0.5:
            is_boy = share(code, "g") < 0.5
            roles.append(("孙子女", between(0, 14, code, "grandchild age"), is_boy, surname))
        members = [self._person(code, n, role, place) for n, role in enumerate(roles)]
        return Household(_household(code, village, township, members, group), members)

    def _person(
        self, code: str, order: int, role: tuple[str, int, bool, str], place: tuple[Area, Area, str, str, str]
    ) -> Subject:
        relation, age, is_male, surname = role
        village, township, group, address, nation = place
        seed = (code, order)
        first = dt.date(TODAY.year - age - 1, 1, 1) if age else dt.date(TODAY.year, 1, 1)
        birth = day(first.replace(year=TODAY.year - age), dt.date(TODAY.year - age, 12, 31), *seed, "birth")
        pool = names()["male" if is_male else "female"]
        given = pick(pool, *seed, "given")
        if share(*seed, "two") < 0.75:
            given = pick(names()["shared"], *seed, "middle") + given
        surname = surname or pick(names()["surnames"], *seed, "own surname")
        self.used[birth, is_male] += 1
        sequence = 898 + 2 * self.used[birth, is_male] + is_male
        identity = identity_number(COUNTY_CODE, birth.replace("-", ""), sequence)
        person = Subject(identity, village.code)
        person.values = {
            "姓名": surname + given,
            "性别": "男" if is_male else "女",
            "公民身份号码": identity,
            "出生日期": birth,
            "年龄": str(age),
            "民族": nation if relation != "配偶" else pick(names()["nations"], *seed, "nation"),
            "与户主关系": relation,
            "户籍地址": address,
            "现住址": address,
            "所在乡镇": township.name,
            "所在行政村": village.name,
            "所在村民小组": group,
        }
        return person


def short(name: str) -> str:
    """Return the everyday name of a village: 马街社区居民委员会 → 马街社区, 点连村民委员会 → 点连村."""
    return name.replace("居民委员会", "").replace("村民委员会", "村").replace("村村", "村")


def _household(code: str, village: Area, township: Area, members: list[Subject], group: str) -> Subject:
    head = members[0].values
    return Subject(
        code,
        village.code,
        {
            "编号": code,
            "户主姓名": head["姓名"],
            "户主公民身份号码": head["公民身份号码"],
            "家庭人口数": str(len(members)),
            "地址": head["户籍地址"],
            "联系电话": phone(code, 0),
            "所在行政村": village.name,
            "所在乡镇": township.name,
            "所在村民小组": group,
        },
    )


def phone(*about: object) -> str:
    """Return a telephone number of the range 140, which no mobile subscriber has."""
    return f"140{number(*about, 'phone') % 10**8:08d}"
