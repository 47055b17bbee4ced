"""What is so in a person's and a household's life, and which populations follow from it."""

from __future__ import annotations

import datetime as dt

from chance import TODAY, between, day, pick, share
from people import Household, Subject, phone

SCHOOLING = ((6, "小学", 6), (12, "初中", 3))
BANK = "元谋县农村信用合作联社"


def live(household: Household) -> None:
    """Complete the values of a household and its members, and put them into their populations."""
    home, seed = household.subject, household.subject.key
    poor = share(seed, "poor")
    kind = "脱贫户" if poor < 0.16 else "边缘易致贫户" if poor < 0.18 else "突发严重困难户" if poor < 0.19 else "一般户"
    is_helped = kind != "一般户"
    low_income = share(seed, "low") < (0.3 if is_helped else 0.02)
    home.values |= {
        "脱贫监测类型": kind,
        "是否脱贫户": yes(kind == "脱贫户"),
        "家庭类型": "低保户" if low_income else "脱贫户" if kind == "脱贫户" else "监测户" if is_helped else "一般户",
        "开户银行": BANK,
        "银行账号": account(seed),
        "脱贫年度": str(between(2016, 2020, seed, "year")) if is_helped else "",
    }
    for order, person in enumerate(household.members):
        _schooling(person)
        _work(person, order)
        _health(person)
        person.values |= {
            "联系电话": phone(seed, order) if int(person.values["年龄"]) >= 12 else phone(seed, 0),
            "是否脱贫人口": yes(is_helped),
            "是否纳入低保": yes(low_income),
            "开户银行": BANK,
            "银行账号": account(person.key),
            "银行账户名称": person.values["姓名"],
            "户口类别": "农业" if share(seed, "hukou") < 0.9 else "非农业",
        }
    _family(household)
    for person in household.members:
        _populations(person, low_income, is_helped)
    _money(household, low_income)
    _household_populations(household, low_income, is_helped)


def yes(is_so: bool) -> str:
    """Return 是 or 否."""
    return "是" if is_so else "否"


def account(*about: object) -> str:
    """Return a bank account number of nineteen digits that no bank issues (issuer 629999)."""
    return f"629999{between(0, 10**13 - 1, *about, 'account'):013d}"


def _schooling(person: Subject) -> None:
    age, v = int(person.values["年龄"]), person.values
    v["学段"] = next((name for first, name, years in SCHOOLING if first <= age < first + years), "")
    v["是否寄宿"] = yes(bool(v["学段"]) and share(person.key, "board") < 0.5)
    if v["学段"]:
        first = 6 if v["学段"] == "小学" else 12
        v["年级"] = ("一二三四五六" if first == 6 else "七八九")[age - first] + "年级"
        v["就读学校名称"] = v["所在乡镇"] + ("中心小学" if first == 6 else "初级中学")
    levels = ("文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上")
    if age < 6:
        v["文化程度"] = "文盲或半文盲"
    elif age < 15:
        v["文化程度"] = "小学" if age < 12 else "初中"
    else:
        chance = share(person.key, "level") - (0.25 if age > 60 else 0)
        v["文化程度"] = levels[
            max(0, min(5, 1 + sum(chance > edge for edge in (0.25, 0.65, 0.85, 0.95)) - (chance < -0.15)))
        ]


