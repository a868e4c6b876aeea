"""Which checks, need lists and recommendations wait for this person?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import WorkItem
from lingyan.posting.queries import needs, people
from lingyan.posting.rules import HealthCheckState, PoolState

STAFF = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN)
TOWN = (Role.TOWN_ORG, Role.TOWN_SECRETARY)


def worklist(actor: Actor) -> list[WorkItem]:
    """One line for each kind of thing that waits, with its number."""
    if actor.holds(*STAFF):
        return [*_of_staff(actor), *_of_pool(actor)]
    if actor.holds(Role.COUNTY_AGRI):
        return _of_agriculture(actor)
    if actor.holds(*TOWN, Role.VILLAGE_SECRETARY):
        return _of_town(actor)
    return []


def _line(title: str, detail: str, count: int, url_name: str, **query: str) -> list[WorkItem]:
    if not count:
        return []
    url = f"{reverse(url_name)}?{urlencode(query)}" if query else reverse(url_name)
    return [WorkItem(f"{count} {title}", detail, url)]


def _of_staff(actor: Actor) -> list[WorkItem]:
    counts = needs.count_checks(actor.scope, clock.today().year)
    return [
        *_line(
            "个村的体检已提交",
            "送部门会商，或退回修改",
            counts.get(HealthCheckState.SUBMITTED, 0),
            "health_check_list",
            state=HealthCheckState.SUBMITTED.value,
        ),
        *_line(
            "个村的体检在会商",
            "意见齐全的，请确认村类型",
            counts.get(HealthCheckState.JOINT_REVIEW, 0),
            "health_check_list",
            state=HealthCheckState.JOINT_REVIEW.value,
        ),
        *_line(
            "个村的需求清单待下达",
            "核对名额和所需能力后下达",
            needs.count_need_lists_to_issue(actor.scope),
            "need_list_list",
            state="confirmed",
        ),
    ]


def _of_pool(actor: Actor) -> list[WorkItem]:
    counts = people.count_pool(actor.scope)
    return [
        *_line(
            "名推荐人选待审核",
            "单位已推荐，请审核申报情况和佐证",
            counts.get(PoolState.RECOMMENDED, 0),
            "pool_list",
            state=PoolState.RECOMMENDED.value,
        ),
        *_line(
            "名人选审核通过，待入库",
            "能力画像有内容的，请办理入库",
            counts.get(PoolState.REVIEWED, 0),
            "pool_list",
            state=PoolState.REVIEWED.value,
        ),
    ]


def _of_agriculture(actor: Actor) -> list[WorkItem]:
    return _line(
        "个村的体检等您会商",
        "填写农业农村局的意见",
        needs.count_opinions_missing(actor.scope),
        "health_check_list",
        state=HealthCheckState.JOINT_REVIEW.value,
    )


def _of_town(actor: Actor) -> list[WorkItem]:
    counts = needs.count_checks(actor.scope, clock.today().year)
    drafts = counts.get(HealthCheckState.DRAFT, 0)
    unstarted = needs.count_villages(actor.scope) - sum(counts.values())
    return [
        *_line(
            "个村的体检没有填完" if actor.holds(Role.VILLAGE_SECRETARY) else "个村的体检待提交",
            "16 项都打分后由乡镇提交",
            drafts,
            "health_check_list",
            state=HealthCheckState.DRAFT.value,
        ),
        *_line(
            "个村还没有开始今年的体检",
            "每村每年一次，手机上几分钟可以填完",
            unstarted,
            "health_check_list",
            state=needs.NO_CHECK,
        ),
    ]
