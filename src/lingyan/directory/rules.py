"""How are places and people of the register named and told apart?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from lingyan.common.choices import Choice


class PlaceLevel(Choice):
    NATION = "nation", "全国"
    PROVINCE = "province", "省"
    PREFECTURE = "prefecture", "市（州）"
    COUNTY = "county", "县（区、市）"
    TOWNSHIP = "township", "乡镇（街道）"
    VILLAGE = "village", "村（社区）"


class VillageKind(Choice):
    ADMIN_VILLAGE = "admin_village", "行政村"
    COMMUNITY = "community", "社区"
    RELOCATION_COMMUNITY = "relocation_community", "易地扶贫搬迁安置社区"


class Gender(Choice):
    MALE = "male", "男"
    FEMALE = "female", "女"


class PoliticalStatus(Choice):
    FULL_MEMBER = "full_member", "中共党员"
    PROBATIONARY = "probationary", "中共预备党员"
    LEAGUE = "league", "共青团员"
    DEMOCRATIC_PARTY = "democratic_party", "民主党派成员"
    NON_PARTY_FIGURE = "non_party_figure", "无党派人士"
    MASS = "mass", "群众"


class Relation(Choice):
    """近亲属与干部回避关系。依据：R-1-06。"""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    GRANDPARENT = "grandparent", "祖父母/外祖父母"
    GRANDCHILD = "grandchild", "孙子女/外孙子女"
    COLLATERAL_3 = "collateral_3", "三代以内旁系血亲"
    AFFINITY = "affinity", "近姻亲"


class OfficerPost(Choice):
    """村里的职务。依据：1.5 表。"""

    PARTY_SECRETARY = "party_secretary", "村党组织书记"
    PARTY_DEPUTY = "party_deputy", "村党组织副书记"
    PARTY_COMMITTEE_MEMBER = "party_committee_member", "村党组织委员"
    VC_DIRECTOR = "vc_director", "村民委员会主任"
    VC_DEPUTY = "vc_deputy", "村民委员会副主任"
    VC_MEMBER = "vc_member", "村民委员会委员"
    SUP_DIRECTOR = "sup_director", "村务监督委员会主任"
    SUP_MEMBER = "sup_member", "村务监督委员会成员"
    COOP_CHAIR = "coop_chair", "理事长"
    COOP_VICE = "coop_vice", "副理事长"
    COOP_DIRECTOR = "coop_director", "理事"
    COOP_SUP_CHAIR = "coop_sup_chair", "监事长"
    COOP_SUPERVISOR = "coop_supervisor", "监事"
    CLERK = "clerk", "村文书"
    CASHIER = "cashier", "村报账员"
    GROUP_LEADER = "group_leader", "村民小组组长"
    VILLAGER_REP = "villager_rep", "村民代表"
    COMMUNITY_DIRECTOR = "community_director", "居民委员会主任"
    COMMUNITY_DEPUTY = "community_deputy", "居民委员会副主任"
    COMMUNITY_MEMBER = "community_member", "居民委员会委员"


# R-2-13 names committee members, board and supervisors, accountants and cashiers;
# a group leader or a villagers' representative is none of them.
RECUSAL_POSTS = frozenset(OfficerPost) - {
    OfficerPost.GROUP_LEADER,
    OfficerPost.VILLAGER_REP,
}


class UnitCategory(Choice):
    COUNTY_DEPT = "county_dept", "县级部门（单位）"
    INSTITUTION = "institution", "事业单位"
    ENTERPRISE = "enterprise", "企业"
    TOWNSHIP = "township", "乡镇"
    OTHER = "other", "其他"


VILLAGE_TAILS = (
    ("社区村民委员会", "社区"),
    ("社区村委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("居民委员会", ""),
    ("居委会", ""),
)
TOWN_TAIL = re.compile(r"(街道办事处|民族乡|民族镇|街道|镇|乡)$")
PEOPLES = re.compile(
    r"(?<=.)(土家族|回族|苗族|彝族|壮族|满族|侗族|瑶族|白族|傣族|黎族|畲族|藏族|羌族|"
    r"蒙古族|维吾尔族|哈萨克族|布依族|哈尼族|朝鲜族|仡佬族|傈僳族|纳西族|东乡族)+"
)
SPACES = re.compile(r"[\s\u3000·•/／、，,\-—]+")


def plain_name(text: str) -> str:
    """The name without blanks and separators, brackets of either width made equal."""
    return SPACES.sub("", text.translate(str.maketrans("（）", "()")))


def short_village_name(name: str) -> str:
    """How people say it: 塘口村委会 → 塘口村, 仙桥社区居民委员会 → 仙桥社区."""
    name = plain_name(name)
    for tail, short in VILLAGE_TAILS:
        if name.endswith(tail) and len(name) > len(tail):
            return name.removesuffix(tail) + short
    return name


def short_town_name(name: str) -> str:
    """What is left when people write it short: 龙泉土家族乡, 龙泉乡 and 龙泉 → 龙泉."""
    name = plain_name(name)
    stem = TOWN_TAIL.sub("", PEOPLES.sub("", name))
    return stem or name


def is_village_code(code: str) -> bool:
    """12 位、村级段不为 000。依据：R-1-01。"""
    return (
        len(code) == 12
        and code.isascii()
        and code.isdigit()
        and code[6:9] != "000"
        and code[9:] != "000"
    )


@dataclass(frozen=True, slots=True)
class Named:
    """Something that people refer to by name: its id, and how it is shown."""

    id: str
    name: str
    label: str
    within: str | None = None
    code: str | None = None


class NameBook:
    """Whom or what does a written name mean: one thing, several, or none?"""

    def __init__(self, things: Iterable[Named], *, short: Callable[[str], str]) -> None:
        self._short = short
        self._by_handle: dict[str, list[Named]] = {}
        self._things: list[Named] = []
        for thing in things:
            self._things.append(thing)
            for handle in dict.fromkeys(self._handles(thing)):
                self._by_handle.setdefault(handle, []).append(thing)
        self._found: dict[tuple[str, str | None], tuple[Named, ...]] = {}

    def _handles(self, thing: Named) -> Iterator[str]:
        name = self._short(thing.name)
        yield name
        if thing.code:
            yield thing.code
        for within in within_forms(thing.within):
            yield within + name
            yield f"{name}({within})"

    def find(self, text: str, within: str | None = None) -> tuple[Named, ...]:
        """Every thing that the text may mean; `within` narrows it to a town or a unit."""
        key = text, within
        if key not in self._found:
            self._found[key] = self._search(text, within)
        return self._found[key]

    def _search(self, text: str, within: str | None) -> tuple[Named, ...]:
        plain = plain_name(text)
        name, _, inner = plain.partition("(")
        forms = [plain, self._short(plain)]
        if inner:
            inner = inner.rstrip(")")
            forms += [f"{self._short(name)}({form})" for form in within_forms(inner)]
        found: list[Named] = next(
            (self._by_handle[form] for form in forms if form in self._by_handle), []
        )
        if within is not None:
            found = [thing for thing in found if same_within(thing.within, within)]
        return tuple(found)

    def nearest(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Labels of what was probably meant."""
        names = {self._short(thing.name): thing.label for thing in self._things}
        wanted = self._short(text).partition("(")[0]
        close = get_close_matches(wanted, list(names), n=most, cutoff=0.5)
        return tuple(names[name] for name in close)


def within_forms(within: str | None) -> tuple[str, ...]:
    """How people write a town (or unit) before or behind a name: in full, or short."""
    if not within:
        return ()
    plain = plain_name(within)
    return tuple(dict.fromkeys((plain, PEOPLES.sub("", plain), short_town_name(plain))))


def same_within(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return not set(within_forms(one)).isdisjoint(within_forms(other))
