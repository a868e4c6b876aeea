"""From need lists to postings: the whole journey in one go."""

from __future__ import annotations

from datetime import date

from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.models import PoolEntry
from tests.posting.scene import Scene, again


def test_a_round_leads_from_need_lists_to_postings(scene: Scene) -> None:
    postings = scene.issued()

    round = again(postings[0].round)
    assert round.state == "issued"
    assert len(postings) == 5
    assert {str(posting.village) for posting in postings} == {
        "松树村",
        "溪口村",
        "石桥村",
        "磨坊村",
    }
    assert all(posting.state == "appointed" for posting in postings)
    assert all(posting.planned_until == date(2028, 4, 1) for posting in postings)
    assert PoolEntry.objects.filter(state="selected").count() == 5
    assert AuditEntry.objects.filter(action="posting.posting.created").count() == 5


def test_the_candidate_who_was_wanted_goes_where_he_wished(scene: Scene) -> None:
    postings = scene.issued()

    posting = next(one for one in postings if one.person == scene.world.li)
    assert posting.village == scene.world.pine
    assert posting.kind == "first_secretary"