def _work(person: Subject, order: int) -> None:
    age, v = int(person.values["年龄"]), person.values
    v["婚姻状况"] = (
        "未婚"
        if age < 22 or (v["与户主关系"] in ("子", "女") and age < 28)
        else "丧偶"
        if age > 72 and share(person.key, "w") < 0.4
        else "已婚"
    )
    can_work = 16 <= age <= (60 if v["性别"] == "男" else 55)
    away = can_work and share(person.key, "away") < 0.36
    v["劳动能力"] = "普通劳动力" if can_work else "弱劳动力" if 56 <= age <= 68 else "无劳动力"
    v["就业状况"] = ("已转移就业" if away else "在校" if age < 19 and can_work else "务农") if can_work else "未就业"
    v["政治面貌"] = (
        "中共党员" if age >= 22 and share(person.key, "party") < 0.07 else "共青团员" if 14 <= age <= 28 else "群众"
    )
    v["职业"] = "学生" if v["学段"] else "农民" if can_work else "无"
    if away:
        v["务工区域"] = pick(("县内", "县外省内", "县外省内", "省外"), person.key, "where")
        v["务工地点"] = {"县内": "元谋县", "县外省内": "昆明市", "省外": "广东省东莞市"}[v["务工区域"]]
        v["月收入[务工]"] = str(between(26, 58, person.key, "pay") * 100)
        v["务工月数"] = str(between(3, 11, person.key, "months"))
        person.populations |= {"外出务工人员"}
    if can_work:
        person.populations |= {"劳动力"}


def _health(person: Subject) -> None:
    age, v, key = int(person.values["年龄"]), person.values, person.key
    disabled = share(key, "disabled") < 0.045
    chronic = age >= 35 and share(key, "chronic") < (0.1 if age < 60 else 0.3)
    v["健康状况"] = "残疾" if disabled else "慢性病" if chronic else "重病" if share(key, "ill") < 0.005 else "健康"
    v["是否残疾"] = yes(disabled)
    v["是否患病[高血压]"], v["是否患病[糖尿病]"] = (
        yes(chronic and share(key, "bp") < 0.75),
        yes(chronic and share(key, "bp") >= 0.6),
    )
    v["生活自理能力"] = "全自理" if age < 85 and not disabled else pick(("全自理", "半失能", "失能"), key, "self")
    v["是否孕产妇"] = yes(v["性别"] == "女" and 22 <= age <= 35 and share(key, "pregnant") < 0.04)
    v["是否签约[家庭医生]"] = yes(chronic or age >= 65 or disabled)
    if disabled:
        kind = pick(("视力", "听力", "言语", "肢体", "肢体", "智力", "精神"), key, "kind")
        grade = between(1, 4, key, "grade")
        v |= {
            "残疾类别": kind,
            "残疾等级": ("一级", "二级", "三级", "四级")[grade - 1],
            "残疾证号": f"{key}{'视力听力言语肢体智力精神'.index(kind) // 2 + 1}{grade}",
            "残疾证发证日期": day(dt.date(2012, 1, 1), dt.date(2024, 12, 31), key, "card"),
        }
        person.populations |= {"残疾人"} | ({"残疾人两项补贴对象"} if grade <= 2 or share(key, "aid") < 0.3 else set())
        person.populations |= {"无障碍改造对象"} if share(key, "barrier") < 0.08 else set()
        person.populations |= {"精神障碍患者"} if kind == "精神" else set()
    if chronic:
        person.populations |= {"高血压糖尿病患者"}


