"""Where does a briefing stand?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class BriefingState(Choice):
    DRAFTED = "drafted", "起草中"
    DATA_CHECKED = "data_checked", "数据已核对"
    REVIEWED = "reviewed", "已审核"
    SIGNED = "signed", "已签发"
    ISSUED = "issued", "已印发"
    RECALLED = "recalled", "已撤回"
    VOID = "void", "已作废"


OPEN = (
    BriefingState.DRAFTED,
    BriefingState.DATA_CHECKED,
    BriefingState.REVIEWED,
    BriefingState.SIGNED,
)
LIVE = (BriefingState.DRAFTED, BriefingState.VOID)
"""With the numbers of today; in every other state with those that were frozen."""
PUBLIC = (BriefingState.ISSUED, BriefingState.RECALLED)
