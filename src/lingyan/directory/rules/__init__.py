"""How are places and people of the register named and told apart?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from lingyan.common.choices import Choice
from lingyan.common.identity import Identity, read_identity
from lingyan.common.refusals import Refusal


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


class PlaceChangeKind(Choice):
    """区划怎样变更。依据：R-1-01（代码有有效期，撤并的村留有承继关系）。"""

    RENAME = "rename", "更名"
    RECODE = "recode", "换代码"
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    MOVE = "move", "划转"


class VillageType(Choice):
    WEAK_ORG = "weak_org", "基层党组织软弱村"
    WEAK_INDUSTRY = "weak_industry", "产业基础薄弱村"
    HIGH_DISPUTE = "high_dispute", "矛盾纠纷突出村"
    POVERTY_LIFTED = "poverty_lifted", "脱贫村"
    RELOCATION = "relocation", "易地扶贫搬迁安置村（社区）"
    KEY_TASK = "key_task", "乡村振兴任务重的村"
    LISTED_WEAK = "listed_weak", "软弱涣散村（在整顿）"
    DEMO = "demo", "示范村"
    ORDINARY = "ordinary", "一般村"


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


PARTY_MEMBERS = frozenset({PoliticalStatus.FULL_MEMBER, PoliticalStatus.PROBATIONARY})


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


class OfficeMethod(Choice):
    """怎样担任。依据：1.5。"""

    ELECTED = "elected", "选举"
    APPOINTED = "appointed", "任命"
    BY_ELECTION = "by_election", "补选"
    DISPATCHED = "dispatched", "下派"


class EndReason(Choice):
    """为什么不再任职。依据：1.5、R-1-28、R-1-32。"""

    TERM_ENDED = "term_ended", "届满"
    RESIGNED = "resigned", "辞职"
    REMOVED = "removed", "免职"
    RECALLED = "recalled", "罢免"
    MOVED = "moved", "调离"
    DIED = "died", "去世"
    OTHER = "other", "其他"


class SourceCategory(Choice):
    """“四类人员”。依据：1.6（太白）。"""

    LOCAL_PROSPEROUS = "local_prosperous", "本村致富能手"
    RETURNEE = "returnee", "外出务工经商返乡人员"
    LOCAL_GRADUATE = "local_graduate", "本乡本土大学毕业生"
    VETERAN = "veteran", "退役军人"


SUPERVISION_POSTS = frozenset({OfficerPost.SUP_DIRECTOR, OfficerPost.SUP_MEMBER})
VILLAGE_COMMITTEE = frozenset(
    {
        OfficerPost.VC_DIRECTOR,
        OfficerPost.VC_DEPUTY,
        OfficerPost.VC_MEMBER,
        OfficerPost.COMMUNITY_DIRECTOR,
        OfficerPost.COMMUNITY_DEPUTY,
        OfficerPost.COMMUNITY_MEMBER,
    }
)
# Whoever holds one of these may not sit on the supervision committee (R-1-20).
BARRED_FROM_SUPERVISION = VILLAGE_COMMITTEE | {
    OfficerPost.CLERK,
    OfficerPost.CASHIER,
    OfficerPost.COOP_CHAIR,
}
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
            stem = name.removesuffix(tail)
            # 白云村村民委员会 is 白云村, not 白云村村.
            return stem if short and stem.endswith(short) else stem + short
    return name


def short_town_name(name: str) -> str:
    """What is left when people write it short: 龙泉土家族乡, 龙泉乡 and 龙泉 → 龙泉."""
    name = plain_name(name)
    stem = TOWN_TAIL.sub("", PEOPLES.sub("", name))
    return stem or name


UNIT_HEAD = re.compile(
    r"^(?:(?:中共)?[^县市区]{2,6}(?=县委)"
    r"|[^县市区]{2,6}县(?!委)|县(?!委)|[^县市区]{2,3}(?:市|(?<!社)区)(?!委))(?=..)"
)
COMPOUND_SURNAMES = frozenset(
    {
        "欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "东方", "令狐", "慕容", "司徒", "公孙",
        "长孙", "宇文", "夏侯", "端木", "南宫", "万俟",
    }
)  # fmt: skip


def core_of_place(short_name: str) -> str:
    """What people type to find a place: without its people, 龙泉土家族乡 → 龙泉乡."""
    return PEOPLES.sub("", plain_name(short_name))


def core_of_unit(name: str) -> str:
    """What people type to find a unit: without the county, 宣汉县财政局 → 财政局."""
    plain = plain_name(name)
    return UNIT_HEAD.sub("", plain) or plain


def given_name(name: str) -> str:
    """The name without the family name; a name of one character is all that there is."""
    head = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[head:] or name


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
    """龙泉土家族乡, 龙泉乡 and 龙泉 are one town; 三墩镇 and 三墩乡 are two."""
    if not one or not other:
        return False
    first, second = plain_name(one), plain_name(other)
    if first == second:
        return True
    first, second = PEOPLES.sub("", first), PEOPLES.sub("", second)
    if first == second:
        return True
    bare = short_town_name(first), short_town_name(second)
    return bare[0] == bare[1] and (first == bare[0] or second == bare[1])


class TownBook:
    """One name for each town, however it was written; the fullest spelling stands."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: list[str] = []
        for name in sorted(
            {plain_name(name) for name in names}, key=lambda name: (-len(name), name)
        ):
            if not any(same_within(name, known) for known in self.names):
                self.names.append(name)
        self._found: dict[str, str | None] = {}

    def find(self, text: str | None) -> str | None:
        if text is None:
            return None
        if text not in self._found:
            hits = (name for name in self.names if same_within(name, text))
            self._found[text] = next(hits, None)
        return self._found[text]

    def name_of(self, text: str | None) -> str | None:
        """The county's spelling, or the text itself where the town is not known."""
        if text is None:
            return None
        return self.find(text) or plain_name(text)


