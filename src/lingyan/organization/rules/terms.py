"""How long does a term last, and when is its end near?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class TermKind(Choice):
    """依据：1.7 Term（PARTY/VC/COOP）。"""

    PARTY = "party", "村党组织"
    VC = "vc", "村（居）民委员会"
    COOP = "coop", "集体经济组织"


TERM_YEARS = 5
