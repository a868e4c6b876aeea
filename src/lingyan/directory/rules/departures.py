"""Who no longer stands in the register as he did, and what ends with that (G-28)?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lingyan.common import gates
from lingyan.common.choices import Choice
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.directory.rules import OfficerPost


class Departure(Choice):
    """人员变动。依据：G-28。"""

    MOVED = "moved", "调离本县"
    DIED = "died", "去世"
    PARTY_LOST = "party_lost", "不再是中共党员"
    TRANSFERRED = "transferred", "调到其他单位"


# A transfer and the loss of membership are seen in the record itself; these somebody registers.
REGISTERED = (Departure.MOVED, Departure.DIED, Departure.PARTY_LOST)
GONE = (Departure.MOVED, Departure.DIED)
DOCUMENT_MAX = 120
POST_ENDED = "directory.office.ended"
POSTS_OF_ROLE: Mapping[Role, frozenset[OfficerPost]] = {
    Role.VILLAGE_SECRETARY: frozenset({OfficerPost.PARTY_SECRETARY}),
    Role.VILLAGE_ORG: frozenset({OfficerPost.PARTY_DEPUTY, OfficerPost.PARTY_COMMITTEE_MEMBER}),
    Role.VILLAGE_CASHIER: frozenset({OfficerPost.CASHIER}),
    Role.VILLAGE_SUPERVISOR: frozenset({OfficerPost.SUP_DIRECTOR}),
    Role.COOP_CHAIR: frozenset({OfficerPost.COOP_CHAIR}),
    Role.COOP_SUPERVISOR: frozenset({OfficerPost.COOP_SUP_CHAIR, OfficerPost.COOP_SUPERVISOR}),
}
"""Which posts in a village stand behind a role there: with the last of them the role ends."""


def closing_days(act: str) -> int:
    """In how many days what hangs on the person is settled; 0 where nothing follows (G-28)."""
    found = gates.triggered(act, {gates.Fact.WORK_OVER: True})
    return max((line.days for _, line in found), default=0)


def act_of(kind: str) -> str:
    return f"directory.person.{kind}"


def refuse_departure(
    *, kind: str, on: date, document: str, today: date, is_gone: bool, is_member: bool,
    is_last_administrator: bool,
) -> tuple[Refusal, ...]:  # fmt: skip
    """What happened, when, by which paper. 依据：G-28、R-0-18。"""
    found = []
    if is_gone:
        found.append(Refusal("directory.departure.known", "已经登记过调离或去世"))
    if kind == Departure.PARTY_LOST and not is_member:
        found.append(Refusal("directory.departure.not_a_member", "登记的政治面貌不是中共党员"))
    if on > today:
        found.append(Refusal("directory.departure.day", "日期不能晚于今天"))
    if not document.strip():
        found.append(Refusal("directory.departure.document", "请写明文件或证明，没有的写“无文件”"))
    if is_last_administrator:
        found.append(
            Refusal(
                "directory.departure.last_administrator",
                "该同志是唯一的系统管理员，请先把身份授予别人",
            )
        )
    return tuple(found)