# --- registering --------------------------------------------------------------------------------

AUDIT_TEXTS = {
    "directory.place.created": "登记区划",
    "directory.place.changed": "修改区划",
    "directory.place.ended": "撤销区划建制",
    "directory.place.restored": "恢复区划",
    "directory.place_change.made": "办理区划变更",
    "directory.place_change.undone": "撤销区划变更",
    "directory.adjoining.created": "登记相邻乡镇",
    "directory.adjoining.removed": "撤销相邻乡镇",
    "directory.calendar.set": "设定工作日历",
    "directory.calendar.removed": "撤销工作日历设定",
    "directory.unit.created": "登记单位",
    "directory.unit.changed": "修改单位",
    "directory.person.created": "登记人员",
    "directory.person.changed": "修改人员信息",
    "directory.person.departed": "登记人员变动",
    "directory.person.conflict_explained": "说明登记与身份证号不一致的理由",
    "directory.person.revealed": "查看完整号码",
    "directory.person.merged": "并入另一条人员记录",
    "directory.person.kept": "合并重复的人员记录",
    "directory.person.led_on": "改指合并后的人员",
    "directory.person.merge_undone": "撤销人员合并",
    "directory.person.told_apart": "认定不是同一人",
    "directory.officer.created": "登记村干部任职",
    "directory.officer.described": "补充村干部任职情况",
    "directory.officer.ended": "登记村干部离任",
    "directory.relative.created": "登记近亲属关系",
    "directory.relative.removed": "撤销近亲属关系",
    "directory.setting.set": "登记县定标准",
    "directory.keys.started": "开始更换密钥",
    "directory.keys.rotated": "更换密钥",
    "directory.account.created": "建立账号",
    "directory.account.closed": "停用账号",
    "directory.account.activated": "启用账号",
    "directory.account.password_reset": "重设密码",
    "directory.account.password_changed": "修改自己的密码",
    "directory.account.role_granted": "授予身份",
    "directory.account.role_ended": "终止身份",
    "directory.account.role_reviewed": "核对身份，仍需要",
    "directory.account.period_changed": "调整身份起止",
    "directory.account.person_linked": "账号对应到人员",
    "directory.account.handed_on": "安排代理",
    "directory.account.unlocked": "解除登录锁定",
    "directory.account.factor_reset": "重置动态口令",
    "directory.account.identity_linked": "登记统一身份",
    "directory.account.sheet_taken": "取走初始密码单",
    "directory.account.role_led_on": "身份随村合并转到新村",
}
SYSTEM = "system"
REGISTRARS = ("county_org_admin", SYSTEM)
STAFF_REGISTRARS = ("county_org_admin", "county_org_staff", SYSTEM)
OFFICER_REGISTRARS = (*STAFF_REGISTRARS, "town_org")
PERSON_REGISTRARS = (*STAFF_REGISTRARS, "unit_party_admin")
# One village has one of each; a deputy or a member may stand beside another.
SINGLE_POSTS = frozenset(
    {
        OfficerPost.PARTY_SECRETARY,
        OfficerPost.VC_DIRECTOR,
        OfficerPost.SUP_DIRECTOR,
        OfficerPost.COOP_CHAIR,
        OfficerPost.COOP_SUP_CHAIR,
        OfficerPost.COMMUNITY_DIRECTOR,
    }
)


