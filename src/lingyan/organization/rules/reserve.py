"""Who may become a village leader one day, and how far has it come?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class ReserveState(Choice):
    """依据：R-1-40。"""

    FOUND = "found", "已发现"
    CONFIRMED = "confirmed", "已确认"
    TRAINING = "training", "培养中"
    USED = "used", "已使用"
    REMOVED = "removed", "已退出"
