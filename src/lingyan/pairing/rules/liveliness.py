"""Does a pair live, and what should it do next?

A pair is known by what it did: a held activity, joint meeting, visit, deed, a problem solved, money
that arrived. A plan or an agreement alone is no sign of life.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lingyan.common.choices import Choice
from lingyan.pairing.rules.words import FiveOne

QUIET_DAYS = 60  # pair.quiet_days
ASLEEP_DAYS = 92  # pair.asleep_days: a whole quarter, in which a joint meeting was due


class Liveliness(Choice):
    ALIVE = "alive", "活跃"
    QUIET = "quiet", "转淡"
    ASLEEP = "asleep", "沉睡"


def liveliness(days: int) -> Liveliness:
    """By the days since the last effective event, or since the beginning where there was none."""
    if days > ASLEEP_DAYS:
        return Liveliness.ASLEEP
    return Liveliness.QUIET if days > QUIET_DAYS else Liveliness.ALIVE


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What the records of a pair's year still lack."""

    missing: Collection[FiveOne]
    meeting_due_by: date | None = None
    visits_due: int = 0
    milestones_overdue: int = 0
    problems_waiting: int = 0
    has_project: bool = True


def suggestions(state: NextSteps) -> list[tuple[str, str]]:
    """What to do next, what is nearest first: a word for the place to go, and a sentence."""
    found: list[tuple[str, str]] = []
    if state.problems_waiting:
        found.append(("problems", f"有 {state.problems_waiting} 个群众提出的问题还没有解决"))
    if state.milestones_overdue:
        found.append(("projects", f"有 {state.milestones_overdue} 个项目节点已到期，请更新进展"))
    if state.meeting_due_by:
        found.append(("meetings", f"{state.meeting_due_by:%m月%d日}前应开一次联席会议"))
    if state.visits_due:
        found.append(("visits", f"今年还应到村走访 {state.visits_due} 次"))
    if not state.has_project:
        found.append(("projects", "还没有共建项目，请和村里商定一个"))
    found += [("five_ones", f"五个一还差：{one.label}") for one in FiveOne if one in state.missing]
    return found