def _family(household: Household) -> None:
    people = household.members
    by_role = {person.values["与户主关系"]: person for person in people}
    head, partner = people[0], by_role.get("配偶")
    for person in people:
        role, v = person.values["与户主关系"], person.values
        couple = [p for p in (head, partner) if p]
        if role in ("子", "女"):
            for p in couple:
                side = "父亲" if p.values["性别"] == "男" else "母亲"
                v |= {
                    f"{side}姓名": p.values["姓名"],
                    f"{side}联系电话": p.values["联系电话"],
                    f"{side}务工地点": p.values.get("务工地点", "在家"),
                }
            v |= {
                "监护人姓名": head.values["姓名"],
                "监护人联系电话": head.values["联系电话"],
                "监护人公民身份号码": head.key,
                "监护人与本人关系": "父母",
            }
            left = int(v["年龄"]) < 16 and all("务工地点" in p.values for p in couple)
        else:
            guard = people[1] if person is head and len(people) > 1 else head
            relation = "祖父母" if role == "孙子女" else "亲属"
            v |= {
                "监护人姓名": guard.values["姓名"],
                "监护人联系电话": guard.values["联系电话"],
                "监护人公民身份号码": guard.key,
                "监护人与本人关系": relation,
            }
            left = role == "孙子女" and int(v["年龄"]) < 16
        v["是否留守儿童"] = yes(left)
        if left or (int(v["年龄"]) < 18 and share(person.key, "trouble") < 0.02):
            v["儿童类别"] = (
                "留守儿童"
                if left
                else pick(("孤儿", "事实无人抚养儿童", "重病重残儿童", "其他困境儿童"), person.key, "trouble kind")
            )
            person.populations |= {"留守困境儿童"}
        if person is partner or (person is head and partner):
            other = head if person is partner else partner
            v |= {"配偶姓名": other.values["姓名"], "配偶公民身份号码": other.key}
    sons = [p.values["与户主关系"] for p in people if p.values["与户主关系"] in ("子", "女")]
    for person in (p for p in (head, partner) if p):
        person.values |= {"子女数[男]": str(sons.count("子")), "子女数[女]": str(sons.count("女"))}


def _populations(person: Subject, low_income: bool, is_helped: bool) -> None:
    v, key, age = person.values, person.key, int(person.values["年龄"])
    alone = age >= 62 and v["与户主关系"] == "户主" and share(key, "alone") < 0.05 and not low_income
    able = 20 <= age <= 58
    rules = {
        "全部人口": True,
        "本年新建健康档案居民": share(key, "file") < 0.03,
        "低保对象": low_income,
        "脱贫户和监测对象": is_helped,
        "特困人员": alone,
        "80岁以上老人": age >= 80,
        "65岁以上老人": age >= 65,
        "0-6岁儿童": age <= 6,
        "义务教育学生": bool(v["学段"]),
        "育龄妇女": v["性别"] == "女" and 15 <= age <= 49,
        "居民养老保险参保人": age >= 16 and share(key, "pension") < 0.92,
        "党员": v["政治面貌"] == "中共党员",
        "退役军人": v["性别"] == "男" and 24 <= age <= 80 and share(key, "army") < 0.035,
        "公益性岗位人员": is_helped and able and share(key, "post") < 0.05,
        "生态护林员": is_helped and able and share(key, "forest") < 0.04,
        "村干部": v["政治面貌"] == "中共党员" and 28 <= age <= 60 and share(key, "cadre") < 0.5,
        "网格员": able and share(key, "grid") < 0.02,
        "临时救助对象": share(key, "relief") < 0.008,
        "医疗救助对象": (low_income or alone) and share(key, "hospital") < 0.3,
        "流动人口": age >= 16 and share(key, "floating") < 0.02,
        "困难妇女": v["性别"] == "女" and 18 <= age <= 60 and low_income and share(key, "woman") < 0.2,
    }
    person.populations |= {name for name, is_so in rules.items() if is_so}
    if "退役军人" in person.populations:
        joined = int(v["出生日期"][:4]) + 18
        v |= {"入伍时间": f"{joined}-12-01", "退役时间": f"{joined + between(2, 8, key, 'served')}-12-01"}
        person.populations |= {"优抚对象"} if age >= 60 or share(key, "care") < 0.2 else set()
    if "80岁以上老人" in person.populations:
        monthly = 60 if age < 90 else 120 if age < 100 else 500
        band = "80—89岁" if age < 90 else "90—99岁" if age < 100 else "100岁以上"
        v |= {
            "补助档次[高龄津贴]": band,
            "金额[每月；高龄津贴]": str(monthly),
            "月数[发放；高龄津贴]": "3",
            "金额[本季；高龄津贴]": str(monthly * 3),
        }
    if "党员" in person.populations:
        joined = max(int(v["出生日期"][:4]) + between(20, 30, key, "joined"), 1965)
        joined = min(joined, TODAY.year - 2)
        v |= {"入党日期": f"{joined}-07-01", "转正日期[党员]": f"{joined + 1}-07-01", "党员类型": "正式党员"}


