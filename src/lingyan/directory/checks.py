"""Which records of the register contradict each other? One table of checks, one query each."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lingyan.common import clock
from lingyan.directory.models import (
    AdjoiningTowns,
    OrganizationStep,
    PartyOrganization,
    Person,
    Place,
    PlaceSuccession,
    Relative,
    RoleAssignment,
    Unit,
    VillageOfficer,
)
from lingyan.directory.rules import OfficerPost, PlaceLevel
from lingyan.directory.rules.organizations import OrganizationKind, OrganizationState
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.models import User
from lingyan.platform.checks.table import INSTALLATION, Check, Severity

MUST, LOOK, NOTE = Severity.MUST, Severity.LOOK, Severity.NOTE
OLDEST_BIRTH_YEAR = 1900
WORKING_AGE, PARTY_AGE, OFFICE_AGE = 15, 18, 18
BRANCH_MIN, BRANCH_MAX = 3, 50
PARENT_OF = {
    PlaceLevel.TOWNSHIP: PlaceLevel.COUNTY,
    PlaceLevel.VILLAGE: PlaceLevel.TOWNSHIP,
}
PARTY_POSTS = (
    OfficerPost.PARTY_SECRETARY,
    OfficerPost.PARTY_DEPUTY,
    OfficerPost.PARTY_COMMITTEE_MEMBER,
)
COMMITTEE_POSTS = (*PARTY_POSTS, OfficerPost.VC_DIRECTOR, OfficerPost.VC_DEPUTY,
                   OfficerPost.VC_MEMBER)  # fmt: skip
SUPERVISORS = (OfficerPost.SUP_DIRECTOR, OfficerPost.SUP_MEMBER)
MEMBERS = ("full_member", "probationary")
ENDED = (OrganizationState.MERGED, OrganizationState.DISSOLVED)


# --- places and units -----------------------------------------------------------------------------


def _places(scope: Scope) -> QuerySet[Place]:
    return Place.objects.filter(place_q(scope, "")).select_related("parent")


def _live(scope: Scope) -> QuerySet[Place]:
    return _places(scope).filter(ended_on__isnull=True)


def _villages(scope: Scope) -> QuerySet[Place]:
    return _live(scope).filter(level=PlaceLevel.VILLAGE)


def _place_of_wrong_level(scope: Scope) -> QuerySet[Place]:
    wrong = Q(pk__in=())
    for level, parent in PARENT_OF.items():
        wrong |= Q(level=level) & ~Q(parent__level=parent)
    return _live(scope).filter(wrong, parent__isnull=False)


def _place_twice(scope: Scope) -> QuerySet[Place]:
    twin = Place.objects.filter(
        parent=OuterRef("parent"), short_name=OuterRef("short_name"), ended_on__isnull=True
    ).exclude(pk=OuterRef("pk"))
    return _live(scope).filter(Exists(twin), parent__isnull=False)


def _ended_without_successor(scope: Scope) -> QuerySet[Place]:
    followed = PlaceSuccession.objects.filter(predecessor=OuterRef("pk"))
    return _places(scope).filter(~Exists(followed), ended_on__isnull=False)


def _units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.filter(place_q(scope, "place__")).select_related("place")


def _credit_code_twice(scope: Scope) -> QuerySet[Unit]:
    twin = Unit.objects.filter(credit_code=OuterRef("credit_code")).exclude(pk=OuterRef("pk"))
    return _units(scope).filter(Exists(twin)).exclude(credit_code="")


def _adjoining(scope: Scope) -> QuerySet[AdjoiningTowns]:
    return AdjoiningTowns.objects.filter(
        place_q(scope, "first__") | place_q(scope, "second__")
    ).select_related("first", "second")


def _adjoining_no_towns(scope: Scope) -> QuerySet[AdjoiningTowns]:
    town = PlaceLevel.TOWNSHIP
    same = Q(first=F("second")) | ~Q(first__level=town) | ~Q(second__level=town)
    return _adjoining(scope).filter(same)


PLACES = (
    Check(
        "directory.place_without_parent", MUST, "乡镇、村没有上级",
        "管辖范围按上级推算，没有上级的地方谁也看不到。", "在区划里补上所属的县或乡镇。",
        lambda scope: _live(scope).filter(parent__isnull=True, level__in=tuple(PARENT_OF)),
        "place", where="parent",
    ),
    Check(
        "directory.place_of_wrong_level", MUST, "上级的级别不对（村不属于乡镇，乡镇不属于县）",
        "按乡镇汇总的数会漏掉它。", "办理区划变更，调整到正确的上级。",
        _place_of_wrong_level, "place", where="parent",
    ),
    Check(
        "directory.place_outside_parent", MUST, "区划路径不在上级之下",
        "上级的账号看不到这个地方的记录。", "办理一次区划变更，路径随之重排。",
        lambda scope: _places(scope).filter(parent__isnull=False).exclude(
            path__startswith=F("parent__path")
        ),
        "place", where="parent",
    ),
    Check(
        "directory.place_under_ended", MUST, "上级已撤销，本身还在",
        "名单和统计里会挂在一个已经没有的地方下面。", "办理区划变更，划到承继的乡镇。",
        lambda scope: _live(scope).filter(parent__ended_on__isnull=False),
        "place", where="parent",
    ),
    Check(
        "directory.place_twice", MUST, "同一上级下有两个同名的地方",
        "表格只写村名时分不清是哪一个。", "核实是不是重复登记；确为两个的，改简称加以区别。",
        _place_twice, "place", where="parent",
    ),
    Check(
        "directory.place_ended_without_successor", LOOK, "已撤销，没有登记并入哪里",
        "历史记录不知道由谁接着管。", "查批复，办理区划变更补登承继关系。",
        _ended_without_successor, "place", where="parent",
    ),
    Check(
        "directory.place_code_malformed", LOOK, "区划代码不是 12 位数字",
        "与统计、民政的数据对不上。", "按最新一版统计用区划代码更正。",
        lambda scope: _live(scope).exclude(code="").exclude(code__regex=r"^[0-9]{12}$"),
        "place", where="parent",
    ),
    Check(
        "directory.village_without_code", NOTE, "村没有区划代码",
        "用代码导入表格时认不出它。", "在区划里补上 12 位代码和版本。",
        lambda scope: _villages(scope).filter(code=""), "place", where="parent",
    ),
    Check(
        "directory.place_ended_before_begun", MUST, "撤销日期早于设立日期",
        "按日期查询时它从来没有存在过。", "按批复更正两个日期。",
        lambda scope: _places(scope).filter(ended_on__lt=F("since")), "place", where="parent",
    ),
    Check(
        "directory.adjoining_no_towns", MUST, "相邻乡镇登记的不是两个不同的乡镇",
        "推算远近时会算错。", "删去这一条，重新登记。",
        _adjoining_no_towns, "adjoining_list", "",
    ),
    Check(
        "directory.unit_credit_code_twice", MUST, "两个单位用同一个统一社会信用代码",
        "多半是同一个单位登记了两次，选派、结对会各算各的。", "核实后改正代码，或只留一个单位。",
        _credit_code_twice, "unit", where="place",
    ),
    Check(
        "directory.unit_of_ended_place", LOOK, "单位所在地已撤销",
        "承继的乡镇看不到这个单位。", "把所在地改为承继的乡镇或村。",
        lambda scope: _units(scope).filter(place__ended_on__isnull=False), "unit", where="place",
    ),
)  # fmt: skip


# --- people and offices ---------------------------------------------------------------------------


def _people(scope: Scope) -> QuerySet[Person]:
    return Person.objects.filter(
        place_q(scope, "place__"), merged_into__isnull=True
    ).select_related("place")


def _born_when(scope: Scope) -> QuerySet[Person]:
    wrong = Q(birth_on__gt=clock.today()) | Q(birth_on__year__lt=OLDEST_BIRTH_YEAR)
    return _people(scope).filter(wrong)


def _merged(scope: Scope) -> QuerySet[Person]:
    return Person.objects.filter(
        place_q(scope, "place__"), merged_into__isnull=False
    ).select_related("place", "merged_into")


def _offices(scope: Scope) -> QuerySet[VillageOfficer]:
    return VillageOfficer.objects.filter(place_q(scope, "village__")).select_related(
        "person", "village"
    )


def _held(scope: Scope) -> QuerySet[VillageOfficer]:
    return _offices(scope).filter(until__isnull=True)


def _held_twice(*posts: OfficerPost) -> Any:
    """Two people hold at once what one person holds."""

    def rows(scope: Scope) -> QuerySet[VillageOfficer]:
        other = VillageOfficer.objects.filter(
            village=OuterRef("village"), post__in=posts, until__isnull=True
        ).exclude(pk=OuterRef("pk"))
        return _held(scope).filter(Exists(other), post__in=posts)

    return rows


def _relatives(scope: Scope) -> QuerySet[Relative]:
    return Relative.objects.filter(place_q(scope, "person__place__")).select_related(
        "person", "person__place", "other"
    )


def _told_twice(scope: Scope) -> QuerySet[Relative]:
    other = Relative.objects.filter(person=OuterRef("other"), other=OuterRef("person"))
    return _relatives(scope).filter(Exists(other))


def _supervisor_of_relatives(scope: Scope) -> QuerySet[Relative]:
    """One supervises, the other sits in a committee of the same village (VAL-07)."""

    def watches(one: str, other: str) -> Exists:
        return Exists(
            VillageOfficer.objects.filter(
                person=OuterRef(one),
                post__in=SUPERVISORS,
                until__isnull=True,
                village__officers__person=OuterRef(other),
                village__officers__post__in=COMMITTEE_POSTS,
                village__officers__until__isnull=True,
            )
        )

    return _relatives(scope).filter(Q(watches("person", "other")) | Q(watches("other", "person")))


def _clerk_supervises(scope: Scope) -> QuerySet[VillageOfficer]:
    other = VillageOfficer.objects.filter(
        person=OuterRef("person"), village=OuterRef("village"), until__isnull=True,
        post__in=(*COMMITTEE_POSTS[3:], OfficerPost.CLERK, OfficerPost.CASHIER,
                  OfficerPost.COOP_CHAIR),
    )  # fmt: skip
    return _held(scope).filter(Exists(other), post__in=SUPERVISORS)


PEOPLE = (
    Check(
        "directory.person_born_when", MUST, "出生日期在今天以后或早于 1900 年",
        "年龄、退休年限都会算错。", "对照身份证件更正出生日期。",
        _born_when, "person", where="place", who="self",
    ),
    Check(
        "directory.person_worked_as_child", MUST, "参加工作时不满 15 岁",
        "工作年限是选派的硬条件，会算多。", "对照档案更正出生日期或参加工作日期。",
        lambda scope: _people(scope).filter(
            work_started_on__year__lt=F("birth_on__year") + WORKING_AGE
        ),
        "person", where="place", who="self",
    ),
    Check(
        "directory.person_member_as_child", MUST, "入党时不满 18 岁",
        "党龄是选派和任职的条件，会算多。", "对照入党志愿书更正日期。",
        lambda scope: _people(scope).filter(
            party_joined_on__year__lt=F("birth_on__year") + PARTY_AGE
        ),
        "person", where="place", who="self",
    ),
    Check(
        "directory.member_without_day", NOTE, "中共党员没有入党日期",
        "党龄算不出来，选派时列为待核实。", "补上入党日期。",
        lambda scope: _people(scope).filter(
            political_status__in=MEMBERS, party_joined_on__isnull=True
        ),
        "person", where="place", who="self",
    ),
    Check(
        "directory.day_without_member", LOOK, "有入党日期，政治面貌却不是中共党员",
        "资格审查看政治面貌，会把人挡在外面。", "核实后更正其中一项。",
        lambda scope: _people(scope).filter(party_joined_on__isnull=False).exclude(
            political_status__in=(*MEMBERS, "")
        ),
        "person", where="place", who="self",
    ),
    Check(
        "directory.person_of_ended_place", LOOK, "管理所在地已撤销",
        "承继的乡镇看不到这个人。", "把管理所在地改为承继的地方。",
        lambda scope: _people(scope).filter(place__ended_on__isnull=False),
        "person", where="place", who="self",
    ),
    Check(
        "directory.merged_into_merged", MUST, "并入的记录本身又已并入别人",
        "旧编号找不到现在的人。", "在疑似重复的人员里撤销后一次合并，重新合并到最后的记录。",
        lambda scope: _merged(scope).filter(merged_into__merged_into__isnull=False),
        "duplicate_list", "", where="place", who="self",
    ),
    Check(
        "directory.merged_in_office", MUST, "已并入别人的记录还有职务",
        "村干部名单里同一个人出现两次。", "撤销这次合并，重新合并，职务随人转过去。",
        lambda scope: _held(scope).filter(person__merged_into__isnull=False),
        "committee", "village_id", where="village", who="person",
    ),
    Check(
        "directory.office_of_no_village", MUST, "任职的地方不是村（社区）",
        "村干部名单和换届都以村为单位。", "结束这条任职，在村里重新登记。",
        lambda scope: _offices(scope).exclude(village__level=PlaceLevel.VILLAGE),
        "officer_list", "", where="village", who="person",
    ),
    Check(
        "directory.office_of_ended_village", MUST, "村已撤销，职务还没有结束",
        "撤销的村还有“在任”的干部。", "按批复登记离任日期，需要的在新村登记任职。",
        lambda scope: _held(scope).filter(village__ended_on__isnull=False),
        "officer_list", "", where="village", who="person",
    ),
    Check(
        "directory.office_to_come", LOOK, "任职日期在今天以后",
        "还没有上任，名单和统计里已经算在任。", "核对批复，更正任职日期。",
        lambda scope: _offices(scope).filter(since__gt=clock.today()),
        "committee", "village_id", where="village", who="person",
    ),
    Check(
        "directory.office_as_child", MUST, "任职时不满 18 岁",
        "多半是日期写错，平均年龄会算低。", "更正出生日期或任职日期。",
        lambda scope: _offices(scope).filter(
            since__year__lt=F("person__birth_on__year") + OFFICE_AGE
        ),
        "officer_list", "", where="village", who="person",
    ),
    Check(
        "directory.office_ended_without_reason", NOTE, "已离任，没有写离任原因",
        "换届和调整的统计缺这一项。", "在村干部里补上离任原因。",
        lambda scope: _offices(scope).filter(until__isnull=False, end_reason=""),
        "officer_list", "", where="village", who="person",
    ),
    Check(
        "directory.two_secretaries", MUST, "一个村同时有两名书记",
        "一肩挑、空缺和召集人都算不准。", "给离任的一名登记离任日期。",
        _held_twice(OfficerPost.PARTY_SECRETARY),
        "committee", "village_id", where="village", who="person",
    ),
    Check(
        "directory.two_directors", MUST, "一个村（社区）同时有两名主任",
        "一肩挑和空缺都算不准。", "给离任的一名登记离任日期。",
        _held_twice(OfficerPost.VC_DIRECTOR, OfficerPost.COMMUNITY_DIRECTOR),
        "committee", "village_id", where="village", who="person",
    ),
    Check(
        "directory.two_chairs", MUST, "一个村同时有两名理事长",
        "三职一肩挑算不准，集体经济也不知道由谁负责。", "给离任的一名登记离任日期。",
        _held_twice(OfficerPost.COOP_CHAIR),
        "committee", "village_id", where="village", who="person",
    ),
    Check(
        "directory.party_post_of_no_member", MUST, "村党组织职务由非中共党员担任",
        "党组织职务只能由党员担任。", "核实政治面貌；确实不是党员的，结束这项职务。",
        lambda scope: _held(scope).filter(post__in=PARTY_POSTS).exclude(
            person__political_status__in=(*MEMBERS, "")
        ),
        "officer_list", "", where="village", who="person",
    ),
    Check(
        "directory.supervisor_is_manager", MUST, "村务监督成员兼任村委会、文书、报账员或理事长",
        "自己监督自己（R-1-20）。", "结束其中一项职务。",
        _clerk_supervises, "committee", "village_id", where="village", who="person",
    ),
    Check(
        "directory.supervisor_of_relatives", MUST, "村务监督成员与同村两委成员是近亲属",
        "村务监督委员会成员须回避近亲属（R-1-20）。", "核实亲属关系，调整其中一人的职务。",
        _supervisor_of_relatives, "person", "person_id", where="person.place", who="person",
    ),
    Check(
        "directory.relation_told_twice", LOOK, "同一对亲属登记了两次",
        "一处改了另一处没改，就会互相矛盾。", "在人员页面删去其中一条。",
        _told_twice, "person", "person_id", where="person.place", who="person",
    ),
)  # fmt: skip


# --- Party organizations --------------------------------------------------------------------------


def _organizations(scope: Scope) -> QuerySet[PartyOrganization]:
    return PartyOrganization.objects.filter(place_q(scope, "place__")).select_related("place")


def _standing(scope: Scope) -> QuerySet[PartyOrganization]:
    return _organizations(scope).filter(state=OrganizationState.ACTIVE)


def _without_document(scope: Scope) -> QuerySet[PartyOrganization]:
    approved = OrganizationStep.objects.filter(organization=OuterRef("pk")).exclude(
        document_number=""
    )
    return _standing(scope).filter(~Exists(approved))


BRANCHES = (OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH, OrganizationKind.CHAIN_BRANCH)

ORGANIZATIONS = (
    Check(
        "directory.organization_own_parent", MUST, "党组织的上级是它自己",
        "组织体系成了一个圈，汇总不出来。", "改为真正的上级党组织。",
        lambda scope: _organizations(scope).filter(parent=F("pk")),
        "organization_detail", where="place",
    ),
    Check(
        "directory.organization_under_ended", MUST, "上级党组织已撤销或合并，本身还在",
        "这个党组织没有人管。", "改为承继的上级党组织。",
        lambda scope: _organizations(scope).filter(parent__state__in=ENDED).exclude(
            state__in=ENDED
        ),
        "organization_detail", where="place",
    ),
    Check(
        "directory.organization_without_first_day", MUST, "正常运行的党组织没有成立日期",
        "届期从成立日期算起，到期提醒不会来。", "对照批复补上成立日期。",
        lambda scope: _standing(scope).filter(since__isnull=True),
        "organization_detail", where="place",
    ),
    Check(
        "directory.organization_ended_in_name", MUST, "状态已撤销或合并，没有撤销日期（或相反）",
        "按日期查询时它还在。", "对照批复办理撤销，填上日期。",
        lambda scope: _organizations(scope).filter(
            Q(state__in=ENDED, until__isnull=True) | (~Q(state__in=ENDED) & Q(until__isnull=False))
        ),
        "organization_detail", where="place",
    ),
    Check(
        "directory.organization_merged_nowhere", LOOK, "已合并，没有写并入哪个党组织",
        "历史记录不知道由谁接着管。", "补上并入的党组织。",
        lambda scope: _organizations(scope).filter(
            state=OrganizationState.MERGED, merged_into__isnull=True
        ),
        "organization_detail", where="place",
    ),
    Check(
        "directory.organization_without_document", LOOK, "正常运行的党组织没有批复文号",
        "村级党组织的设立要由乡镇党委以上批准（R-1-12）。", "补登批复文号。",
        _without_document, "organization_detail", where="place",
    ),
    Check(
        "directory.branch_too_small", LOOK, "党支部正式党员不足 3 人",
        "不足 3 名正式党员的应与邻近单位建联合支部（R-1-10）。", "核对党员数，或办理组织调整。",
        lambda scope: _standing(scope).filter(
            kind=OrganizationKind.BRANCH, member_count__lt=BRANCH_MIN
        ),
        "organization_detail", where="place",
    ),
    Check(
        "directory.branch_too_large", NOTE, "党支部党员超过 50 人",
        "一般不超过 50 人，超过的可以设党总支（R-1-11、R-1-14）。", "核对党员数，考虑设党总支。",
        lambda scope: _standing(scope).filter(kind__in=BRANCHES, member_count__gt=BRANCH_MAX),
        "organization_detail", where="place",
    ),
    Check(
        "directory.organization_of_ended_place", LOOK, "党组织所在地已撤销",
        "承继的乡镇看不到这个党组织。", "办理组织调整，改到承继的地方。",
        lambda scope: _organizations(scope).filter(place__ended_on__isnull=False).exclude(
            state__in=ENDED
        ),
        "organization_detail", where="place",
    ),
)  # fmt: skip


# --- roles ----------------------------------------------------------------------------------------


def _roles_in_force(_: Scope) -> QuerySet[RoleAssignment]:
    """Of the installation: whoever keeps the accounts sees them all."""
    today = clock.today()
    return RoleAssignment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), since__lte=today
    ).select_related("user", "place", "unit")


def _without_role(_: Scope) -> QuerySet[User]:
    today = clock.today()
    roles = RoleAssignment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), user=OuterRef("pk")
    )
    return User.objects.filter(~Exists(roles), is_active=True)


ROLES = (
    Check(
        "directory.account_without_role", LOOK, "账号启用着，没有任何有效的身份",
        "能登录而不能办事，多半是忘了停用。", "授予身份，或停用账号。",
        _without_role, "account", roles=INSTALLATION,
    ),
    Check(
        "directory.role_of_ended_place", MUST, "身份的管辖地已撤销",
        "这个账号看不到承继地方的记录。", "结束这项身份，在承继的地方重新授予。",
        lambda scope: _roles_in_force(scope).filter(place__ended_on__isnull=False),
        "account", "user_id", where="place", roles=INSTALLATION,
    ),
    Check(
        "directory.role_of_closed_account", LOOK, "账号已停用，身份还有效",
        "账号一启用就能办理，授权时没有人再看过。", "结束不再需要的身份。",
        lambda scope: _roles_in_force(scope).filter(user__is_active=False),
        "account", "user_id", where="place", roles=INSTALLATION,
    ),
)  # fmt: skip

CHECKS = (*PLACES, *PEOPLE, *ORGANIZATIONS, *ROLES)
