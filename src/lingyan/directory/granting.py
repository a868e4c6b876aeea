"""May this role be granted, ended or handed to a delegate, by this person, with this scope?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common.refusals import Refusal
from lingyan.directory.roles import (
    INSTALLATION_GRANTERS,
    LEVELS,
    MAY_GRANT,
    NOT_HANDED_ON,
    OF_A_PERSON,
    OF_A_UNIT,
    OF_BUSINESS,
    THREE_ADMINISTRATORS,
    WATCHERS,
    Role,
)

MAX_DELEGATION_DAYS = 366
ADMINISTRATOR_IN_BUSINESS = Refusal(
    "directory.account.administrator_in_business",
    "系统、安全、审计管理员不办业务，不能同时有业务身份",
)


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """Who grants which role to whom, where, and what else that person holds."""

    granter_role: str
    role: str
    to_oneself: bool
    has_security_administrator: bool
    holds_other_administrator: bool = False
    holds_business: bool = False
    place_level: str = ""
    has_unit: bool = False
    has_person: bool = False
    within_own_scope: bool = True
    since: date | None = None
    until: date | None = None
    granter_until: date | None = None  # a delegate's: the end of the delegation
    same_again: bool = False


def refuse_granter(*, granter_role: str, role: str, has_security: bool) -> tuple[Refusal, ...]:
    """Which roles may grant which; roles are the security administrator's once there is one.

    依据：R-0-19，10.2 三员分立。
    """
    if role not in MAY_GRANT.get(granter_role, frozenset()):
        return (Refusal("directory.account.wrong_granter", "您的身份不能授予或终止这种身份"),)
    if granter_role == Role.SYS_ADMIN and has_security:
        return (
            Refusal(
                "directory.account.security_grants", "已设安全管理员，身份由安全管理员授予和终止"
            ),
        )
    return ()


def refuse_grant(facts: GrantFacts) -> tuple[Refusal, ...]:
    """Nobody grants more than he holds, nor longer, nor to himself; the three administrators are
    three, and do no business.

    依据：R-0-19（身份＝人、角色、区划或单位、起止），10.2（三员分立，最小授权）。
    """
    refusals = list(
        refuse_granter(
            granter_role=facts.granter_role,
            role=facts.role,
            has_security=facts.has_security_administrator,
        )
    )
    if facts.to_oneself:
        refusals.append(
            Refusal("directory.account.own_role", "不能给自己授予身份，也不能给您代理的人授予")
        )
    if facts.role in THREE_ADMINISTRATORS and facts.holds_other_administrator:
        refusals.append(
            Refusal(
                "directory.account.two_of_three", "系统、安全、审计三个管理员须由三个人分别担任"
            )
        )
    refusals += _refuse_both_sides(facts)
    refusals += refuse_scope_kind(facts)
    if not facts.within_own_scope and facts.granter_role not in INSTALLATION_GRANTERS:
        refusals.append(Refusal("directory.account.beyond_own", "不能授予超出您自己管辖范围的身份"))
    if facts.since and facts.until and facts.until <= facts.since:
        refusals.append(Refusal("directory.account.period", "终止日期应晚于起始日期"))
    refusals += _refuse_longer(facts)
    if facts.same_again:
        refusals.append(
            Refusal("directory.account.role_held", "该同志在这段时间已有同样的身份，不必重复授予")
        )
    return tuple(refusals)


def _refuse_both_sides(facts: GrantFacts) -> list[Refusal]:
    administrator = facts.role in THREE_ADMINISTRATORS and facts.holds_business
    business = facts.role in OF_BUSINESS and facts.holds_other_administrator
    return [ADMINISTRATOR_IN_BUSINESS] if administrator or business else []


def _refuse_longer(facts: GrantFacts) -> list[Refusal]:
    """The administrators of the installation grant what they do not hold, so for any time."""
    last = facts.granter_until
    if last is None or facts.granter_role in INSTALLATION_GRANTERS:
        return []
    if facts.until is not None and facts.until <= last:
        return []
    return [
        Refusal(
            "directory.account.outlasts_granter",
            f"您的身份到 {last} 为止，授予的身份不能更久，请填写不晚于这一天的终止日期",
        )
    ]


def refuse_to_let_in(
    *, actor_role: str, roles: frozenset[str], oneself: bool, has_security: bool
) -> tuple[Refusal, ...]:
    """Who may give an account a new password, a new second factor or a new identity.

    依据：10.2（三员分立）。安全、审计管理员的登录方式由另一位安全管理员重设；还没有安全管理员时，审计管理员的
    由系统管理员重设。只有一位安全管理员又登录不了的，由系统管理员停用该账号、另行任命，都有留痕。
    """
    watched = roles & WATCHERS
    if actor_role == "system" or (actor_role == Role.SYS_ADMIN and not watched):
        return ()
    if actor_role == Role.SYS_ADMIN and Role.SEC_ADMIN not in watched and not has_security:
        return ()
    if actor_role == Role.SEC_ADMIN and watched and not oneself:
        return ()
    if not watched:
        return (Refusal("directory.account.wrong_role", "只有系统管理员可以管理账号"),)
    return (
        Refusal(
            "directory.account.watcher",
            "安全管理员、审计管理员的登录方式由另一位安全管理员重设；没有另一位的，请系统管理员停用这个账号后另行任命",
        ),
    )


def refuse_scope_kind(facts: GrantFacts) -> list[Refusal]:
    """A role lies where 0.5 puts it: a county, a town, a village, a unit, or the person."""
    role = Role(facts.role)
    if role in THREE_ADMINISTRATORS:
        has_scope = facts.place_level or facts.has_unit
        return (
            [Refusal("directory.account.no_scope_wanted", "三个管理员不设管辖区划和单位")]
            if has_scope
            else []
        )
    if role in OF_A_PERSON:
        return (
            []
            if facts.has_person
            else [Refusal("directory.account.no_person", "请写明人选本人的人员编号")]
        )
    if not facts.place_level and not facts.has_unit:
        return [Refusal("directory.account.no_scope", "请选择管辖区划或单位")]
    if role in OF_A_UNIT:
        return (
            []
            if facts.has_unit
            else [Refusal("directory.account.needs_unit", f"“{role.label}”须选择单位")]
        )
    if facts.place_level not in LEVELS[role]:
        return [
            Refusal(
                "directory.account.wrong_level",
                f"“{role.label}”不能授在这一级区划上，请核对管辖区划",
            )
        ]
    return []


def _refuse_delegate(facts: DelegationFacts) -> list[Refusal]:
    refusals = []
    if facts.to_holder:
        refusals.append(Refusal("directory.account.delegate_is_holder", "不能由本人代理本人"))
    if facts.to_oneself and not facts.by_holder:
        refusals.append(Refusal("directory.account.delegate_is_oneself", "不能安排由您自己代理"))
    if facts.delegate_administers:
        refusals.append(ADMINISTRATOR_IN_BUSINESS)
    if facts.delegate_has_role:
        refusals.append(
            Refusal("directory.account.delegate_has_role", "代理人本来就有这个身份，不必代理")
        )
    return refusals


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """Whose role is handed to whom, from when to when."""

    role: str
    is_delegated: bool
    in_force: bool
    holder_until: date | None
    to_holder: bool
    to_oneself: bool
    by_holder: bool
    may_grant: bool
    since: date
    until: date
    today: date
    overlapping: bool = False
    delegate_administers: bool = False
    delegate_has_role: bool = False


def refuse_delegation(facts: DelegationFacts) -> tuple[Refusal, ...]:
    """The holder or who may grant the role hands it on, whole, for a while, and only once.

    依据：R-0-19、R-0-20；代理不得超出本人所持，不得转代理，到期自行终止。
    """
    refusals = []
    if facts.is_delegated:
        refusals.append(Refusal("directory.account.chained", "代理来的身份不能再转给别人代理"))
    if facts.role in NOT_HANDED_ON:
        refusals.append(
            Refusal("directory.account.not_handed_on", "这种身份属于本人，不能请人代理")
        )
    if not facts.in_force:
        refusals.append(Refusal("directory.account.role_ended", "这个身份已经终止"))
    if not facts.by_holder and not facts.may_grant:
        refusals.append(
            Refusal("directory.account.not_superior", "只有本人或能授予这个身份的上级可以安排代理")
        )
    refusals += _refuse_delegate(facts)
    if facts.until <= facts.since or facts.until <= facts.today:
        refusals.append(Refusal("directory.account.period", "终止日期应晚于起始日期"))
    if facts.since < facts.today:
        refusals.append(Refusal("directory.account.since_past", "代理不能从过去的日子开始"))
    if facts.holder_until and facts.until > facts.holder_until:
        refusals.append(
            Refusal(
                "directory.account.outlasts",
                f"本人的身份到 {facts.holder_until} 为止，代理不能更久",
            )
        )
    if (facts.until - facts.since).days > MAX_DELEGATION_DAYS:
        refusals.append(
            Refusal("directory.account.too_long", "一次代理不能超过一年；更久的请另行授予身份")
        )
    if facts.overlapping:
        refusals.append(
            Refusal(
                "directory.account.delegated_already", "这段时间已安排了代理人，请先结束原来的代理"
            )
        )
    return tuple(refusals)
