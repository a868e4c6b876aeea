"""A term change of 松树村 after its hand-over, for the pages of every role."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.organization.models import JointReview, TermChange
from lingyan.organization.rules.term_words import LookBackItem
from tests.world import World

HELD_ON = date(2026, 2, 10)


def elect_records(world: World) -> dict[str, Any]:
    """Written straight into the tables."""
    change = TermChange.objects.create(
        village=world.pine, state="handed_over", state_since=HELD_ON, planned_on=HELD_ON,
        seats={"vc_director": 1, "vc_member": 2}, plan_text="二月十日选举",
        plan_approved_on=date(2026, 1, 6), new_committee_on=HELD_ON, published_on=HELD_ON,
        filed_on=HELD_ON, filing_number="山组备〔2026〕2号", handed_over_on=HELD_ON,
        created_at=clock.now(),
    )  # fmt: skip
    candidate = change.candidates.create(
        person=world.li, posts=["vc_director"], consented_on=date(2026, 1, 7), resume="返乡",
        relatives_declared=True, made_by_name="宋乙八", made_at=clock.now(),
    )  # fmt: skip
    meeting = change.meetings.create(
        body="vc", kind="first", held_on=HELD_ON, due=300, attended=200, issued=200, returned=200,
        valid=198, seats=change.seats, made_by_name="高乙六", made_at=clock.now(),
    )  # fmt: skip
    meeting.tallies.create(candidate=candidate, post="vc_director", votes=150, is_elected=True)
    review = JointReview.objects.create(
        person=world.li, village=world.pine, purpose="candidacy", change=change,
        opened_on=date(2026, 1, 8), due_on=date(2026, 1, 22), opened_by_name="宋乙八",
        opened_at=clock.now(),
    )  # fmt: skip
    answer = review.answers.create(village=world.pine, department="agriculture")
    checks = [change.checks.create(item=item) for item in LookBackItem]
    return {
        "term_change_id": change.pk,
        "candidate_id": candidate.pk,
        "joint_review_id": review.pk,
        "answer_id": answer.pk,
        "lookback_id": checks[-1].pk,
    }
