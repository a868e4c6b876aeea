"""Which pairs may be named a demonstration site, and by whom?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lingyan.common.refusals import Refusal
from lingyan.pairing.rules.assessments import DEMO_SCORE, HUNDREDTHS

AUDIT_TEXTS = {
    "pairing.site.named": "命名结对共建示范点",
    "pairing.site.revoked": "取消结对共建示范点",
}


def refuse_to_name(
    *, name: str, named_on: date, today: date, document_number: str, taken: bool,
    scores: Mapping[str, int | None],
) -> tuple[Refusal, ...]:  # fmt: skip
    """Each pair's last confirmed assessment reaches 90. 依据：R-3-07。"""
    refusals = []
    if not name.strip():
        refusals.append(Refusal("pairing.site.name", "请写示范点名称"))
    if taken:
        refusals.append(Refusal("pairing.site.known", "同名的示范点已经命名"))
    if not document_number.strip():
        refusals.append(Refusal("pairing.site.document", "请写命名文件的文号"))
    if named_on > today:
        refusals.append(Refusal("pairing.site.day", "命名日期不能晚于今天"))
    if not scores:
        refusals.append(Refusal("pairing.site.pairs", "请选至少一对结对"))
    for pair, score in scores.items():
        if score is None:
            refusals.append(Refusal("pairing.site.not_assessed", f"{pair} 还没有确认的年度考评"))
        elif score < DEMO_SCORE:
            told = f"{score / HUNDREDTHS:g}"
            least = DEMO_SCORE // HUNDREDTHS
            refusals.append(
                Refusal("pairing.site.score", f"{pair} 最近一次考评 {told} 分，应不低于 {least} 分")
            )
    return tuple(refusals)


def refuse_to_revoke(
    *, reason: str, revoked_on: date, named_on: date, today: date, is_revoked: bool
) -> tuple[Refusal, ...]:
    refusals = []
    if is_revoked:
        refusals.append(Refusal("pairing.site.revoked", "这个示范点已经取消"))
    if not reason.strip():
        refusals.append(Refusal("pairing.site.reason", "请写明取消的原因"))
    if not named_on <= revoked_on <= today:
        refusals.append(Refusal("pairing.site.revoked_on", "取消日期应在命名以后、不晚于今天"))
    return tuple(refusals)
