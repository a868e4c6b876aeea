"""Which villages of 太白 were found weak, and how far has each come (T09)?

Eight cases on their way, from a village just screened to one cleared and followed; every month that
owes a visit of the county leader has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common import clock
from lingyan.common.periods import add_months, month_of
from lingyan.demo import life
from lingyan.demo.cast import Cast
from lingyan.directory.models import Place, Unit
from lingyan.organization.actions import acceptance, rect_ballots, rect_problems, rect_visits
from lingyan.organization.actions.rect_listing import (
    answer_consultation,
    ask_departments,
    list_problem,
    name_support,
    rank_cases,
    take_from_records,
)
from lingyan.organization.actions.rectification import Said, step_case
from lingyan.organization.actions.screening import open_case, pass_village
from lingyan.organization.models import RectificationCase
from lingyan.organization.rules.acceptance import members_of
from lingyan.organization.rules.rectification_words import Opinion, SupportKind
from lingyan.organization.rules.screening import Finding
from lingyan.pairing.actions.pairings import register_pairing
from lingyan.pairing.rules import Goal
from lingyan.pairing.rules.pairings import Agreement, Term
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.posting.models import Posting

DAY = timedelta(days=1)
SCREENED = (2, 20)
BEGINS = (1, 12)  # the first secretaries of the year came a week before
RUNNING_DAYS = 165
GROUP = "陈仓明\n姜眉云\n石沟平"
POINTS = {"team_run": 22, "members": 23, "govern": 22, "economy": 21}
HOUSEHOLDS, SLIPS = 210, 40


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong in a village, what the plan says of it, and in how many days."""

    code: str
    evidence: str
    problem: str
    cause: str
    measure: str
    days: int


VACANT = Found(
    "W01", "党支部委员缺一名，支部副书记长期在外务工，村里工作推进慢",
    "支部班子不齐，分工不落实", "后备人选没有跟上", "从返乡人员里补选支部委员，重新分工", 90,
)  # fmt: skip
CLOSED_BOOKS = Found(
    "W07", "村务公开栏半年没有更新，两笔支出没有公开",
    "村务财务公开不及时", "没有专人负责", "每月 10 日公开，村务监督委员会审核签字", 120,
)  # fmt: skip
NO_LIFE = Found(
    "W04", "近两个季度“三会一课”只开了一次，没有记录",
    "组织生活不正常", "支部书记不重视", "按月列出计划，镇党委派人到会指导", 100,
)  # fmt: skip
QUARREL = Found(
    "W08", "两个村民小组争水，一年内到镇里反映 6 次",
    "用水矛盾久拖不决", "分水没有章程", "开村民代表会议定分水办法，立碑公布", 110,
)  # fmt: skip
UNHAPPY = Found(
    "W09", "镇里入户调查，满意的不到六成",
    "办事拖拉，群众意见大", "没有代办制度", "干部轮流值班，代办事项当日登记", 100,
)  # fmt: skip
WEAK = Found(
    "W12", "连续两年经营收入不到 5 万元，没有发展项目",
    "集体经济薄弱", "没有产业思路", "发展林下天麻，与合作社签保底收购", 150,
)  # fmt: skip
NO_NEW = Found(
    "W11", "2022 年以来没有发展党员", "发展党员停滞", "培养对象外流", "列出培养名单，结对培养", 150,
)  # fmt: skip


def keep(cast: Cast, villages: Sequence[Place], units: Sequence[Unit], today: date) -> list[Actor]:
    """Screen every village, put the weak ones right; answers whose accounts are worth a look."""
    begins = date(today.year, *BEGINS)
    if today <= begins + 30 * DAY:
        return []  # so early in the year nobody has come yet
    began = max(begins, today - RUNNING_DAYS * DAY)
    weak = villages[8:24:2]
    _post_and_pair(cast, weak[:5], units)
    with clock.at(min(date(today.year, *SCREENED), began)):
        for village in villages:
            if village not in weak:
                pass_village(village, actor=cast.town(_town(village)))
    script = _Script(cast, today)
    running = [
        script.start(weak[0], (CLOSED_BOOKS, NO_NEW), began),
        script.start(weak[1], (NO_LIFE,), began + 4 * DAY),
        script.start(weak[2], (QUARREL, WEAK), began + 6 * DAY),
        script.start(weak[3], (VACANT,), began + 2 * DAY),
    ]
    for case in running:
        script.work(case)
    script.put_right(running[0], len(running[0].problems.all()) - 1)
    script.finish(running[2], until="accepting")
    script.finish(running[3], until="following")
    script.confirm(weak[4], (UNHAPPY, WEAK), today - 21 * DAY)
    script.ask(weak[5], (NO_LIFE,), today - 6 * DAY)
    script.find(weak[6], (NO_NEW, WEAK), today - 3 * DAY)
    script.dismiss(weak[7], (NO_NEW,), began + DAY)
    with clock.at(today):
        rank_cases({RectificationCase.objects.get(village=weak[5]).pk: 1}, actor=cast.officer)
    return [cast.county_leader(weak[0])]


