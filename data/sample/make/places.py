"""Houses, plots, units, hazards, projects and facilities of the sample county. All invented but their codes' form."""

from __future__ import annotations

import datetime as dt

from chance import between, day, pick, share
from codes import credit_code
from geography import COUNTY_CODE, Area
from lives import yes
from people import Household, Subject, short

KINDS = {  # name ending, register letters, subject class, population, how many per township
    "合作社": ("种植专业合作社", "93", "单位", "农民专业合作社", 4),
    "企业": ("农业开发有限公司", "91", "单位", "企业", 5),
    "食品": ("副食店", "92", "单位", "食品经营单位", 5),
    "学校": ("小学", "12", "学校", "学校", 3),
}
WORDS = ("金沙", "元谋", "绿源", "丰禾", "阳光", "福泰", "云岭", "兴农", "蜻蛉", "龙川", "干热谷", "百果")
FACILITIES = {  # population: (names, how many per village, in how many of a hundred villages)
    "养老服务设施": (("互助养老站", "居家养老服务中心", "老年幸福食堂"), 60),
    "水库坝塘": (("团结坝", "大箐坝塘", "丙令水库", "挨小坝", "红卫水库"), 70),
    "农村公路": (("村公路", "产业路", "联网路"), 100),
    "应急物资": (("帐篷", "棉被", "应急照明灯", "铁锹", "雨衣"), 100),
}
PROJECTS = {
    "衔接资金项目": ("蔬菜大棚建设项目", "村内道路硬化项目", "人畜饮水提升项目", "农产品冷链项目"),
    "高标准农田项目": ("高标准农田建设项目",),
}


def house(household: Household) -> Subject:
    """Return the dwelling of a household."""
    home, key = household.subject, household.subject.key
    size = between(60, 220, key, "house")
    year = between(1978, 2024, key, "built")
    risky = year < 1992 and share(key, "risk") < 0.35
    if risky:
        home.populations.add("危房")
    values = {
        "编号": f"{key}F",
        "产权人姓名": home.values["户主姓名"],
        "产权人公民身份号码": home.values["户主公民身份号码"],
        "产权人联系电话": home.values["联系电话"],
        "坐落": home.values["地址"],
        "宅基地代码": f"{key[:12]}JC{key[12:]}",
        "宅基地面积[批准]": str(size),
        "宅基地面积[实际]": str(size + between(0, 15, key, "over")),
        "建筑面积": str(size * between(1, 2, key, "floors")),
        "层数": str(between(1, 2, key, "floors")),
        "建成年份": str(year),
        "结构": "土木" if year < 1995 else "砖木" if year < 2003 else "砖混" if year < 2018 else "钢混",
        "用途": "居住",
        "危险等级": pick(("C级", "D级"), key, "grade") if risky else "A级" if year > 2005 else "B级",
        "是否一户多宅": yes(share(key, "two") < 0.03),
        "是否闲置": yes(share(key, "empty") < 0.05),
    }
    return Subject(values["编号"], home.area, values, {"农村住房"} | ({"危房"} if risky else set()))


def plots(household: Household) -> list[Subject]:
    """Return the plots of a household: a paddy, a dry field, and for some a wood. Areas agree with the household's."""
    home, found = household.subject, []
    kinds = [("水田", home.values["面积[家庭承包；水田]"]), ("旱地", home.values["面积[家庭承包；旱地]"])]
    if share(home.key, "wood") < 0.2:
        kinds.append(("林地", f"{between(10, 400, home.key, 'wood') / 10:.10g}"))
    for order, (kind, size) in enumerate(kinds, start=1):
        values = {
            "编号": f"{home.key}D{order}",
            "面积": size,
            "地类": kind,
            "坐落": home.values["地址"],
            "户.编号": home.key,
            "户.户主姓名": home.values["户主姓名"],
            "户.户主公民身份号码": home.values["户主公民身份号码"],
            "权利人姓名": home.values["户主姓名"],
            "权利人公民身份号码": home.values["户主公民身份号码"],
        }
        if kind == "林地":
            is_public = share(home.key, "public") < 0.5
            pay = f"{float(size) * 10:.10g}" if is_public else "0"
            values |= {"是否公益林": yes(is_public), "补偿标准[公益林]": "10", "金额[公益林补偿]": pay}
        found.append(Subject(values["编号"], home.area, values, {"林地"} if kind == "林地" else {"承包地"}))
    return found


