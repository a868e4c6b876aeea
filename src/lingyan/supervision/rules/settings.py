"""Which numbers of tasks and talks does a county set (appendix C)?"""

from __future__ import annotations

from lingyan.common import alerts
from lingyan.common.county_settings import Setting
from lingyan.supervision.rules.interviews import REVIEW_DAYS
from lingyan.supervision.rules.tasks import ACCEPT_DAYS

GROUP = "督查督办"
WARN = Setting("alert.warn_days", "督办任务临期提醒（天）", GROUP, "0.8", "D", alerts.WARN_DAYS, 90)
SEVERE = Setting(
    "alert.severe_days", "督办任务超期多少天算严重、上报一级，总览同用（天）", GROUP, "0.8", "D",
    alerts.SEVERE_DAYS, 365, least=1,
)  # fmt: skip
ACCEPT = Setting(
    "task.accept_days", "督办任务接收（工作日）", GROUP, "R-13-01", "A", ACCEPT_DAYS, 30, least=1
)
REVIEW = Setting(
    "interview.review_days", "约谈后回访（天）", GROUP, "R-13-02", "A", REVIEW_DAYS, 365, least=1
)
SETTINGS = (ACCEPT, WARN, SEVERE, REVIEW)
