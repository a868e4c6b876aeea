"""Which fixed words do support, help requests, honours and career steps know?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class SupportItem(Choice):
    """保障项目。依据：2.11。"""

    WORK_FUND = "work_fund", "工作经费"
    LIVING = "living", "生活补助"
    TRANSPORT_COMM = "transport_comm", "交通通讯补贴"
    HEALTH_EXAM = "health_exam", "健康体检"
    ACCIDENT_INS = "accident_ins", "意外伤害保险"
    CARE_VISIT = "care_visit", "走访慰问"


RECORDED = (SupportItem.HEALTH_EXAM, SupportItem.CARE_VISIT)
"""What happens on a day and is recorded by hand; the rest is money."""


class StandardKey(Choice):
    """县定标准: sums of money first, then how often and how many."""

    FUND_YEAR = "support.fund_year", "工作经费（元／年）"
    LIVING_DAY = "support.living_day", "生活补助（元／天）"
    TRANSPORT_MONTH = "support.transport_month", "交通通讯补贴（元／月）"
    EXAMS_YEAR = "support.exams_per_year", "健康体检（次／年）"
    VISITS_YEAR = "support.visits_per_year", "走访慰问（次／年）"
    UNIT_VISITS = "unit.visit_per_year", "单位主要负责人走访（次／年）"
    AREA_VISITS = "area.visit_per_half_year", "分片联系走访（次／半年）"
    MONTH_DAYS = "post.month_days", "每月在村（天）"
    PRETRAIN_HOURS = "post.pretrain_hours", "岗前培训（学时）"
    OVERLAP_DAYS = "post.overlap_days", "压茬交接（天）"
    TOWN_LEAVE = "leave.town_max_days", "乡镇党委可批的请假（天）"
    YEAR_LEAVE = "leave.year_max_days", "全年请假累计上限（天）"
    REPLACE_DAYS = "recall.replace_days", "召回、终止后补派（工作日）"
    MASS_MIN = "recall.mass_min", "召回线索的群众满意度下限（%）"
    BAN_MONTHS = "recall.ban_months", "召回后不再选派（月）"
    PROMOTION_BAN = "recall.promotion_ban_months", "召回后不予提拔（月）"
    UNIT_MINUS = "recall.unit_minus", "召回后单位党建考核减分（分）"
    SIGN_IN = "checkin.enabled", "定位登记（1 启用，0 停用）"
    SIGN_IN_RADIUS = "checkin.radius_m", "定位登记的范围（米）"
    KEEP_WISHES = "keep.wishes_months", "志愿和退回、退出理由保存（月）"
    KEEP_REJECTED = "keep.rejected_months", "出库人选的申报情况保存（月）"
    KEEP_SIGN_INS = "keep.sign_in_months", "定位登记的位置保存（月）"


class ItemState(Choice):
    """How one item of one person stands in a year."""

    NONE = "none", "未到期"
    DONE = "done", "已落实"
    DUE = "due", "待落实"
    OVERDUE = "overdue", "逾期"


class PaymentState(Choice):
    MADE = "made", "待审核"
    CHECKED = "checked", "待支付"
    PAID = "paid", "已支付"
    RETURNED = "returned", "已退回"


class HelpKind(Choice):
    """实际困难的类别。依据：2.11 HelpRequest。"""

    SPOUSE_JOB = "spouse_job", "配偶就业"
    CHILD_SCHOOL = "child_school", "子女入学"
    ELDER_CARE = "elder_care", "老人照料"
    HOUSING = "housing", "住房"
    HEALTH = "health", "就医"
    OTHER = "other", "其他"


class HelpState(Choice):
    RAISED = "raised", "已提出"
    ACCEPTED = "accepted", "已受理"
    HANDLING = "handling", "办理中"
    ANSWERED = "answered", "已办好，待本人确认"
    DECLINED = "declined", "暂不具备条件，待本人确认"
    SOLVED = "solved", "已解决"
    UNSOLVED = "unsolved", "暂不具备条件"
    WITHDRAWN = "withdrawn", "已撤回"


class HelpOwner(Choice):
    UNIT = "unit", "派出单位"
    TOWN = "town", "乡镇党委"
    COUNTY = "county", "县委组织部"


class HonorLevel(Choice):
    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"
    NATION = "nation", "国家级"


class HonorKind(Choice):
    BEST_FIRST_SECRETARY = "best_first_secretary", "最美第一书记"
    OTHER = "other", "其他"


class CareerKind(Choice):
    """使用情况。依据：2.11 CareerUse。"""

    PROMOTED = "promoted", "提拔"
    FURTHER_USE = "further_use", "进一步使用"
    RANK_UP = "rank_up", "晋升职级"


class NominationState(Choice):
    NOMINATED = "nominated", "待决定"
    GRANTED = "granted", "已决定"
    REFUSED = "not_granted", "未通过"
