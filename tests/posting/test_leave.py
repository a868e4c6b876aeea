"""Is leave asked by the person, decided by the right side, and ended by being seen again?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import Period as Days
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import leave, presence
from lingyan.posting.models import LeaveRequest, Posting
from lingyan.posting.rules.leave import Taken, joined_days, year_of_leave
from tests.posting.life_scene import ARRIVED, Life, build_life, posted_actor
from tests.posting.scene import codes
from tests.world import World

MONDAY = date(2026, 6, 1)
DAY = timedelta(days=1)


@pytest.fixture
def scene(world: World) -> Life:
    found = build_life(world)
    found.posting = found.at_work()
    return found


def ask(scene: Life, days: int = 3, since: date = MONDAY, **said: Any) -> LeaveRequest:
    given = {
        "kind": "personal", "since": since, "until": since + days * DAY, "reason": "家中有事",
        "actor": scene.li, **said,
    }  # fmt: skip
    with clock.at(said.pop("asked_on", MONDAY)):
        given.pop("asked_on", None)
        return leave.ask_leave(scene.posting, **given)


def test_three_days_the_town_approves_and_the_village_sees_the_return(scene: Life) -> None:
    asked = ask(scene)
    with clock.at(MONDAY):
        leave.approve_leave(asked, actor=scene.world.north_org)
        assert Posting.objects.get(pk=scene.posting.pk).state == "on_leave"
    with clock.at(MONDAY + 3 * DAY):
        assert any("待销假" in one.title for one in wiring.worklist(scene.secretary))
        done = leave.confirm_return(asked, back_on=MONDAY + 3 * DAY, actor=scene.secretary)

    assert (done.state, done.back_on) == ("back", MONDAY + 3 * DAY)
    assert Posting.objects.get(pk=scene.posting.pk).state == "active"


@pytest.mark.parametrize(
    ("days", "who", "code"),
    [(4, "north_org", "posting.leave_county"), (3, "officer", "posting.leave_town")],
)
def test_more_than_three_days_are_for_the_county(
    scene: Life, days: int, who: str, code: str
) -> None:
    asked = ask(scene, days)

    with clock.at(MONDAY), pytest.raises(Refused) as refused:
        leave.approve_leave(asked, actor=getattr(scene.world, who))

    assert codes(refused) == [code]
    assert LeaveRequest.objects.get().state == "asked"


def test_four_days_the_county_approves(scene: Life) -> None:
    asked = ask(scene, 4)

    with clock.at(MONDAY):
        assert leave.approve_leave(asked, actor=scene.world.officer).state == "approved"


def waiting(actor: Actor) -> list[str]:
    with clock.at(MONDAY):
        return [one.title for one in wiring.worklist(actor) if "请假" in one.title]


def test_each_side_finds_what_it_decides_and_nothing_of_an_ended_posting(scene: Life) -> None:
    ask(scene, 4)
    assert waiting(scene.world.officer) == ["1 份请假待审批"]
    assert waiting(scene.world.north_org) == []

    Posting.objects.filter(pk=scene.posting.pk).update(state="ceased", until=MONDAY)
    assert waiting(scene.world.officer) == []


def test_leave_that_is_cut_in_pieces_is_counted_together(scene: Life) -> None:
    ask(scene, 3)
    assert waiting(scene.world.officer) == []
    second = ask(scene, 2, MONDAY + 3 * DAY)
    assert waiting(scene.world.officer) == ["2 份请假待审批"]

    with clock.at(MONDAY), pytest.raises(Refused) as refused:
        leave.approve_leave(second, actor=scene.world.north_org)

    assert leave.days_together(second) == 5
    assert codes(refused) == ["posting.leave_county"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"reason": " "}, "posting.leave_reason_missing"),
        ({"days": 0}, "posting.leave_order"),
        ({"since": ARRIVED - DAY, "asked_on": ARRIVED}, "posting.leave_before_arrival"),
        ({"since": MONDAY - 8 * DAY}, "posting.leave_too_late"),
        ({"since": date(2028, 3, 31), "days": 2}, "posting.leave_after_term"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(scene: Life, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(scene, **said)

    assert codes(refused) == [code]
    assert not LeaveRequest.objects.exists()


@pytest.mark.parametrize(("since", "days"), [(0, 3), (-2, 3), (2, 5), (1, 1), (-1, 9)])
def test_overlapping_leave_is_refused(scene: Life, since: int, days: int) -> None:
    ask(scene, 3)

    with pytest.raises(Refused) as refused:
        ask(scene, days, MONDAY + since * DAY)

    assert codes(refused) == ["posting.leave_overlap"]
    assert LeaveRequest.objects.count() == 1


def test_days_that_were_given_back_are_free_again(scene: Life) -> None:
    first = ask(scene, 3)
    with clock.at(MONDAY):
        leave.approve_leave(first, actor=scene.world.north_org)
    with clock.at(MONDAY + DAY):
        leave.confirm_return(first, back_on=MONDAY + DAY, actor=scene.world.north_org)
        assert ask(scene, 1, MONDAY + 2 * DAY).state == "asked"
        with pytest.raises(Refused):
            ask(scene, 1, MONDAY)


def test_nobody_asks_for_somebody_else(scene: Life) -> None:
    other = posted_actor(scene.world.wang, scene.world.pine, Role.TEAM_MEMBER)
    for actor in (other, scene.secretary, scene.world.officer):
        with pytest.raises(Refused) as refused:
            ask(scene, actor=actor)
        assert codes(refused) == ["posting.leave.wrong_role"]


def test_the_town_writes_down_what_came_on_paper_and_another_approves(scene: Life) -> None:
    asked = ask(scene, actor=scene.world.north_org)
    with clock.at(MONDAY):
        with pytest.raises(Refused) as refused:
            leave.approve_leave(asked, actor=scene.world.north_org)
        assert codes(refused) == ["directory.same_person"]
        assert leave.approve_leave(asked, actor=scene.town_secretary).state == "approved"


def test_a_refusal_needs_its_words_and_frees_the_days(scene: Life) -> None:
    asked = ask(scene)
    with clock.at(MONDAY):
        with pytest.raises(Refused) as refused:
            leave.refuse_leave(asked, answer="", actor=scene.world.north_org)
        assert codes(refused) == ["posting.reason_missing"]
        leave.refuse_leave(asked, answer="防汛期间", actor=scene.world.north_org)
        with pytest.raises(Refused) as refused:
            leave.approve_leave(asked, actor=scene.town_secretary)
    assert codes(refused) == ["posting.leave.wrong_state"]
    assert ask(scene).state == "asked"


def test_leave_is_taken_back_until_it_begins(scene: Life) -> None:
    asked = ask(scene, since=MONDAY + 2 * DAY)
    with clock.at(MONDAY):
        leave.approve_leave(asked, actor=scene.world.north_org)
        assert Posting.objects.get(pk=scene.posting.pk).state == "active"
    with clock.at(MONDAY + 2 * DAY), pytest.raises(Refused) as refused:
        leave.withdraw_leave(asked, actor=scene.li)
    assert codes(refused) == ["posting.leave_begun"]
    with clock.at(MONDAY + DAY):
        assert leave.withdraw_leave(asked, actor=scene.li).state == "withdrawn"


def test_the_town_takes_back_only_what_it_wrote_down(scene: Life) -> None:
    with clock.at(MONDAY):
        asked = ask(scene)
        with pytest.raises(Refused) as refused:
            leave.withdraw_leave(asked, actor=scene.world.north_org)
        assert codes(refused) == ["posting.leave.not_yours"]
        page = scene.world.client(scene.world.north_org).get(
            reverse("leave_detail", args=[asked.pk])
        )
        assert "撤回" not in page.content.decode()
        leave.withdraw_leave(asked, actor=scene.li)
        again = ask(scene, actor=scene.world.north_org)
        assert leave.withdraw_leave(again, actor=scene.world.north_org).state == "withdrawn"


def test_a_leave_that_was_approved_before_begins_by_itself(scene: Life) -> None:
    asked = ask(scene, since=MONDAY + 2 * DAY)
    with clock.at(MONDAY):
        leave.approve_leave(asked, actor=scene.world.north_org)
        assert leave.begin_due_leave(actor=scene.world.admin) == 0
    with clock.at(MONDAY + 2 * DAY):
        assert leave.begin_due_leave(actor=scene.world.admin) == 1
        assert leave.begin_due_leave(actor=scene.world.admin) == 0

    assert Posting.objects.get(pk=scene.posting.pk).state == "on_leave"


@pytest.mark.parametrize(
    ("back", "code"), [(-1, "posting.leave_back_before"), (4, "posting.day_in_future")]
)
def test_the_day_of_the_return_lies_between(scene: Life, back: int, code: str) -> None:
    asked = ask(scene)
    with clock.at(MONDAY):
        leave.approve_leave(asked, actor=scene.world.north_org)
    with clock.at(MONDAY + 3 * DAY), pytest.raises(Refused) as refused:
        leave.confirm_return(asked, back_on=MONDAY + back * DAY, actor=scene.secretary)

    assert codes(refused) == [code]


def test_a_day_of_absence_is_not_made_good_by_leave(scene: Life) -> None:
    with clock.at(MONDAY):
        presence.find_absence(
            scene.posting, on=MONDAY, text="走访不在村", actor=scene.world.north_org
        )

    with pytest.raises(Refused) as refused:
        ask(scene)

    assert codes(refused) == ["posting.leave_on_absence"]


def test_the_unit_learns_who_was_away_for_too_long(scene: Life) -> None:
    with clock.at(MONDAY):
        LeaveRequest.objects.create(
            posting=scene.posting, kind="sick", since=date(2026, 4, 10), until=date(2026, 5, 10),
            reason="治疗", state="back", back_on=date(2026, 5, 10), asked_by_name="李甲一",
            asked_at=clock.now(),
        )  # fmt: skip
        assert not [one for one in wiring.worklist(scene.world.unit_admin) if "累计" in one.title]
        LeaveRequest.objects.update(back_on=date(2026, 5, 11), until=date(2026, 5, 11))
        [line] = [one for one in wiring.worklist(scene.world.unit_admin) if "累计" in one.title]

    assert line.title == "1 名同志 2026 年请假累计超过县里规定的天数"


# --- sums -----------------------------------------------------------------------------------------


def taken(kind: str, since: str, until: str) -> Taken:
    return Taken(kind, Days(date.fromisoformat(since), date.fromisoformat(until)))


def test_a_year_adds_its_own_days_and_leaves_errands_and_birth_out() -> None:
    year = year_of_leave(
        [
            taken("personal", "2025-12-30", "2026-01-03"),
            taken("sick", "2026-03-01", "2026-03-30"),
            taken("business", "2026-05-01", "2026-05-20"),
            taken("maternity", "2026-06-01", "2026-09-01"),
        ],
        2026,
    )

    assert year.by_kind == {"personal": 2, "sick": 29, "business": 19, "maternity": 92}
    assert year.total == 31
    assert year.is_over
    assert not year_of_leave([taken("sick", "2026-03-01", "2026-03-31")], 2026).is_over


def test_leave_joins_on_both_sides_but_not_over_a_gap() -> None:
    others = [
        taken("annual", "2026-05-29", "2026-06-01"),
        taken("annual", "2026-05-20", "2026-05-28"),
        taken("annual", "2026-06-03", "2026-06-04"),
        taken("annual", "2026-06-04", "2026-06-06"),
    ]

    assert joined_days(Days(MONDAY, MONDAY + 2 * DAY), others) == 8


# --- pages ----------------------------------------------------------------------------------------


def test_the_whole_leave_is_done_on_pages(scene: Life) -> None:
    world = scene.world
    with clock.at(MONDAY):
        phone, town = world.client(scene.li), world.client(world.north_org)
        assert (
            reverse("leave_ask", args=[scene.posting.pk])
            in phone.get(reverse("leave_list")).content.decode()
        )
        said = {"kind": "sick", "since": "2026-06-01", "last_day": "2026-06-03", "reason": "住院"}
        wrong: Any = phone.post(
            reverse("leave_ask", args=[scene.posting.pk]), {**said, "last_day": "2026-05-31"}
        )
        assert wrong.status_code == 422
        answer: Any = phone.post(reverse("leave_ask", args=[scene.posting.pk]), said)
        asked = LeaveRequest.objects.get()
        assert answer.headers["Location"] == reverse("leave_detail", args=[asked.pk])
        assert any("请假待审批" in one.title for one in wiring.worklist(world.north_org))
        assert town.post(reverse("leave_decide", args=[asked.pk]), {}).status_code == 422
        town.post(reverse("leave_decide", args=[asked.pk]), {"outcome": "approve"})
        village = world.client(scene.secretary)
        village.post(reverse("leave_return", args=[asked.pk]), {"back_on": "2026-06-01"})

    asked.refresh_from_db()
    assert (asked.state, asked.back_on) == ("back", MONDAY)


def test_why_somebody_is_away_reads_who_decides_and_who_asked(scene: Life) -> None:
    asked = ask(scene, kind="sick", reason="住院手术")
    where = reverse("leave_detail", args=[asked.pk])
    for actor in (scene.li, scene.world.north_org, scene.world.officer):
        page = scene.world.client(actor).get(where).content.decode()
        assert "住院手术" in page
        assert "病假" in page
    for actor in (scene.secretary, scene.world.unit_admin):
        page = scene.world.client(actor).get(where).content.decode()
        assert "李甲一" in page
        assert "住院手术" not in page
        assert "病假" not in page
        assert "病假" not in scene.world.client(actor).get(reverse("leave_list")).content.decode()


def test_strangers_find_no_leave(scene: Life) -> None:
    asked = ask(scene)
    for name in ("leave_detail", "leave_ask"):
        pk = asked.pk if name == "leave_detail" else scene.posting.pk
        answer: Any = scene.world.client(scene.world.stranger).get(reverse(name, args=[pk]))
        assert answer.status_code == 404
    south: Any = scene.world.client(scene.world.south_org).post(
        reverse("leave_decide", args=[asked.pk]), {"outcome": "approve"}
    )
    assert south.status_code == 404
    assert LeaveRequest.objects.get().state == "asked"
