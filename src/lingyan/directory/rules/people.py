"""When may a secret be shown, and when may two records of a person become one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lingyan.common.refusals import Refusal

REVEALERS = ("county_org_admin", "county_org_staff")
MERGERS = ("county_org_admin",)
SHORTEST_REASON = 4


def refuse_to_reveal(*, reason: str, stored: bool) -> tuple[Refusal, ...]:
    """An identity number or a phone is shown in full only for a reason. 依据：R-10-04、R-1-05。"""
    if not stored:
        return (Refusal("directory.nothing_to_reveal", "没有登记，无可查看"),)
    if len(reason.strip()) < SHORTEST_REASON:
        return (Refusal("directory.reveal_reason", "请写明查看的理由，至少四个字"),)
    return ()


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """Two records that somebody takes for one person."""

    oneself: bool
    gone: Sequence[str]  # labels of records that were merged already
    both_identified: bool
    both_have_accounts: bool
    reason: str
    conflicts: Sequence[str]  # what cannot point to one record twice
    differing: Sequence[str] = ()  # birth date, gender: what one person has once
    confirmed: bool = False  # somebody has looked at that and says why it is one person still
    unlike_number: Sequence[str] = ()  # what the record would say otherwise than its number


def refuse_to_merge(facts: MergeFacts) -> tuple[Refusal, ...]:
    """依据：R-1-05（一人一条记录，重复的由县委组织部管理员合并并留记录）、R-1-04（与身份证号一致）。

    出生日期或性别不同的，多半是两个人：不勾选“确是同一人”不能合并，理由记入留痕。
    """
    refusals = []
    if facts.oneself:
        refusals.append(Refusal("directory.merge_oneself", "请选两条不同的记录"))
    refusals += [
        Refusal("directory.merge_gone", f"{label}已经并入别的记录") for label in facts.gone
    ]
    if facts.both_identified:
        refusals.append(Refusal("directory.merge_two_people", "两条记录的身份证号不同，不是同一人"))
    if facts.differing and not facts.confirmed:
        refusals.append(
            Refusal(
                "directory.merge_differs",
                f"两条记录的{'、'.join(facts.differing)}不同，可能是两个人；"
                "核对后确是同一人的，请勾选并写明依据",
            )
        )
    refusals += [
        Refusal(
            "directory.merge_unlike_number",
            f"合并后{label}与身份证号不一致，请选与身份证号一致的那一条的{label}",
        )
        for label in facts.unlike_number
    ]
    if facts.both_have_accounts:
        refusals.append(
            Refusal(
                "directory.merge_two_accounts", "两条记录各有登录账号，请先由系统管理员解除一个"
            )
        )
    if not facts.reason.strip():
        refusals.append(Refusal("directory.merge_reason", "请写明合并的理由"))
    refusals += [
        Refusal("directory.merge_conflict", f"合并后会重复：{text}，请先办理其中一项")
        for text in facts.conflicts
    ]
    return tuple(refusals)


def refuse_to_undo_merge(
    *, undone: bool, gone: bool, altered: Sequence[str]
) -> tuple[Refusal, ...]:
    """A merger is taken back while what it moved lies as it left it."""
    if undone:
        return (Refusal("directory.merge_undone", "这次合并已经撤销"),)
    refusals = []
    if gone:
        refusals.append(
            Refusal("directory.merge_later", "保留的记录后来又并入别的记录，请先撤销那次合并")
        )
    refusals += [
        Refusal("directory.merge_altered", f"{label}在合并之后又有改动") for label in altered
    ]
    return tuple(refusals)


def differ_by_one(first: str, second: str) -> bool:
    """Names of one length with one other character: 李晓明 and 李小明."""
    if first == second or len(first) != len(second) or len(first) < 2:
        return False
    return sum(one != other for one, other in zip(first, second, strict=True)) == 1
