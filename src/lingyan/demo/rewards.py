"""Whose difficulties were solved, who was honoured, and who was promoted (X03 to X05)?

Two further decisions count for neither: a step in rank, and an honour of the county.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from lingyan.common import clock
from lingyan.demo import appraisal, life
from lingyan.demo.cast import Cast
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.actions import help_requests, honors
from lingyan.posting.models import Posting
from lingyan.posting.queries.honors import list_eligible
from lingyan.posting.rules import PostingKind
from lingyan.posting.rules.support_words import HelpOwner

DAY = timedelta(days=1)
APPRAISED_ON = date(2025, 12, 15)
NOMINATED_ON = date(2026, 1, 15)
DECIDED_ON = date(2026, 1, 21)
SOLVED = 33  # 30余件
PEOPLE = 17
DIFFICULTIES = (
    ("child_school", "孩子要转到县城上小学", "教育部门协调了学位，开学前已经报到"),
    ("elder_care", "父母年纪大，驻村期间白天没有人照看", "单位工会每周上门两次，社区送餐"),
    ("housing", "村部住宿的房间漏雨", "镇里修好屋面，换了门窗"),
    ("spouse_job", "配偶在外地务工，想回县城就业", "县里推荐到园区企业，已签合同"),
    ("health", "腰椎旧伤复发，驻村就医不便", "单位联系县医院定期复查，调整了工作"),
)
CAREERS = (
    *(("promoted", one) for one in ("副局长", "副镇长", "办公室主任", "股长", "副站长")),
    *(("further_use", one) for one in (
        "镇党委委员", "县直单位党组成员", "镇纪委副书记", "站长", "服务中心主任",
        "单位党支部书记", "社会事务办公室主任",
    )),
    ("rank_up", "三级主任科员"),
)  # fmt: skip
HONORS = (
    ("province", "other", "全省乡村振兴工作先进个人"),
    *(("city", "best_first_secretary", "全市最美第一书记"),) * 2,
    *(("city", "other", "全市驻村帮扶先进个人"),) * 2,
    ("county", "best_first_secretary", "全县最美第一书记"),
)


def keep(cast: Cast) -> None:
    appraisal.keep_year(cast, APPRAISED_ON)
    first = Posting.objects.filter(
        kind=PostingKind.FIRST_SECRETARY, since__year=APPRAISED_ON.year, unit__isnull=False,
        recall_cases__isnull=True, absences__isnull=True,
    ).select_related("person__user", "village__parent", "unit")  # fmt: skip
    found = list(first.order_by("village__path"))
    _solve(cast, found[-PEOPLE:])
    _honour(cast, {one.pk for one in found})


def _solve(cast: Cast, postings: Sequence[Posting]) -> None:
    """Two for each but the last: raised, taken up, done, and solved as the person says."""
    actors = [life.open_account(cast, one) for one in postings]
    for number in range(SOLVED):
        posting, me = postings[number % PEOPLE], actors[number % PEOPLE]
        kind, text, done = DIFFICULTIES[number % len(DIFFICULTIES)]
        raised_on = posting.since + (30 + 3 * number) * DAY
        with clock.at(raised_on):
            asked = help_requests.raise_request(posting, kind=kind, text=text, actor=me)
        side = _side(cast, posting, asked.owner)
        with clock.at(raised_on + DAY):
            help_requests.step_request(asked, "accept", due_on=raised_on + 30 * DAY, actor=side)
        with clock.at(raised_on + 18 * DAY):
            help_requests.step_request(asked, "answer", text=done, actor=side)
        with clock.at(raised_on + 20 * DAY):
            help_requests.step_request(asked, "confirm", actor=me)


def _side(cast: Cast, posting: Posting, owner: str) -> Actor:
    assert posting.unit is not None
    assert posting.village.parent is not None
    if owner == HelpOwner.UNIT:
        return cast.unit(posting.unit)
    return cast.town(posting.village.parent) if owner == HelpOwner.TOWN else cast.officer


def _honour(cast: Cast, free: Collection[UUID]) -> None:
    """Whom the year's appraisal allows, 优秀 first: honours for the first, steps for the next."""
    with clock.at(NOMINATED_ON):
        eligible = list_eligible(Scope((cast.county.path,)))
    best = [one.posting for one in eligible if one.posting.pk in free]
    for number, (posting, (level, kind, title)) in enumerate(zip(best, HONORS, strict=False), 1):
        with clock.at(NOMINATED_ON):
            honor = honors.nominate_honor(
                posting, level=level, kind=kind, title=title, actor=cast.officer
            )
        with clock.at(DECIDED_ON):
            honors.settle_honor(
                honor, grants=True, decided_on=DECIDED_ON, document_number=f"演示表彰 {number} 号",
                answer="", actor=cast.leader,
            )  # fmt: skip
    for number, (posting, (kind, position)) in enumerate(zip(best[3:], CAREERS, strict=False), 1):
        with clock.at(NOMINATED_ON):
            step = honors.nominate_career(posting, kind=kind, position=position, actor=cast.officer)
        with clock.at(DECIDED_ON):
            honors.settle_career(
                step, grants=True, decided_on=DECIDED_ON, document_number=f"演示任 {number} 号",
                answer="", actor=cast.leader,
            )  # fmt: skip
