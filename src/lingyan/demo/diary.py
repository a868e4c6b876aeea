"""What has the shown first secretary written down, found and confirmed in the last months?"""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from PIL import Image, ImageDraw

from lingyan.common import clock
from lingyan.demo import life
from lingyan.demo.cast import Cast
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import diary, problems, reports
from lingyan.posting.models import LeaveRequest, Posting
from lingyan.posting.queries import diary as queries
from lingyan.posting.rules import PostingKind, PostingState
from lingyan.posting.rules import reports as rules
from lingyan.posting.rules.diary_sync import Sent
from lingyan.posting.rules.diary_words import ProblemOwner, ReportKind

RECENT_DAYS = 75
# What was done: duty, words, with whom, how many households, whether a need is answered.
DONE = (
    ("D1", "入户讲解医保缴费和养老待遇认证，帮三位老人在手机上办好认证", "村文书", 6, False),
    ("D3", "和镇农技员看茶园补植，定下先补阴坡的二十亩", "镇农技站", 0, True),
    ("D2", "召开支部党员大会，学习文件，讨论确定入党积极分子", "全体党员", 0, False),
    ("D5", "帮王家代办高龄补贴，材料已交镇便民中心", "", 1, False),
    ("D4", "调解两家地界纠纷，当场划线，双方签了调解书", "村调委会主任", 2, False),
    ("D3", "联系县里两家超市谈脆李销路，约好下周来看样", "派出单位同事", 0, True),
    ("D5", "走访独居老人，检查电线和取暖", "网格员", 8, False),
)
FOUND = (
    ("三组饮水管道冬天易冻裂，二十多户吃水难", "town"),
    ("村部到茶园的路有两处塌方，运茶车过不去", "village"),
    ("村部打印机坏了，群众办证明要跑到镇上", "self"),
    ("脱贫户李家孩子上学交通费没有着落", "unit"),
)
HANDLED = "请单位信息科修好，当天能用"


def keep(posting: Posting, actor: Actor, today: date) -> None:
    """Ten entries a month, twenty of late, none on leave; only the last report waits."""
    needs = [str(one.pk) for one in queries.list_needs([posting])]
    away = _days_away(posting)
    recent = today - timedelta(days=RECENT_DAYS)
    days = [posting.since + timedelta(days=one) for one in range((today - posting.since).days)]
    written = [one for one in days if (one.day % 3 if one > recent else one.day % 3 == 1)]
    for number, day in enumerate(one for one in written if one not in away):
        with clock.at(day):
            _write(actor, number, day, needs)
    _confirm(posting, actor, today)


def _days_away(posting: Posting) -> set[date]:
    asked = LeaveRequest.objects.filter(posting=posting)
    return {
        one.since + timedelta(days=number)
        for one in asked
        for number in range((one.until - one.since).days + 1)
    }


def _write(actor: Actor, number: int, day: date, needs: list[str]) -> None:
    duty, text, with_whom, households, answers = DONE[number % len(DONE)]
    entry_id = str(uuid5(NAMESPACE_OID, f"{actor.user_id} {day}"))
    values = {
        "happened_on": day.isoformat(), "duty": duty, "text": text, "with_whom": with_whom,
        "need": needs[number % len(needs)] if answers and needs else "",
        "households": households,
    }  # fmt: skip
    entry = diary.receive_entry(Sent(entry_id, entry_id, values), actor=actor).entry
    if number % 12 == 5:
        diary.add_photo(
            entry, number=uuid5(NAMESPACE_OID, entry_id), data=_picture(number), actor=actor
        )
    if number % 14 == 6:
        said, owner = FOUND[number // 14 % len(FOUND)]
        problem = problems.find_problem(
            text=said, found_on=day, owner=owner, due_on=day + timedelta(days=21),
            entry=entry, actor=actor,
        )  # fmt: skip
        if owner == ProblemOwner.SELF:
            problems.handle_problem(problem, text=HANDLED, actor=actor)
            problems.confirm_problem(problem, actor=actor)


def _picture(number: int) -> bytes:
    """Hills under a sky: plainly drawn, so that nobody takes it for a real village."""
    image = Image.new("RGB", (800, 600), (188, 214, 230))
    pen = ImageDraw.Draw(image)
    for row, green in enumerate((150, 120, 90)):
        top = 260 + 90 * row
        hills = [(x, top + (number * 37 + x * (row + 2)) % 90) for x in range(0, 801, 160)]
        pen.polygon([*hills, (800, 600), (0, 600)], fill=(60, green, 70))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def confirm_last_month(cast: Cast, today: date) -> None:
    """Of the first secretaries all but every eighth have confirmed what was gathered of theirs."""
    last = rules.report_of(ReportKind.MONTH, today.replace(day=1) - timedelta(days=1))
    there = Posting.objects.filter(
        kind=PostingKind.FIRST_SECRETARY, state=PostingState.ACTIVE, handover_until__isnull=True,
        arrived_on__lt=last.period.until, diary__isnull=True, reports__isnull=True,
    ).select_related("person__user", "village")  # fmt: skip
    for number, posting in enumerate(there.order_by("village__path")):
        if number % 8:
            actor = life.open_account(cast, posting)
            with clock.at(min(last.period.until + timedelta(days=2), today)):
                reports.confirm_report(posting, last, remark="", actor=actor)


def _confirm(posting: Posting, actor: Actor, today: date) -> None:
    """What was due before the last monthly record is confirmed, so that this one waits."""
    last = rules.report_of(ReportKind.MONTH, today.replace(day=1) - timedelta(days=1))
    for due in rules.ended_reports(posting.since, None, today=today):
        if due.due_on < last.due_on:
            with clock.at(due.period.until + timedelta(days=2)):
                reports.confirm_report(posting, due, remark="", actor=actor)