def _town(village: Place) -> Place:
    assert village.parent is not None
    return village.parent


def _post_and_pair(cast: Cast, villages: Sequence[Place], units: Sequence[Unit]) -> None:
    """Who is posted there has come; a unit of the county is paired with each."""
    posted = [one for one in life.waiting_to_settle(clock.today()) if one.village in villages]
    life.settle_in(cast, posted)
    since = date(clock.today().year, *BEGINS) - 2 * DAY
    for village, unit in zip(villages, units, strict=False):
        agreement = Agreement(
            goals=(Goal.ORGANIZATION.value, Goal.DEVELOPMENT.value),
            plan_text="每季度开一次联席会议，共同开展主题党日。",
            unit_contact="办公室", village_contact="村文书",
        )  # fmt: skip
        register_pairing(
            unit, village, is_lead=True, term=Term(since, add_months(since, 24)),
            agreement=agreement, actor=cast.officer,
        )  # fmt: skip


class _Script:
    """One case after the other, each act on its own day and by whoever does it."""

    def __init__(self, cast: Cast, today: date) -> None:
        self.cast = cast
        self.today = today

    def _on(self, day: date) -> AbstractContextManager[None]:
        return clock.at(min(day, self.today))

    # --- to the list ------------------------------------------------------------------------------

    def find(self, village: Place, found: Sequence[Found], day: date) -> RectificationCase:
        with self._on(day):
            return open_case(
                village, [Finding(one.code, one.evidence) for one in found],
                actor=self.cast.town(_town(village)),
            )  # fmt: skip

    def ask(self, village: Place, found: Sequence[Found], day: date) -> RectificationCase:
        """Proposed, and asked of the departments; half of them have answered."""
        case = self.find(village, found, day)
        with self._on(day + DAY):
            step_case(case, "propose", Said(), actor=self.cast.town(_town(village)))
        with self._on(day + 2 * DAY):
            ask_departments(case, actor=self.cast.officer)
        with self._on(day + 4 * DAY):
            for one in case.consultations.order_by("department")[:4]:
                answer_consultation(one, opinion=Opinion.NONE, actor=self.cast.officer)
        return case

    def consult(self, village: Place, found: Sequence[Found], day: date) -> RectificationCase:
        case = self.ask(village, found, day)
        with self._on(day + 5 * DAY):
            for one in case.consultations.filter(opinion="").order_by("department"):
                answer_consultation(
                    one, opinion=Opinion.AGREE, text="了解的情况与乡镇反映一致",
                    actor=self.cast.officer,
                )  # fmt: skip
            return step_case(case, "consult", Said(), actor=self.cast.officer)

    def dismiss(self, village: Place, found: Sequence[Found], day: date) -> RectificationCase:
        case = self.consult(village, found, day)
        with self._on(day + 7 * DAY):
            said = Said(text="只有一种情形，部门没有一致意见，由镇里督促改进")
            return step_case(case, "dismiss", said, actor=self.cast.leader)

    def confirm(self, village: Place, found: Sequence[Found], day: date) -> RectificationCase:
        case = self.consult(village, found, day)
        with self._on(day + 7 * DAY):
            said = Said(document_number=f"太委〔{day.year}〕6 号")
            return step_case(case, "confirm", said, actor=self.cast.leader)

    # --- the plan and the start -------------------------------------------------------------------

    def start(self, village: Place, found: Sequence[Found], day: date) -> RectificationCase:
        case = self.confirm(village, found, day)
        town = _town(village)
        with self._on(day + 10 * DAY):
            for one in found:
                list_problem(
                    case, situation=one.code, description=one.problem, cause=one.cause,
                    measure=one.measure, owner="村党组织书记",
                    due_on=clock.today() + one.days * DAY, actor=self.cast.town(town),
                )  # fmt: skip
            said = Said(text="半年内问题全部整改，群众满意度达到 80% 以上")
            step_case(case, "plan", said, actor=self.cast.town_secretary(town))
        with self._on(day + 12 * DAY):
            self._name_the_four(case)
            return step_case(case, "start", Said(), actor=self.cast.officer)

    def _name_the_four(self, case: RectificationCase) -> None:
        cast, village = self.cast, case.village
        head, near = cast.county_leader(village), cast.town_leader(_town(village))
        name_support(
            case, SupportKind.S1, user=_user(head), job_title="县委常委",
            is_standing_committee=True, actor=cast.officer,
        )  # fmt: skip
        name_support(case, SupportKind.S2, user=_user(near), job_title="副镇长", actor=cast.officer)
        for kind in (SupportKind.S3, SupportKind.S4):
            take_from_records(case, kind, actor=cast.officer)

    # --- the work ---------------------------------------------------------------------------------

    def work(self, case: RectificationCase) -> None:
        """The leader comes each month (R-4-04), the town looks at four topics and reports."""
        assert case.started_on is not None
        town = self.cast.town(_town(case.village))
        month = month_of(case.started_on)
        while month.since <= self.today:
            day = min(max(month.since + 11 * DAY, case.started_on), self.today)
            with clock.at(day):
                rect_visits.add_visit(
                    case, on=day, places="村党群服务中心、两户群众家",
                    talked_to="村支部书记、党员代表", problems_text="整改进度比上月快，还有遗留",
                    instructions="按清单逐项销号，当月问题当月清",
                    actor=self.cast.county_leader(case.village),
                )  # fmt: skip
                rect_problems.make_checkup(
                    case, on=day, seen=dict.fromkeys(POINTS, "看了记录，问了党员和群众"),
                    findings={}, actor=town,
                )  # fmt: skip
            month = month_of(month.until)

    def put_right(self, case: RectificationCase, count: int) -> None:
        """The first problems of the list are done and seen to be."""
        village = case.village
        secretary, town = self.cast.village(village), self.cast.town(_town(village))
        said = rect_problems.Said
        for problem in case.problems.order_by("due_on", "pk")[:count]:
            with self._on(problem.due_on - 40 * DAY):
                one = rect_problems.step_problem(
                    problem, "begin",
                    said(measure=problem.measure, owner=problem.owner, due_on=problem.due_on),
                    actor=secretary,
                )  # fmt: skip
                one = rect_problems.step_problem(
                    one, "finish", said(text="已办好，照片和记录存村里"), actor=secretary
                )
            with self._on(problem.due_on - 30 * DAY):
                rect_problems.step_problem(one, "verify", said(text="到村看过，属实"), actor=town)

    def finish(self, case: RectificationCase, *, until: str) -> None:
        """From the self-check into the acceptance, and where wanted to the visits after it."""
        cast, village = self.cast, case.village
        self.put_right(case, case.problems.count())
        posting = Posting.objects.select_related("village__parent", "person__user").get(
            village=village, kind="first_secretary", until__isnull=True
        )
        first = life.open_account(cast, posting)
        with self._on(self.today - 12 * DAY):
            for who in (cast.village(village), first):
                acceptance.sign_self_check(case, text="清单上的问题都已整改", actor=who)
        with self._on(self.today - 10 * DAY):
            secretary = cast.town_secretary(_town(village))
            acceptance.pass_town_check(case, text="逐项看过", actor=secretary)
        with self._on(self.today - 8 * DAY):
            acceptance.open_inspection(case, members=members_of(GROUP), actor=cast.officer)
        if until == "following":
            self._clear(case)

    def _clear(self, case: RectificationCase) -> None:
        cast, officer = self.cast, self.cast.officer
        with self._on(self.today - 6 * DAY):
            acceptance.score_inspection(case, points=POINTS, text="按四个方面逐项看", actor=officer)
            vote = rect_ballots.make_slips(case, households=HOUSEHOLDS, slips=SLIPS, actor=officer)
            vote = rect_ballots.hand_out(vote, actor=officer)
            rect_ballots.count_papers(
                vote, papers=38, satisfied=27, basic=8, unsatisfied=3,
                counters="陈仓明、姜眉云", no_cadres=True, actor=officer,
            )  # fmt: skip
        with self._on(self.today - 4 * DAY):
            acceptance.clear_case(case, text="两项都达标", actor=cast.leader)
            acceptance.begin_following(case, actor=cast.town(_town(case.village)))


def _user(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)
