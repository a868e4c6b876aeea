"""Two act on a pair at the same moment: the second sees what the first has done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lingyan.common import clock
from lingyan.pairing.actions import pairings as actions
from lingyan.pairing.models import Pairing, PairingStep
from lingyan.platform.audit.verify import verify_chain
from tests.pairing.scene import TODAY
from tests.posting.test_two_at_once import both
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def there(transactional_db: None) -> Iterator[World]:
    with clock.at(TODAY):
        yield build_world()


def test_both_sides_answer_at_once(there: World) -> None:
    """The unit has agreed; now it takes it back while the village says yes."""
    pairing = actions.propose_pairing(there.finance, there.pine, is_lead=True, actor=there.officer)
    actions.agree_unit(pairing, actor=there.unit_admin)

    ends = both(
        lambda: actions.decline(pairing, text="任务重", actor=there.unit_admin),
        lambda: actions.agree_village(pairing, meeting_on=TODAY, actor=there.pine_secretary),
        on=TODAY,
    )

    pairing.refresh_from_db()
    # Either the refusal came first and the village is told so, or it came second and stands.
    assert pairing.state == "declined"
    assert ends in (["done", "done"], ["done", "pairing.pairing.wrong_state"])
    assert verify_chain().broken_number is None


def test_two_of_one_unit_agree_once(there: World) -> None:
    pairing = actions.propose_pairing(there.finance, there.pine, is_lead=True, actor=there.officer)

    def agree() -> None:
        actions.agree_unit(pairing, actor=there.unit_admin)

    assert both(agree, agree, on=TODAY) == ["done", "pairing.pairing.wrong_state"]
    assert PairingStep.objects.filter(act="agree_unit").count() == 1


def test_two_offices_name_one_lead_unit(there: World) -> None:
    ends = both(
        lambda: actions.propose_pairing(
            there.finance, there.pine, is_lead=True, actor=there.officer
        ),
        lambda: actions.propose_pairing(
            there.school, there.pine, is_lead=True, actor=there.second_officer
        ),
        on=TODAY,
    )

    assert ends == ["done", "pairing.lead_taken"]
    assert Pairing.objects.count() == 1
