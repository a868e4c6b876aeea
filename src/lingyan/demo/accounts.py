"""Which accounts does a first start make, and where are their passwords?

Passwords are random, made once, and kept in the data folder only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from lingyan.directory.actions import accounts
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.passwords import random_password

FILE_NAME = "accounts.txt"
# What a newcomer can do or look at with the account of a role.
TO_TRY = {
    Role.COUNTY_ORG_STAFF: "会商体检，管批次，算方案、改方案，公示",
    Role.COUNTY_ORG_LEADER: "部务会研究，办结公示异议",
    Role.COUNTY_ORG_ADMIN: "发文派驻，维护名录和日历",
    Role.COUNTY_AGRI: "对村情体检提会商意见",
    Role.COUNTY_FINANCE: "核对和登记驻村补助的发放",
    Role.COUNTY_AUDIT: "查看指标、总览和已印发的简报",
    Role.COUNTY_DISCIPLINE: "查看批次、公示和派驻名册",
    Role.COUNTY_AGENCY_COMMITTEE: "查看派驻人员的报告、在岗和走访",
    Role.COUNTY_LEADER: "到整顿村督查，记下问题和要求",
    Role.COUNTY_OFFICE: "写简报，每个数字点得开",
    Role.UPPER_VIEWER: "查看各批次的进度和派驻名册",
    Role.DEPT_STAFF: "答复部门会商和联审",
    Role.SYS_ADMIN: "建账号、发初始密码，核对身份",
    Role.SEC_ADMIN: "授予和终止身份，季度核对",
    Role.AUDIT_ADMIN: "查操作留痕，核对有没有改动",
    Role.TOWN_ORG: "报体检，提意向，批假，办理问题",
    Role.TOWN_SECRETARY: "报体检，提意向，批假，办理问题",
    Role.TOWN_LEADER: "办理派驻人员发现的问题",
    Role.UNIT_PARTY_ADMIN: "推荐人选，确认志愿",
    Role.UNIT_LEADER: "推荐人选，确认志愿，走访派驻村",
    Role.VILLAGE_SECRETARY: "填体检，办交接，确认在村天数",
    Role.VILLAGE_ORG: "确认在村天数，办理问题",
    Role.VILLAGE_CASHIER: "查看已印发的简报",
    Role.VILLAGE_SUPERVISOR: "查看已印发的简报",
    Role.CANDIDATE: "填报志愿，看自己的画像",
    Role.FIRST_SECRETARY: "写日志，请假，确认工作纪实",
    Role.TEAM_MEMBER: "查看本村的报告和发现的问题",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list that `./run` prints."""

    username: str
    password: str
    name: str
    role: str
    to_try: str = ""

    def __str__(self) -> str:
        line = f"{self.username:<17}{self.password:<18}{self.name}  {self.role}"
        return f"{line}：{self.to_try}" if self.to_try else line


def _file() -> Path:
    return Path(settings.DATA_FOLDER) / FILE_NAME


def accounts_text() -> str:
    """The list that `./run` prints at its end; empty where no first start made accounts."""
    path = _file()
    return path.read_text(encoding="utf-8") if path.exists() else ""


def keep_accounts(title: str, rows: list[Listed]) -> None:
    """Write the list where only the folder's owner reads it."""
    path = _file()
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join([title, *map(str, rows)]) + "\n", encoding="utf-8")


@transaction.atomic
def make_account(
    username: str,
    name: str,
    role: Role,
    *,
    actor: Actor,
    place: Place | None = None,
    unit: Unit | None = None,
    person: Person | None = None,
    is_demo: bool = True,
    may_sign_in: bool = True,
) -> tuple[Actor, Listed]:
    """One account with one role, as an actor and as a line of the list."""
    password = random_password() if may_sign_in else None
    user = accounts.create_account(
        username=username, name=name, password=password, is_demo=is_demo, actor=actor
    )
    assignment = accounts.grant_role(
        user, role=role, place=place, unit=unit, person=person, actor=actor
    )
    where = place or unit or person or ""
    return actor_of(assignment), Listed(username, password or "", name, f"{role.label} {where}")
