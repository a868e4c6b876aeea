"""How near is a limit, or how long has it passed (0.8)?"""

from __future__ import annotations

from datetime import date, timedelta

from lingyan.common.choices import Choice

WARN_DAYS = 7  # alert.warn_days
SEVERE_DAYS = 30  # alert.severe_days


class AlertLevel(Choice):
    GREEN = "green", "正常"
    YELLOW = "yellow", "临期"
    RED = "red", "超期"
    BLACK = "black", "严重超期"


def alert_level(
    due_on: date, today: date, *, warn_days: int = WARN_DAYS, severe_days: int = SEVERE_DAYS
) -> AlertLevel:
    """Green, yellow from `warn_days` before, red once the day has passed, black long after.

    依据：0.8。到期当日仍为临期，次日起为超期；超期 30 天以上为严重超期。
    """
    if today > due_on + timedelta(days=severe_days):
        return AlertLevel.BLACK
    if today > due_on:
        return AlertLevel.RED
    if today >= due_on - timedelta(days=warn_days):
        return AlertLevel.YELLOW
    return AlertLevel.GREEN
