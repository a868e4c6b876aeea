"""What of sums and problems waits for whom, and what do pairs, villages and units show of them?"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period
from lingyan.directory import areas
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules.hands import POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.queries import pair_problems as problems
from lingyan.pairing.rules.claims import Sums
from lingyan.pairing.rules.figures import BEGINNING, GROUP
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _to_solve(actor: Actor) -> list[Waiting]:
    return [_line(actor, "个联建问题等您办", "办好后由村和受益群众确认")]


def _to_confirm(actor: Actor) -> list[Waiting]:
    return [_line(actor, "个联建问题等村里确认", "问过受益群众再确认；没有解决的写明还差什么")]


def _line(actor: Actor, title: str, detail: str) -> Waiting:
    rows = problems.list_waiting(actor)
    return Waiting(title, detail, rows, page_of("pair_problem_list", turn="waiting"), "due_on")


def _overdue(actor: Actor) -> list[Waiting]:
    rows = problems.list_overdue(actor, clock.today())
    url = page_of("pair_problem_list", turn="overdue")
    return [Waiting("个联建问题超期没有解决", "请督促结对单位", rows, url, "due_on")]


SOURCES: list[Source] = [
    ((*UNIT, *POSTED), _to_solve),
    (VILLAGE, _to_confirm),
    ((*TOWN, *STAFF), _overdue),
]


# --- what a page shows ----------------------------------------------------------------------------


def of_pair(pairing: Pairing, actor: Actor) -> Panel | None:
    """What the pair had a part in since it began, with its own share."""
    if pairing.since is None:
        return None
    until = pairing.until or clock.today() + ONE_DAY
    period = Period(pairing.since, max(until, pairing.since + ONE_DAY))
    sums = queries.sums_of_pair(pairing, period)
    solved = queries.solved_of_pair(pairing, period)
    rows = [_money_row(sums), _problem_row(solved)]
    add = f"{reverse('pair_fund_add')}?{urlencode({'pairing': pairing.pk})}"
    return Panel(
        "资金和问题", tuple(one for one in rows if one), "还没有登记资金，也没有解决问题。",
        add if actor.role in (*UNIT, *VILLAGE) else reverse("pair_fund_list"),
        "登记资金" if actor.role in (*UNIT, *VILLAGE) else "项目资金台账",
    )  # fmt: skip


def _money_row(sums: Sums) -> PanelRow | None:
    if not sums.facts:
        return None
    told = f"协调到位 {sums.total:,.2f} 元，{sums.facts} 笔"
    more = f"其中 {sums.shared} 笔与别人共同，份额合计 {sums.share:,.2f} 元" if sums.shared else ""
    return PanelRow(told, more)


def _problem_row(sums: Sums) -> PanelRow | None:
    if not sums.facts:
        return None
    told = f"解决问题 {sums.facts} 件"
    more = f"其中 {sums.shared} 件与别人共同，份额合计 {sums.share:.2f} 件" if sums.shared else ""
    return PanelRow(told, more)


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    return _of_area(Scope((village.path,)), f"place-{village.pk}", on, actor)


def of_unit(unit: Unit, actor: Actor, on: date) -> list[Panel]:
    return _of_area(Scope((), (unit.pk,)), f"unit-{unit.pk}", on, actor)


READERS = frozenset((*STAFF, *TOWN, *UNIT, *VILLAGE, *POSTED, "county_org_leader", "town_leader"))


def _of_area(scope: Scope, key: str, on: date, actor: Actor) -> list[Panel]:
    if actor.role not in READERS:
        return []
    period = Period(BEGINNING, on + ONE_DAY)
    rows = [
        _money_row(queries.counted_fund_sums(scope, period)),
        _problem_row(queries.problem_sums(scope, period)),
    ]
    found = tuple(one for one in rows if one)
    url = _figures_of(key) if areas.find_area(actor, key) else ""
    return [Panel("联建资金和问题", found, "还没有协调资金和解决问题的记录。", url, "联建指标")]


def _figures_of(key: str) -> str:
    said = {"group": GROUP, "area": key, "period": "ever"}
    return f"{reverse('figure_list')}?{urlencode(said)}"