def units(townships: list[Area], villages: list[Area]) -> list[tuple[str, Subject]]:
    """Return (subject class, unit) for the units of every township and the party branch of every village."""
    found, serial = [], 0
    for township in townships:
        own = [village for village in villages if village.parent == township.code]
        for ending, letters, kind, population, count in KINDS.values():
            for n in range(count):
                serial += 1
                village = own[n % len(own)]
                code = credit_code(letters, COUNTY_CODE, serial)
                name = f"元谋{pick(WORDS, code)}{short(village.name).rstrip('村')}{ending}"
                if kind == "学校":
                    name = township.name + ("中心小学", "初级中学", "中心幼儿园")[n]
                staff, pupils = between(2, 60, code, "staff"), between(60, 600, code, "pupils")
                women, boarders = (
                    pupils * between(44, 52, code, "girls") // 100,
                    pupils * between(0, 60, code, "board") // 100,
                )
                values = {
                    "名称": name,
                    "统一社会信用代码": code,
                    "地址": f"元谋县{township.name}{short(village.name)}",
                    "人数[从业人员]": str(staff),
                    "人数[从业人员；女]": str(staff // 2),
                    "人数[从业人员；持健康证]": str(staff),
                    "人数[在校学生]": str(pupils),
                    "人数[在校学生；女]": str(women),
                    "人数[在校学生；寄宿]": str(boarders),
                    "所在行政村": village.name,
                    "所在乡镇": township.name,
                    "户数[成员]": str(20 + staff),
                    "户数[成员；脱贫户]": str(between(1, 15, code, "poor")),
                }
                found.append((kind, Subject(code, village.code, values, {population})))
    for village in villages:
        serial += 1
        code = credit_code("B1", COUNTY_CODE, serial)
        name = f"中共{short(village.name)}支部委员会"
        found.append(
            (
                "党组织",
                Subject(
                    code,
                    village.code,
                    {"名称": name, "统一社会信用代码": code, "类型": "党支部", "所在行政村": village.name},
                    {"党组织"},
                ),
            )
        )
    return found


def hazards(village: Area, township: Area, groups: list[str]) -> list[Subject]:
    """Return the geological hazards of a village, two at most."""
    found = []
    for n in range(between(0, 2, village.code, "hazards")):
        key = f"{COUNTY_CODE}{village.code[6:]}{n + 1:04d}"
        kind = pick(("滑坡", "崩塌", "泥石流", "不稳定斜坡"), key)
        homes = between(2, 20, key, "homes")
        values = {
            "编号": key,
            "名称": f"{short(village.name)}{pick(groups, key)}{kind}",
            "灾害类型": kind,
            "所在乡镇": township.name,
            "所在行政村": village.name,
            "所在村民小组": pick(groups, key),
            "经度": f"{101.7 + share(key, 'x') / 3:.6f}",
            "纬度": f"{25.6 + share(key, 'y') / 2:.6f}",
            "户数[受威胁]": str(homes),
            "人数[受威胁]": str(homes * 4),
            "财产[受威胁]": str(homes * 12),
            "规模等级": pick(("小型", "小型", "中型"), key, "size"),
            "险情等级": pick(("小型", "中型"), key, "danger"),
        }
        found.append(Subject(key, village.code, values, {"地质灾害隐患点"}))
    return found


def facilities(village: Area, township: Area) -> list[Subject]:
    """Return the facilities of a village."""
    found: list[Subject] = []
    for population, (names, chance) in FACILITIES.items():
        if between(1, 100, village.code, population) > chance:
            continue
        key = f"{village.code}S{len(found) + 1:02d}"
        values = {
            "编号": key,
            "名称": short(village.name) + pick(names, key),
            "所在乡镇": township.name,
            "所在行政村": village.name,
        }
        values["地址"] = f"元谋县{township.name}{short(village.name)}"
        if population == "农村公路":
            length = between(10, 90, key, "km") / 10
            values |= {"里程": f"{length:.10g}", "里程[列养]": f"{length:.10g}"}
        found.append(Subject(key, village.code, values, {population}))
    return found


def projects(village: Area, township: Area) -> list[Subject]:
    """Return the projects of a village; what is paid never exceeds what is planned."""
    found: list[Subject] = []
    for population, names in PROJECTS.items():
        if share(village.code, population) > 0.35:
            continue
        key = f"530000{village.code[6:]}{between(10000, 99999, village.code, population)}"
        total, own = between(40, 400, key, "total"), between(0, 20, key, "own")
        central, province = total * 6 // 10, total * 3 // 10
        start = day(dt.date(2025, 1, 5), dt.date(2025, 6, 30), key, "start")
        people, acres = between(100, 900, key, "people"), between(100, 2000, key, "acres")
        values = {
            "编号": key,
            "名称": short(village.name) + pick(names, key),
            "地址": f"元谋县{township.name}{short(village.name)}",
            "总投资": str(total),
            "投资额[中央资金]": str(central),
            "投资额[省级资金]": str(province),
            "投资额[县级资金]": str(total - central - province),
            "投资额[衔接资金]": str(total - own),
            "投资额[其他资金]": str(own),
            "投资额[完成；累计]": str(total * between(20, 100, key, "done") // 100),
            "开工日期": start,
            "完工日期": f"2026-{start[5:7]}-20",
            "完工日期[计划]": f"2026-{start[5:7]}-20",
            "户数[受益]": str(people // 4),
            "人数[受益]": str(people),
            "人数[受益；脱贫人口]": str(people // 5),
            "面积[建设；计划]": str(acres),
            "面积[完成；建设]": str(acres // 2),
            "所在行政村": village.name,
            "所在乡镇": township.name,
        }
        found.append(Subject(key, village.code, values, {population}))
    return found