def refuse_role(role: str, roles: tuple[str, ...], act: str) -> tuple[Refusal, ...]:
    """Registering belongs to named roles, whatever page the request came from."""
    return () if role in roles else (Refusal("directory.wrong_role", f"您的角色不能{act}"),)


def refuse_place(*, name: str, level: str, code: str, code_taken: bool) -> tuple[Refusal, ...]:
    """A place has a name; a village's code is one of a village and unique in its edition.

    依据：R-1-01。
    """
    refusals = []
    if not name.strip():
        refusals.append(Refusal("directory.name_missing", "请填写名称"))
    if code and level == PlaceLevel.VILLAGE and not is_village_code(code):
        refusals.append(
            Refusal("directory.village_code", "村的区划代码应为 12 位数字，后三位不为 000")
        )
    if code_taken:
        refusals.append(Refusal("directory.code_taken", "同一版本中区划代码不能重复"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """What somebody writes about a person, and what the register already knows."""

    name: str
    today: date
    id_number: str = ""
    gender: str = ""
    birth_on: date | None = None
    work_started_on: date | None = None
    party_joined_on: date | None = None
    conflict_reason: str = ""
    kept: frozenset[str] = frozenset()  # fields that stay as they stand in the register
    number_taken: bool = False
    id_number_holder: str = ""
    alike: str = ""


def refuse_person(claim: PersonClaim) -> tuple[Refusal, ...]:
    """One person stands once in the register, and what is written fits the identity number.

    依据：R-1-03 至 R-1-05，VAL-01、VAL-02。
    """
    refusals = [*_refuse_identity(claim), *_refuse_dates(claim)]
    if not claim.name.strip():
        refusals.append(Refusal("directory.name_missing", "请填写姓名"))
    if claim.number_taken:
        refusals.append(Refusal("directory.number_taken", "人员编号已被使用"))
    if claim.id_number_holder:
        refusals.append(
            Refusal("directory.id_number_taken", f"身份证号已登记在{claim.id_number_holder}名下")
        )
    elif claim.alike:
        refusals.append(
            Refusal(
                "directory.person_twice",
                f"可能与已登记的{claim.alike}是同一人；确是另一人的，请填写人员编号",
            )
        )
    return tuple(refusals)


def _refuse_identity(claim: PersonClaim) -> list[Refusal]:
    if not claim.id_number:
        return []
    identity = read_identity(claim.id_number, today=claim.today)
    if isinstance(identity, Refusal):
        return [identity]
    if claim.conflict_reason.strip():
        return []
    refusals = []
    if _other_birth(claim, identity):
        refusals.append(
            Refusal(
                "directory.birth_conflict",
                "出生日期与身份证号不一致；档案确实如此的，由县委组织部在人员页面写明理由",
            )
        )
    if _other_gender(claim, identity):
        refusals.append(
            Refusal(
                "directory.gender_conflict",
                "性别与身份证号不一致；档案确实如此的，由县委组织部在人员页面写明理由",
            )
        )
    return refusals


def _other_birth(claim: PersonClaim, identity: Identity) -> bool:
    return "birth_on" not in claim.kept and claim.birth_on not in (None, identity.born_on)


def _other_gender(claim: PersonClaim, identity: Identity) -> bool:
    return "gender" not in claim.kept and claim.gender not in ("", identity.sex)


def needs_reason(claim: PersonClaim) -> bool:
    """Whether something is entered that differs from the identity number."""
    identity = read_identity(claim.id_number, today=claim.today) if claim.id_number else None
    return isinstance(identity, Identity) and (
        _other_birth(claim, identity) or _other_gender(claim, identity)
    )


def _refuse_dates(claim: PersonClaim) -> list[Refusal]:
    named = (
        ("出生日期", claim.birth_on),
        ("参加工作日期", claim.work_started_on),
        ("入党日期", claim.party_joined_on),
    )
    refusals = [
        Refusal("directory.date_in_future", f"{label}不能晚于今天")
        for label, day in named
        if day is not None and day > claim.today
    ]
    refusals += [
        Refusal("directory.date_before_birth", f"{label}不能早于出生日期")
        for label, day in named[1:]
        if day is not None and claim.birth_on is not None and day <= claim.birth_on
    ]
    return refusals


class Source(NamedTuple):
    """One of the four kinds that somebody belongs to, and what shows it."""

    category: str
    evidence: str


@dataclass(frozen=True, slots=True)
class OfficeClaim:
    """A post in a village as somebody registers it; `until` is the first day without it."""

    post: str
    since: date
    until: date | None
    today: date
    is_village: bool = True
    held_already: bool = False
    holder: str = ""
    sources: tuple[Source, ...] = ()
    beside: frozenset[str] = frozenset()  # what the person holds there already
    related: frozenset[str] = frozenset()  # what near relatives hold there


def refuse_office(claim: OfficeClaim) -> tuple[Refusal, ...]:
    """Nobody holds the same post twice, and a post for one has one holder.

    依据：1.5、VAL-05。
    """
    refusals = []
    if not claim.is_village:
        refusals.append(Refusal("directory.not_a_village", "只能登记在村或社区任职"))
    if claim.held_already and claim.until is None:
        refusals.append(Refusal("directory.office_twice", "同一职务不能重复任职"))
    elif claim.holder and claim.until is None and claim.post in SINGLE_POSTS:
        label = OfficerPost(claim.post).label
        refusals.append(
            Refusal("directory.office_occupied", f"现任{label}是{claim.holder}，请先登记其离任日期")
        )
    if claim.since > claim.today:
        refusals.append(Refusal("directory.since_in_future", "任职日期不能晚于今天"))
    return (
        *refusals,
        *refuse_sources(claim.sources),
        *(() if claim.until else refuse_incompatible(claim)),
        *refuse_to_end_office(since=claim.since, until=claim.until),
    )


def refuse_incompatible(claim: OfficeClaim) -> tuple[Refusal, ...]:
    """Who watches over a committee is none of its members, nor near to one.

    依据：R-1-20、VAL-07。
    """
    refusals = []
    if _meet(claim.post, claim.beside, BARRED_FROM_SUPERVISION):
        refusals.append(
            Refusal(
                "directory.supervisor_post",
                "村委会成员、文书、报账员和理事长不能任村务监督委员会成员",
            )
        )
    if _meet(claim.post, claim.related, VILLAGE_COMMITTEE):
        refusals.append(Refusal("directory.supervisor_related", "村务监督委员会成员须回避近亲属"))
    return tuple(refusals)


def _meet(post: str, others: frozenset[str], barred: frozenset[OfficerPost]) -> bool:
    """Whether a post of supervision and a barred one come together, whichever is the new one."""
    watches, is_barred = post in SUPERVISION_POSTS, post in barred
    return (watches and bool(others & barred)) or (is_barred and bool(others & SUPERVISION_POSTS))


def refuse_sources(sources: Iterable[Source]) -> tuple[Refusal, ...]:
    """Each of the four kinds stands once and with what shows it. 依据：R-1-24。"""
    labels = dict(SourceCategory.choices())
    refusals, seen = [], set[str]()
    for category, evidence in sources:
        label = labels.get(category, category)
        if category not in labels or category in seen:
            refusals.append(Refusal("directory.source_category", f"四类人员类别不对：{label}"))
        elif not evidence.strip():
            refusals.append(Refusal("directory.source_evidence", f"属于{label}的，请写明佐证"))
        seen.add(category)
    return tuple(refusals)


def refuse_to_end_office(
    *, since: date, until: date | None, ended: bool = False
) -> tuple[Refusal, ...]:
    if ended:
        return (Refusal("directory.office_ended", "这项任职已经结束"),)
    if until is not None and until <= since:
        return (Refusal("directory.until_before_since", "离任日期应晚于任职日期"),)
    return ()


def refuse_relative(*, oneself: bool, known: bool) -> tuple[Refusal, ...]:
    """依据：R-1-06。A relation is read in both directions, so it is entered once."""
    refusals = []
    if oneself:
        refusals.append(Refusal("directory.relative_oneself", "不能与本人登记亲属关系"))
    if known:
        refusals.append(Refusal("directory.relative_known", "这两人的关系已登记"))
    return tuple(refusals)


def refuse_unit(*, name: str, credit_code: str, taken: bool) -> tuple[Refusal, ...]:
    """A unit has a name of its own in its county, and its credit code, where given, is one.

    依据：R-1-07、VAL-03。
    """
    refusals = []
    if not name.strip():
        refusals.append(Refusal("directory.name_missing", "请填写单位名称"))
    if taken:
        refusals.append(Refusal("directory.unit_twice", "本县已有同名单位"))
    if credit_code and not is_credit_code(credit_code):
        refusals.append(Refusal("directory.credit_code", "统一社会信用代码校验不通过"))
    return tuple(refusals)


CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_credit_code(code: str) -> bool:
    """18 位，末位校验（GB 32100）。依据：R-1-07。"""
    if len(code) != 18 or any(character not in CREDIT_CHARACTERS for character in code):
        return False
    total = sum(
        CREDIT_CHARACTERS.index(character) * pow(3, place, 31)
        for place, character in enumerate(code[:17])
    )
    return CREDIT_CHARACTERS[(31 - total % 31) % 31] == code[17]
