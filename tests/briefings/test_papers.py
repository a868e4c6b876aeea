"""A briefing on paper: as page, as Word file, and as a bundle that proves it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from lingyan.briefings.actions.briefings import Written, draft_briefing, step_briefing
from lingyan.briefings.exports.issued import bundle_of
from lingyan.briefings.models import Briefing
from lingyan.briefings.rules.bundle import end_of_chain, verify_bundle
from lingyan.common import clock
from lingyan.directory.models import PartyOrganization, Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery
from tests.demo_line import says_demo
from tests.world import World

TODAY = date(2026, 3, 10)
WRITTEN = Written(
    title="党支部建设情况", text="一、建起来\n今年新建党支部{Z01|写法=3个}。", series="组工简报",
    issuer="中共山阳县委组织部", period="2026", on=TODAY, to_send="各乡镇",
    printer="县委组织部办公室",
)  # fmt: skip


def _founded(asked: Question) -> Any:
    return PartyOrganization.objects.visible_to(asked.scope).filter(
        since__gte=asked.period.since, since__lt=asked.period.until
    ).select_related("place")  # fmt: skip


FOUNDED = Indicator(
    code="T-FOUNDED", rows=("Z01",), name="新建的党支部", unit="个", basis="统计期内成立的党支部",
    kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
    source=FromQuery(
        _founded,
        lambda one: Record("directory.PartyOrganization", str(one.pk), one.place.path, (one.name,)),
        ("name",), "place",
    ),
    heads=("名称",), group="试验", rule="R-0-13",
    readers=("county_org_staff", "county_org_admin", "county_org_leader"),
)  # fmt: skip


@pytest.fixture
def house(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(registry, "INDICATORS", {**registry.INDICATORS})
    monkeypatch.setattr(registry, "_BY_ROW", {**registry._BY_ROW})
    registry.register((FOUNDED,))
    for number in range(3):
        PartyOrganization.objects.create(
            name=f"松树{number}支部",
            kind="branch",
            place=world.pine,
            since=date(2026, 2, number + 1),
        )
    with clock.at(TODAY):
        yield world


def drafted(world: World, written: Written = WRITTEN) -> Briefing:
    return draft_briefing(written, actor=world.officer)


def issued(world: World) -> Briefing:
    briefing = drafted(world)
    for act, actor in (
        ("check", world.second_officer), ("review", world.admin), ("sign", world.leader),
        ("issue", world.officer),
    ):  # fmt: skip
        briefing = step_briefing(briefing, act, actor=actor)
    return briefing


def got(world: World, actor: Actor, briefing: Briefing, what: str) -> Any:
    return world.client(actor).get(f"/briefings/{briefing.pk}/{what}/")


def lines(content: bytes) -> list[str]:
    return [one.text for one in Document(BytesIO(content)).paragraphs]


def test_a_draft_is_printed_as_one_with_what_failed_marked(house: World) -> None:
    briefing = drafted(house, replace(WRITTEN, text=WRITTEN.text + "另有{Z01|写法=5个}、8个。"))

    text = got(house, house.officer, briefing, "print").content.decode()
    word = lines(got(house, house.officer, briefing, "word").content)

    assert "起草中，尚未印发" in text
    assert '<mark title="“5个”与实际的 3 不符">5个</mark>' in text
    assert '<mark title="手写的数字，没有关联台账">8</mark>' in text
    assert "核验摘要" not in text
    assert "起草中，尚未印发" in word[:2]
    assert "今年新建党支部3个。另有5个、8个。" in word


def test_the_issued_one_stays_as_it_was_frozen(house: World) -> None:
    briefing = issued(house)
    PartyOrganization.objects.filter(name="松树0支部").delete()

    text = got(house, house.north_org, briefing, "print").content.decode()
    answer = got(house, house.north_org, briefing, "word")
    word = lines(answer.content)

    assert "今年新建党支部3个。" in text
    assert "<mark" not in text
    assert "尚未印发" not in text
    assert end_of_chain(bundle_of(briefing)) in text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "第1期" in word
    assert "今年新建党支部3个。" in word
    assert "中共山阳县委组织部\t2026年3月10日" in word
    assert any(
        one.startswith("序号：1；文中表述：3个；指标：T-FOUNDED 新建的党支部") for one in word
    )


def test_the_list_of_figures_is_printed_where_that_is_asked_for(house: World) -> None:
    briefing = issued(house)
    client = house.client(house.officer)

    text = client.get(f"/briefings/{briefing.pk}/print/?list=1").content.decode()
    word = client.get(f"/briefings/{briefing.pk}/word/?list=1").content

    assert "新建的党支部（T-FOUNDED，口径第 1 版）" in text
    assert Document(BytesIO(word)).tables[0].rows[1].cells[1].text == "3个"


def test_the_bundle_of_an_issued_briefing_proves_it(house: World) -> None:
    briefing = issued(house)
    answer = got(house, house.north_org, briefing, "bundle")

    verdict = verify_bundle(answer.content, expected=end_of_chain(bundle_of(briefing)))

    assert verdict.text is None
    assert (verdict.figures, verdict.records) == (1, 3)
    assert "松树".encode() not in answer.content
    assert not says_demo(answer)


def test_the_bundle_of_a_demo_says_so(house: World) -> None:
    briefing = issued(house)
    Place.objects.update(is_demo=True)

    answer = got(house, house.officer, briefing, "bundle")

    assert says_demo(answer)
    assert verify_bundle(answer.content).text is None


def test_a_record_taken_from_the_stored_list_is_found(house: World) -> None:
    """Somebody who reaches the database changes what was frozen."""
    briefing = issued(house)
    made = bundle_of(briefing)
    other = replace(made.figures[0], records=made.figures[0].records[1:])

    assert end_of_chain(replace(made, figures=(other,))) != end_of_chain(made)


def test_a_recalled_one_says_so_on_paper(house: World) -> None:
    briefing = step_briefing(issued(house), "recall", note="表述有误", actor=house.admin)

    assert "已于2026年3月10日撤回" in got(house, house.officer, briefing, "print").content.decode()
    assert "已于2026年3月10日撤回" in lines(got(house, house.officer, briefing, "word").content)


@pytest.mark.parametrize("what", ["print", "word", "bundle"])
def test_who_gets_it(what: str, house: World) -> None:
    """The office sees its drafts, the county what was issued, another county nothing."""
    draft, sent = drafted(house), issued(house)
    of_draft = 404 if what == "bundle" else 200

    def status(actor: Actor, briefing: Briefing) -> int:
        return int(got(house, actor, briefing, what).status_code)

    assert status(house.second_officer, draft) == of_draft
    assert status(house.north_org, draft) == 404
    assert status(house.pine_secretary, sent) == 200
    assert status(house.stranger, sent) == 404
    assert status(house.candidate, sent) == 403


def test_pages_and_files_change_nothing(house: World) -> None:
    briefing = issued(house)
    before = Briefing.objects.filter(pk=briefing.pk).values().get()
    with clock.at(TODAY + timedelta(days=30)):
        for what in ("print", "word", "bundle"):
            got(house, house.officer, briefing, what)

    assert Briefing.objects.filter(pk=briefing.pk).values().get() == before
