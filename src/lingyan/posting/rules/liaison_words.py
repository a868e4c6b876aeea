"""Which fixed words do area contact, visits and talks know?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class LiaisonKind(Choice):
    """联系方式。依据：R-2-30。"""

    AREA = "area", "分片联系"
    FIXED = "fixed", "定点走访"


class VisitSide(Choice):
    """Who came: known from the role of whoever writes it down, asked of nobody."""

    UNIT = "unit", "派出单位"
    AREA = "area", "分片联系"
    FIXED = "fixed", "定点走访"
    TOWN = "town", "乡镇党委"
    COUNTY = "county", "县委组织部"


class VisitForm(Choice):
    """依据：R-2-27 走访；“巴山夜话·书记谈心”。"""

    VISIT = "visit", "到村走访"
    TALK = "talk", "谈心谈话"
    BOTH = "both", "到村走访并谈心"


IN_VILLAGE = (VisitForm.VISIT, VisitForm.BOTH)
# What was raised: something of the village, or one of the kinds of HelpRequest.
OF_VILLAGE = "village"
