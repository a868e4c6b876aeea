"""What of screening, consultation and planning waits for whom?"""

from __future__ import annotations

from lingyan.common import clock
from lingyan.directory.queries import list_villages
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.queries import rectification as queries
from lingyan.organization.queries.screening import not_screened_q
from lingyan.organization.rules.rectification_words import RectState
from lingyan.organization.rules.screening import in_window, window_ends
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

DEPARTMENTS = ("dept_staff", "county_discipline", "county_agri")


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _to_screen(actor: Actor) -> list[Waiting]:
    """In the first three months every village is looked at (R-4-01)."""
    today = clock.today()
    if not in_window(today):
        return []
    rows = list_villages(actor.scope).filter(not_screened_q(today.year))
    return [
        Waiting(
            "个村还没有排查", "每年 3 月底前逐村过筛子，有线索的先核实", rows,
            page_of("rect_screening_list", turn="open"), due_on=window_ends(today.year),
        )
    ]  # fmt: skip


def _of_town(actor: Actor) -> list[Waiting]:
    return [
        _line(actor, "个村排查有情形，待列为拟定对象", "核对情形和依据", RectState.SCREENED),
        _line(actor, "个村确定整顿，待报方案", "每种情形列出问题、措施、责任人和期限",
              RectState.CONFIRMED),
    ]  # fmt: skip


def _of_staff(actor: Actor) -> list[Waiting]:
    return [
        _line(actor, "个拟定对象待办会商", "征求七个部门的意见，都答复了就完成会商",
              RectState.PROPOSED),
        _line(actor, "个村的整顿方案已定，待“四个一”到位", "四项都到位后开始整顿",
              RectState.PLANNED),
    ]  # fmt: skip


def _of_leader(actor: Actor) -> list[Waiting]:
    return [
        _line(actor, "个村待登记县委的整顿决定", "确定整顿，或不列入并写明理由",
              RectState.CONSULTED)
    ]  # fmt: skip


def _line(actor: Actor, title: str, detail: str, state: RectState) -> Waiting:
    rows = queries.list_waiting(actor).filter(state=state)
    return Waiting(title, detail, rows, page_of("rect_case_list", turn="waiting", state=state))


def _of_department(actor: Actor) -> list[Waiting]:
    rows = queries.list_unanswered(actor)
    url = page_of("rect_case_list", turn="waiting")
    return [Waiting("件整顿对象待本部门答复", "写明了解的情况和意见", rows, url, "due_on")]


SOURCES: list[Source] = [
    (TOWN, _to_screen),
    (TOWN, _of_town),
    (STAFF, _of_staff),
    (LEADER, _of_leader),
    (DEPARTMENTS, _of_department),
]
