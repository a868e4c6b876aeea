"""Is presence counted from facts, confirmed by the village, and absence heard before it counts?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import alert_level
from lingyan.common.periods import Period, month_of
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.posting.actions import leave, presence
from lingyan.posting.models import Absence, MonthPresence, Posting
from lingyan.posting.queries import presence as queries
from lingyan.posting.rules import presence as rules
from lingyan.posting.rules.life_words import Whereabouts
from tests.posting.life_scene import ARRIVED, Life, build_life, post
from tests.posting.scene import codes
from tests.world import World

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
DAY = timedelta(days=1)
WORKED = [JUNE + number * DAY for number in range(18)]


@pytest.fixture
def scene(world: World) -> Life:
    found = build_life(world)
    found.posting = found.at_work()
    return found


@pytest.fixture
def worked(scene: Life, monkeypatch: pytest.MonkeyPatch) -> Life:
    """李甲一 did something in the village on each of the first eighteen days of June."""

    def source(keys: Collection[UUID], since: date, until: date) -> Iterator[rules.PresenceFact]:
        for day in WORKED:
            if scene.posting.pk in keys and since <= day < until:
                yield rules.PresenceFact(scene.posting.pk, day, "驻村日志", "走访")

    monkeypatch.setattr(queries, "FACT_SOURCES", [source])
    return scene


def on_leave(scene: Life, since: date, days: int, kind: str = "personal") -> None:
    with clock.at(since):
        asked = leave.ask_leave(
            scene.posting, kind=kind, since=since, until=since + days * DAY, reason="事",
            actor=scene.li,
        )  # fmt: skip
        actor = scene.world.north_org if days <= 3 else scene.world.officer
        leave.approve_leave(asked, actor=actor)
    with clock.at(since + days * DAY):
        leave.confirm_return(asked, back_on=since + days * DAY, actor=scene.secretary)


# --- counting -------------------------------------------------------------------------------------


def test_facts_and_errands_count_and_leave_does_not(worked: Life) -> None:
    on_leave(worked, date(2026, 6, 20), 2, "business")
    on_leave(worked, date(2026, 6, 17), 2)

    figures = queries.figures_of([worked.posting.pk], JUNE)[worked.posting.pk]

    assert figures.count == 18  # eighteen days of facts, two of them on leave, two on errands
    assert figures.clashes == (date(2026, 6, 17), date(2026, 6, 18))
    assert not figures.is_enough
    assert queries.on_site_days(worked.posting, date(2026, 6, 30)) == 18
    assert queries.on_site_days(worked.posting, JULY) == 0


def test_several_facts_of_a_day_are_one_day() -> None:
    figures = rules.month_figures([JUNE, JUNE, JUNE + DAY, JULY], (), month_of(JUNE))

    assert figures.count == 2


def test_leave_over_the_end_of_a_month_belongs_to_both() -> None:
    away = [rules.Away(Period(date(2026, 5, 30), date(2026, 6, 3)), is_errand=False)]

    assert len(rules.month_figures((), away, month_of(JUNE)).leave_days) == 2
    assert len(rules.month_figures((), away, month_of(date(2026, 5, 1))).leave_days) == 2


@pytest.mark.parametrize(
    ("has_fact", "errands", "word"),
    [
        (True, [], "in_village"),
        (True, [False], "in_village"),
        (False, [False], "on_leave"),
        (False, [True], "errand"),
        (False, [], "no_record"),
    ],
)
def test_whereabouts_are_one_of_four(has_fact: bool, errands: list[bool], word: str) -> None:
    away = [rules.Away(Period(JUNE, JULY), is_errand=one) for one in errands]

    assert rules.whereabouts(has_fact=has_fact, away=away) == word


@pytest.mark.parametrize(
    ("days", "level"),
    [(8, "green"), (7, "yellow"), (0, "yellow"), (-1, "red"), (-30, "red"), (-31, "black")],
)
def test_a_limit_warns_then_reddens_then_blackens(days: int, level: str) -> None:
    assert alert_level(JUNE + days * DAY, JUNE) == level


# --- the month ------------------------------------------------------------------------------------


def confirm(scene: Life, days: int = 18, text: str = "", **said: Any) -> MonthPresence:
    with clock.at(said.pop("on", JULY)):
        return presence.confirm_month(
            scene.posting,
            **{"month": JUNE, "days": days, "text": text, "actor": scene.secretary, **said},
        )


def test_the_village_confirms_a_month_and_the_number_stays(
    worked: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = confirm(worked)
    monkeypatch.setattr(queries, "FACT_SOURCES", [])

    assert (done.days, done.days_by_facts) == (18, 18)
    assert queries.on_site_days(worked.posting, JUNE) == 18


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"on": date(2026, 6, 30)}, "posting.month_not_over"),
        ({"days": 20}, "posting.month_text_missing"),
        ({"days": 31, "text": "天天在"}, "posting.month_too_many"),
        ({"month": date(2026, 3, 1), "days": 0}, "posting.month_not_in_post"),
        ({"actor": "north_org"}, "posting.month.wrong_role"),
        ({"actor": "li"}, "posting.month.wrong_role"),
    ],
)
def test_a_month_is_refused_with_its_reason(worked: Life, said: dict[str, Any], code: str) -> None:
    if isinstance(said.get("actor"), str):
        name = said["actor"]
        said = {**said, "actor": worked.li if name == "li" else getattr(worked.world, name)}

    with pytest.raises(Refused) as refused:
        confirm(worked, **said)

    assert code in codes(refused)
    assert not MonthPresence.objects.exists()


def test_a_month_is_confirmed_once(worked: Life) -> None:
    confirm(worked)

    with pytest.raises(Refused) as refused:
        confirm(worked, 20, "补记")

    assert codes(refused) == ["posting.month_confirmed"]
    assert confirm_titles(worked) == []


def test_another_number_than_recorded_says_why(worked: Life) -> None:
    assert confirm(worked, 20, "两天防汛值守没有写日志").days == 20


def confirm_titles(scene: Life) -> list[str]:
    with clock.at(JULY):
        return [one.title for one in wiring.worklist(scene.secretary) if "在村天数" in one.title]


def test_the_village_is_asked_for_last_month(worked: Life) -> None:
    assert confirm_titles(worked) == ["1 名同志 6 月的在村天数待确认"]


def test_who_came_later_or_has_left_is_not_asked_for(worked: Life) -> None:
    Posting.objects.filter(pk=worked.posting.pk).update(arrived_on=JULY)
    assert confirm_titles(worked) == []
    Posting.objects.filter(pk=worked.posting.pk).update(
        arrived_on=ARRIVED, state="ceased", until=JUNE
    )
    assert confirm_titles(worked) == []


# --- absence --------------------------------------------------------------------------------------

LATER = date(2026, 6, 25)


def find(scene: Life, on: date = LATER, **said: Any) -> Absence:
    with clock.at(said.pop("found_on", LATER)):
        return presence.find_absence(
            scene.posting,
            **{"on": on, "text": "走访时不在村", "actor": scene.world.north_org, **said},
        )


def test_absence_counts_only_after_the_person_was_heard_by_another(worked: Life) -> None:
    absence = find(worked)
    with clock.at(LATER):
        with pytest.raises(Refused) as refused:
            presence.settle_absence(
                absence, upholds=True, answer="属实", actor=worked.world.officer
            )
        assert codes(refused) == ["posting.absence_not_heard"]
        presence.state_absence(absence, statement="家中有急事未请假", actor=worked.li)
        with pytest.raises(Refused) as refused:
            presence.settle_absence(
                absence, upholds=True, answer="属实", actor=worked.world.north_org
            )
        assert codes(refused) == ["directory.same_person"]
        assert queries.upheld_in_year(worked.posting, 2026) == 0
        presence.settle_absence(absence, upholds=True, answer="属实", actor=worked.world.officer)

    assert queries.upheld_in_year(worked.posting, 2026) == 1
    assert queries.upheld_in_year(worked.posting, 2025) == 0


def test_what_is_not_upheld_frees_the_day(worked: Life) -> None:
    absence = find(worked)
    with clock.at(LATER):
        presence.settle_absence(
            absence, upholds=False, answer="在邻村办事", actor=worked.world.officer
        )
        with pytest.raises(Refused) as refused:
            presence.state_absence(absence, statement="我在", actor=worked.li)
    assert codes(refused) == ["posting.absence_settled"]

    assert queries.upheld_in_year(worked.posting, 2026) == 0
    assert find(worked).state == "found"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"on": JUNE}, "posting.absence_has_facts"),
        ({"on": LATER + DAY}, "posting.day_in_future"),
        ({"on": ARRIVED - DAY}, "posting.absence_before_arrival"),
        ({"text": ""}, "posting.absence_text_missing"),
        ({"actor": "secretary"}, "posting.absence.wrong_role"),
    ],
)
def test_an_absence_is_refused_with_its_reason(
    worked: Life, said: dict[str, Any], code: str
) -> None:
    if "actor" in said:
        said = {"actor": worked.secretary}

    with pytest.raises(Refused) as refused:
        find(worked, **said)

    assert codes(refused) == [code]
    assert not Absence.objects.exists()


def test_a_day_of_leave_and_a_day_taken_down_before_are_no_absence(worked: Life) -> None:
    on_leave(worked, date(2026, 6, 22), 2)
    with pytest.raises(Refused) as refused:
        find(worked, date(2026, 6, 23))
    assert codes(refused) == ["posting.absence_on_leave"]
    find(worked)
    with pytest.raises(Refused) as refused:
        find(worked)
    assert codes(refused) == ["posting.absence_twice"]


@pytest.mark.parametrize(
    ("count", "grade"),
    [(0, "excellent"), (1, "competent"), (2, "basic"), (3, "incompetent"), (5, "incompetent")],
)
def test_absences_of_a_year_bound_the_grade(count: int, grade: str) -> None:
    """R-2-24."""
    assert rules.grade_ceiling(count) == grade


# --- pages ----------------------------------------------------------------------------------------


def test_today_shows_one_word_for_each_and_finds_by_it(worked: Life) -> None:
    world = worked.world
    post(world.sun, world.stone, state="active")
    client = world.client(world.officer)
    with clock.at(WORKED[0]):
        page = client.get(reverse("presence_today")).content.decode()
        there = client.get(reverse("presence_today"), {"where": "in_village"}).content.decode()
        south = world.client(world.south_org).get(reverse("presence_today")).content.decode()

    assert "李甲一" in page
    assert Whereabouts.NO_RECORD.label in page
    assert "李甲一" in there
    assert "孙甲五" not in there
    assert "李甲一" not in south
    assert "孙甲五" in south


def test_the_village_confirms_on_the_page_of_the_month(worked: Life) -> None:
    village = worked.world.client(worked.secretary)
    where = reverse("presence_month", args=[worked.posting.pk, "2026-06"])
    with clock.at(JULY):
        assert "李甲一" in village.get(reverse("presence_months")).content.decode()
        assert "确认" in village.get(where).content.decode()
        assert village.post(where, {"days": "40"}).status_code == 422
        assert village.post(where, {"days": "18"}).status_code == 302
        town = worked.world.client(worked.world.north_org)
        assert '<form method="post">' not in town.get(where).content.decode()
        assert town.get(where.replace("2026-06", "2026-13")).status_code == 404

    assert MonthPresence.objects.get().days == 18


def test_an_absence_goes_over_its_pages(worked: Life) -> None:
    world = worked.world
    with clock.at(LATER):
        town, officer = world.client(world.north_org), world.client(world.officer)
        said = {"on": LATER.isoformat(), "text": "走访时不在村"}
        where = reverse("absence_add", args=[worked.posting.pk])
        assert town.post(where, {"on": ""}).status_code == 422
        town.post(where, said)
        absence = Absence.objects.get()
        assert any("说明" in one.title for one in wiring.worklist(worked.li))
        phone = world.client(worked.li)
        phone.post(reverse("absence_state", args=[absence.pk]), {"statement": "急事"})
        settle = reverse("absence_settle", args=[absence.pk])
        assert phone.post(settle, {"outcome": "drop", "answer": "我在"}).status_code == 403
        officer.post(settle, {"outcome": "uphold", "answer": "属实"})
        page = officer.get(reverse("posting_detail", args=[worked.posting.pk])).content.decode()

    assert "认定脱岗" in page
    absence.refresh_from_db()
    assert (absence.state, absence.statement) == ("upheld", "急事")


def test_strangers_find_neither_months_nor_absences(worked: Life) -> None:
    absence = find(worked)
    client = worked.world.client(worked.world.stranger)
    for where in (
        reverse("presence_month", args=[worked.posting.pk, "2026-06"]),
        reverse("absence_detail", args=[absence.pk]),
        reverse("absence_add", args=[worked.posting.pk]),
    ):
        assert client.get(where).status_code == 404


def test_a_month_of_many_costs_what_a_month_of_one_does(
    worked: Life, django_assert_max_num_queries: Any
) -> None:
    world = worked.world
    for person, village in ((world.wang, world.brook), (world.qian, world.stone)):
        post(person, village, state="active")
    client = world.client(world.officer)
    client.get(reverse("presence_months"))

    with clock.at(JULY), django_assert_max_num_queries(32):
        page = client.get(reverse("presence_months")).content.decode()

    assert all(name in page for name in ("李甲一", "王甲二", "钱甲四"))
