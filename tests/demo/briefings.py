"""What does the issued briefing of a demo say, and does each number open exactly its records?"""

from __future__ import annotations

from lingyan.briefings.exports.issued import bundle_of
from lingyan.briefings.models import Briefing
from lingyan.briefings.queries.frozen import differences, question_of, records_of
from lingyan.briefings.rules.bundle import verify_bundle, write_bundle
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.indicators.registry import INDICATORS, rows


def said_and_proven() -> dict[str, str]:
    """By row of the article, once the list of each number was held against what is there."""
    briefing = Briefing.objects.get(state="issued")
    figures = list(briefing.figures.all())
    for one in figures:
        found = records_of(INDICATORS[one.indicator], question_of(one))
        assert differences(one, found).is_none, one.indicator
        assert len(found) == one.record_count
    verdict = verify_bundle(write_bundle(bundle_of(briefing)))
    assert verdict.text is None
    assert verdict.records == sum(one.record_count for one in figures)
    by_code = {code: row for row, code in rows().items()}
    return {by_code[one.indicator]: one.written for one in figures if one.indicator in by_code}


def who_passed_it() -> list[str]:
    """Whoever drafted, checked, reviewed, signed and issued it, in this order."""
    briefing = Briefing.objects.get(state="issued")
    told = AuditEntry.objects.filter(
        action__startswith="briefings.briefing.", subject_id=str(briefing.pk)
    )
    return list(told.order_by("number").values_list("actor_name", flat=True))
