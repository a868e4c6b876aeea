"""An appraisal of last year with everything that an address asks for: box, entry, appeal."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.posting.actions import appraisal, appraisal_scores, ballots
from lingyan.posting.actions.appraisal_scores import Given
from lingyan.posting.models import Posting
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules.appraisal_scores import Scheme
from lingyan.posting.rules.appraisal_words import AppraisalKind, AppraisalPart
from tests.world import World

OPENED, SUMMED_UP = date(2026, 2, 2), date(2026, 2, 4)


def appraisal_records(world: World, posting: Posting) -> dict[str, Any]:
    """磨坊村's own is told the result and has appealed; whoever else was in post takes no part."""
    with clock.at(OPENED):
        appraisal.make_scheme(
            county=world.county, kinds=[AppraisalKind.ANNUAL], clause="无文件", actor=world.admin,
            scheme=Scheme(weights={"town": 60, "mass": 40, "county": 0, "unit": 0}),
            valid_from=OPENED,
        )  # fmt: skip
        cycle = appraisal.open_appraisal(
            county=world.county, kind=AppraisalKind.ANNUAL, year=2025, due_on=date(2026, 2, 3),
            actor=world.officer,
        )  # fmt: skip
        for one in queries.active_entries(cycle).exclude(posting=posting):
            appraisal.leave_out(one, reason="到岗不满半年", actor=world.officer)
        cycle = appraisal.start_scoring(cycle, actor=world.officer)
        [entry] = queries.active_entries(cycle)
        appraisal_scores.save_scores(
            cycle, part=AppraisalPart.TOWN, given=[Given(entry.pk, (18,) * 5)],
            actor=world.south_org,
        )  # fmt: skip
        box = ballots.make_ballots(
            cycle, posting.village, households=200, slips=30, actor=world.south_org
        )
        ballots.count_papers(
            box, papers=30, counts={entry.pk: (25, 3, 1, 1)}, counters="刘丁一、吴丁二",
            actor=world.south_org,
        )  # fmt: skip
    with clock.at(SUMMED_UP):
        cycle = appraisal.summarise(cycle, actor=world.officer)
        cycle = appraisal.deliberate(cycle, text="部务会研究同意", actor=world.leader)
        appraisal.notify(cycle, actor=world.officer)
        made = appraisal.appeal(entry, text="走访天数算少了", actor=world.south_org)
    return {"cycle_id": cycle.pk, "box_id": box.pk, "appeal_id": made.pk, "appraised_id": entry.pk}
