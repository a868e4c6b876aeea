"""Which briefing has the demo county issued? Written, checked, reviewed and signed by four people.

Every number in it is bound: it says what the records of the demo give, in the published words.
"""

from __future__ import annotations

from datetime import date, timedelta

from lingyan.briefings.actions.briefings import Written, draft_briefing, step_briefing
from lingyan.briefings.models import Briefing
from lingyan.briefings.rules.supplied import find_supplied
from lingyan.common import clock
from lingyan.common.periods import Period, year_of
from lingyan.demo.cast import Cast
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.indicators.definitions import Question
from lingyan.platform.indicators.registry import find

SERIES = "组工简报"
XUANHAN_DAY = date(2026, 1, 23)
XUANHAN = """\
去年以来，全县从培育带头人、结对建组织两个方面推进抓党建促乡村振兴，现将进展情况通报如下。
一、先锋培塑，选好派强带头人
（一）按村所需选派。先给村体检、列出需求，再按需求找人，新选派第一书记{X01|写法=准确|单位=名}，其中有涉农专业、项目管理或基层领导经历的占比{X02|写法=超75%}。
（二）跟踪管理服务。帮助第一书记解决工作和生活上的实际困难{X03|期间=累计}；得到提拔或进一步使用的有{X04|写法=准确|单位=名}，获得省市级表彰的有{X05|写法=准确|单位=名}。
二、组织联建，结对共建增活力
（一）双向选择结对。{X08}县级部门（单位）和企事业单位的党组织，与{X09}乡村振兴任务重的村党组织结成对子。
（二）活动落到村里。结对双方开展技术培训、普法宣传、义诊服务等活动{X12}，机关党员到村参与{X13}。
（三）资源送到村里。结对单位帮助协调项目资金{X14}，解决道路、饮水、网络等实际问题{X15}。
"""
TAIBAI = """\
全县围绕选人、派人、整顿几个环节持续用力，现将有关情况通报如下。
一、选优配强带头人
村（社区）“两委”换届后，班子平均年龄{T01}，较上届{T02}；高中及以上学历的有{T03}，占比较上届{T04}；来自“四类人员”的占{T05|写法=77%}。书记、主任“一肩挑”的村{T20}。
二、因村派人下沉一线
把优秀党员干部{T06|写法=准确|单位=名}选派到乡村振兴一线，覆盖{T07}镇、{T08}村。
三、整顿软弱涣散组织，压实责任
目前整顿中的村党组织{IND-4-01}。上年度村党组织书记述职评议考核完成率{T16|期间=去年全年}。
"""
VISITED = "县级领导每月深入一线督查调研，应到的月份到村率{T09}。\n"


def of_xuanhan(cast: Cast) -> Briefing:
    """As at the day of the county's article, issued three days later."""
    with clock.at(XUANHAN_DAY):
        written = _written("xuanhan", XUANHAN, "中共宣汉县委组织部", "去年以来", XUANHAN_DAY)
        briefing = _passed(cast, "三项行动推进情况", written)
    with clock.at(XUANHAN_DAY + timedelta(days=3)):
        return step_briefing(briefing, "issue", actor=cast.office)


def of_taibai(cast: Cast, today: date) -> Briefing:
    with clock.at(today):
        text = TAIBAI + (VISITED if _owed(cast, today) else "")
        written = _written("taibai", text, "中共太白县委组织部", "今年以来", today)
        briefing = _passed(cast, "五项举措推进情况", written)
        return step_briefing(briefing, "issue", actor=cast.office)


def _owed(cast: Cast, today: date) -> bool:
    """Whether a month has passed in which a leader had to visit."""
    visited = find("T09")
    assert visited is not None
    period = Period(year_of(today).since, today + timedelta(days=1))
    return bool(visited.parts(Question(Scope((cast.county.path,)), today, period)).of)


def _written(key: str, text: str, issuer: str, period: str, on: date) -> Written:
    supplied = find_supplied(key)
    assert supplied is not None
    return Written(
        title=supplied.title,
        text=text,
        series=SERIES,
        issuer=issuer,
        period=period,
        on=on,
        to_report="市委组织部，县委常委",
        to_distribute="各乡镇党委，县直各党（工）委",
        printer=f"{issuer}办公室",
        copies=60,
    )


def _passed(cast: Cast, template: str, written: Written) -> Briefing:
    """From the template's text to the signature."""
    briefing = draft_briefing(written, template=template, actor=cast.office)
    for act, actor in (("check", cast.officer), ("review", cast.admin), ("sign", cast.leader)):
        briefing = step_briefing(briefing, act, actor=actor)
    return briefing