def _money(household: Household, low_income: bool) -> None:
    home, people = household.subject, household.members
    key, size, v = home.key, len(people), home.values
    workers = sum(p.values["劳动能力"] == "普通劳动力" for p in people)
    wages = sum(int(p.values.get("月收入[务工]", 0)) * int(p.values.get("务工月数", 0)) for p in people)
    near = sum(
        int(p.values["月收入[务工]"]) * int(p.values["务工月数"]) for p in people if p.values.get("务工区域") == "县内"
    )
    wet, dry = between(2, 50, key, "wet") / 10, between(5, 80, key, "dry") / 10
    less = [between(0, 5, key, n) / 10 for n in ("idle", "orchard", "built")]
    sure = round(wet + dry, 2)
    paid = round(max(sure - sum(less), 0), 2)
    crops, stock = between(40, 200, key, "crop") * 50, between(0, 120, key, "stock") * 50
    rent, shares = between(0, 20, key, "rent") * 50, between(0, 10, key, "shares") * 20
    aid, pension, forest = (
        300 * 12 * low_income,
        140 * 12 * sum(int(p.values["年龄"]) >= 60 for p in people),
        between(0, 30, key, "eco") * 10,
    )
    subsidy = round(paid * 95, 2)
    cost = round((crops + stock) * 0.3, 2)
    transfer = round(aid + pension + forest + subsidy, 2)
    total = round(wages + crops + stock + rent + shares + transfer, 2)
    amounts = {
        "人数[劳动力]": workers,
        "收入[工资性]": wages,
        "收入[县内务工；工资性]": near,
        "收入[县外务工；工资性]": wages - near,
        "收入[公益性岗位；工资性]": 0,
        "收入[种植业；经营性]": crops,
        "收入[养殖业；经营性]": stock,
        "收入[经营性]": crops + stock,
        "收入[土地流转；财产性]": rent,
        "收入[分红；财产性]": shares,
        "收入[财产性]": rent + shares,
        "收入[低保；转移性]": aid,
        "收入[养老金；转移性]": pension,
        "收入[生态补偿；转移性]": forest,
        "收入[转移性]": transfer,
        "总收入": total,
        "支出[经营性]": cost,
        "纯收入": round(total - cost, 2),
        "人均纯收入": round((total - cost) / size, 2),
        "面积[家庭承包；耕地]": sure,
        "面积[家庭承包；水田]": wet,
        "面积[家庭承包；旱地]": dry,
        "面积[确权；耕地]": sure,
        "面积[撂荒；耕地]": less[0],
        "面积[耕地；转为园地]": less[1],
        "面积[建设占用；耕地]": less[2],
        "面积[耕地地力保护补贴]": paid,
        "补贴标准[耕地地力保护补贴]": 95,
        "金额[耕地地力保护补贴]": subsidy,
    }
    v |= {name: f"{amount:.10g}" for name, amount in amounts.items()}
    if low_income:
        grade = pick(("A类", "B类", "C类"), key, "class")
        v |= {
            "低保类别": grade,
            "人数[低保；保障]": str(size),
            "金额[低保；每月]": str({"A类": 440, "B类": 330, "C类": 270}[grade] * size),
        }


def _household_populations(household: Household, low_income: bool, is_helped: bool) -> None:
    home = household.subject
    home.populations |= {"承包农户"}
    home.populations |= {"脱贫户和监测对象"} if is_helped else set()
    home.populations |= {"低保对象"} if low_income else set()
    home.populations |= {"冬春救助户"} if share(home.key, "winter") < 0.06 else set()
    home.populations |= {"申请救助家庭"} if low_income and share(home.key, "apply") < 0.3 else set()
