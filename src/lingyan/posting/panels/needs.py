"""Which checks, need lists and recommendations wait for this person; what is known of a village?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import Waiting, page_of
from lingyan.posting.facts_of_neighbours import known_of_village
from lingyan.posting.models import HealthCheck
from lingyan.posting.queries import needs, people
from lingyan.posting.rules import HealthCheckState, PoolState
from lingyan.posting.rules.assessments import offered_evidence

STAFF = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN)
TOWN = (Role.TOWN_ORG, Role.TOWN_SECRETARY)


def kinds(actor: Actor) -> Iterable[Waiting]:
    if actor.holds(*STAFF):
        return (*_of_staff(actor), *_of_pool(actor))
    if actor.holds(Role.COUNTY_AGRI):
        return (_of_agriculture(actor),)
    if actor.holds(*TOWN, Role.VILLAGE_SECRETARY):
        return _of_town(actor)
    return ()


def _of_staff(actor: Actor) -> tuple[Waiting, ...]:
    year = clock.today().year
    return (
        Waiting(
            "个村的体检已提交",
            "送部门会商，或退回修改",
            needs.list_checks_in(actor.scope, year, HealthCheckState.SUBMITTED),
            page_of("health_check_list", state=HealthCheckState.SUBMITTED.value),
        ),
        Waiting(
            "个村的体检在会商",
            "意见齐全的，请确认村类型",
            needs.list_checks_in(actor.scope, year, HealthCheckState.JOINT_REVIEW),
            page_of("health_check_list", state=HealthCheckState.JOINT_REVIEW.value),
        ),
        Waiting(
            "个村的需求清单待下达",
            "核对名额和所需能力后下达",
            needs.need_lists_to_issue(actor.scope),
            page_of("need_list_list", state="confirmed"),
        ),
    )


def _of_pool(actor: Actor) -> tuple[Waiting, ...]:
    return (
        Waiting(
            "名推荐人选待审核",
            "单位已推荐，请审核申报情况和佐证",
            people.list_pool_in(actor.scope, PoolState.RECOMMENDED),
            page_of("pool_list", state=PoolState.RECOMMENDED.value),
        ),
        Waiting(
            "名人选审核通过，待入库",
            "能力画像有内容的，请办理入库",
            people.list_pool_in(actor.scope, PoolState.REVIEWED),
            page_of("pool_list", state=PoolState.REVIEWED.value),
        ),
    )


def _of_agriculture(actor: Actor) -> Waiting:
    return Waiting(
        "个村的体检等您会商",
        "填写农业农村局的意见",
        needs.list_opinions_missing(actor.scope),
        page_of("health_check_list", state=HealthCheckState.JOINT_REVIEW.value),
    )


def _of_town(actor: Actor) -> tuple[Waiting, ...]:
    year = clock.today().year
    return (
        Waiting(
            "个村的体检没有填完" if actor.holds(Role.VILLAGE_SECRETARY) else "个村的体检待提交",
            "16 项都打分后由乡镇提交",
            needs.list_checks_in(actor.scope, year, HealthCheckState.DRAFT),
            page_of("health_check_list", state=HealthCheckState.DRAFT.value),
        ),
        Waiting(
            "个村还没有开始今年的体检",
            "每村每年一次，手机上几分钟可以填完",
            needs.list_unchecked_villages(actor.scope, year),
            page_of("health_check_list", state=needs.NO_CHECK),
        ),
    )


def evidence_of(check: HealthCheck) -> dict[str, tuple[str, ...]]:
    """What the system offers beside each item: the register, last year, and the other modules."""
    today = clock.today()
    known = needs.village_evidence(check.village, year=check.year, as_of=today)
    of_neighbours = known_of_village(check.village_id, today)
    return offered_evidence(replace(known, of_neighbours=of_neighbours))
