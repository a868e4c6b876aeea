"""Is a recall case heard before it is decided, decided by others, and seen by who may see it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.models import Unit
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting import matching
from lingyan.posting.actions import recall
from lingyan.posting.matching.gathering import facts_of
from lingyan.posting.models import (
    Absence,
    MonthPresence,
    PoolEntry,
    Posting,
    RecallCase,
    RecallStep,
)
from lingyan.posting.panels import recall as panels
from lingyan.posting.queries import gathering as rows
from lingyan.posting.queries import recall_effects
from lingyan.posting.queries.life import list_in_post
from tests.posting.life_scene import posted_actor
from tests.posting.recall_scene import DAY, RecallScene, again, build_recall
from tests.posting.scene import codes
from tests.world import _actor, build_world

SECRET = "三个月在村不足二十天，属实"


@pytest.fixture(scope="module")
def _scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[RecallScene]:
    """Built once: every test of this file takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(DAY):
        found = build_recall(build_world())
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def scene(_scene: RecallScene, db: None) -> Iterator[RecallScene]:
    with clock.at(DAY):
        yield again(_scene)


def page(client: Client, name: str, *args: Any, **asked: str) -> Any:
    return client.get(reverse(name, args=args), asked)


# --- the way of a case ----------------------------------------------------------------------------


def test_a_case_goes_from_signal_to_recall_and_the_posting_ends(scene: RecallScene) -> None:
    case = scene.case(upto="propose")
    scene.posting.refresh_from_db()
    assert (case.state, scene.posting.state) == ("proposed", "recall_pending")

    words = {"text": "部务会 9 月 1 日研究", "document_number": "山组发7号"}
    case = recall.take_step(case, "decide", actor=scene.world.leader, **words)

    scene.posting.refresh_from_db()
    assert (case.state, scene.posting.state, scene.posting.until) == ("decided", "recalled", DAY)
    assert case.ban_until == case.promotion_ban_until == date(2028, 9, 1)
    assert (case.unit_minus, case.document_number) == (2, "山组发7号")
    acts = list(RecallStep.objects.order_by("made_at", "pk").values_list("act", flat=True))
    assert sorted(acts) == ["decide", "open", "opine", "propose", "state", "tell", "verify"]


def test_what_was_said_and_why_is_in_no_trace(scene: RecallScene) -> None:
    scene.case("RG05", upto="decide")

    told = " ".join(
        f"{one.changes} {one.reason}"
        for one in AuditEntry.objects.order_by("number")
        if "recall" in one.action or one.subject_type == "posting.posting"
    )
    for word in (SECRET, "RG05", "违纪", "家中有病人", "建议召回"):
        assert word not in told
    assert "2028-09-01" in told


def test_without_the_persons_own_words_nothing_is_verified(scene: RecallScene) -> None:
    case = scene.case(upto="tell")

    with pytest.raises(Refused) as refused:
        recall.take_step(case, "verify", actor=scene.world.officer, text="属实")

    assert codes(refused) == ["posting.recall.wrong_state"]
    heard = recall.take_step(
        case, "hear", actor=scene.world.north_org, text="本人表示不陈述", on=DAY
    )
    assert recall.take_step(heard, "verify", actor=scene.world.officer, text="属实").state == (
        "verified"
    )


def test_only_the_person_makes_the_statement(scene: RecallScene) -> None:
    case = scene.case(upto="tell")
    colleague = posted_actor(scene.world.zhou, scene.world.pine, Role.TEAM_MEMBER)

    with pytest.raises(Refused) as refused:
        recall.take_step(case, "state", actor=colleague, text="我替他说")

    assert codes(refused) == ["posting.recall.not_own"]
    assert not RecallStep.objects.filter(act="state").exists()


@pytest.mark.parametrize("act", ["decide", "reject"])
def test_who_worked_on_it_does_not_decide(scene: RecallScene, act: str) -> None:
    both = _actor("both", "林乙三", Role.COUNTY_ORG_LEADER, place=scene.world.county)
    case = scene.case(upto="propose")
    RecallStep.objects.filter(case=case, act="verify").update(made_by_id=both.user_id)

    with pytest.raises(Refused) as refused:
        recall.take_step(case, act, actor=both, text="研究", document_number="文")

    assert codes(refused) == ["directory.same_person"]
    assert RecallCase.objects.get(pk=case.pk).state == "proposed"


def test_the_second_to_decide_hears_that_it_is_decided(scene: RecallScene) -> None:
    """The copy in hand still says 待决定; the lock and the table speak for the row."""
    stale = scene.case(upto="propose")
    recall.take_step(stale, "reject", actor=scene.world.leader, text="情节轻微")
    second = _actor("leader2", "林乙五", Role.COUNTY_ORG_LEADER, place=scene.world.county)

    with pytest.raises(Refused) as refused:
        recall.take_step(stale, "decide", actor=second, text="研究", document_number="文")

    assert codes(refused) == ["posting.recall.wrong_state"]
    scene.posting.refresh_from_db()
    assert (scene.posting.state, scene.posting.until) == ("active", None)
    assert RecallCase.objects.get().state == "dropped"


def test_a_warning_has_a_term_comes_once_and_not_by_who_opened(scene: RecallScene) -> None:
    world = scene.world
    case = scene.case(actor=world.officer, upto="verify")
    with pytest.raises(Refused) as refused:
        recall.take_step(case, "warn", actor=world.officer, text="限期改进", months=2)
    assert codes(refused) == ["directory.same_person"]

    case = recall.take_step(case, "warn", actor=world.second_officer, text="限期改进", months=2)
    assert (case.state, case.warn_until) == ("warned", date(2026, 11, 1))
    case = recall.take_step(case, "improve", actor=world.officer, text="已改进", on=DAY)
    assert (case.state, case.closed_on) == ("closed", DAY)

    again = scene.case(upto="verify")
    with pytest.raises(Refused) as refused:
        recall.take_step(again, "warn", actor=world.officer, text="再提醒", months=1)
    assert codes(refused) == ["posting.recall.warned_before"]


def test_one_open_case_a_person_also_against_the_table(scene: RecallScene) -> None:
    scene.case()

    with pytest.raises(Refused) as refused:
        scene.case()

    assert codes(refused) == ["posting.recall.open_already"]
    with pytest.raises(IntegrityError):
        RecallCase.objects.create(
            posting=scene.posting, ground="RG01", source="report", opened_on=DAY
        )


def test_a_step_that_breaks_in_the_middle_leaves_nothing(
    scene: RecallScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = scene.case(upto="propose")
    before = RecallStep.objects.count(), AuditEntry.objects.count()

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(recall.life, "end_by_recall", broken)
    with pytest.raises(RuntimeError):
        recall.take_step(
            case, "decide", actor=scene.world.leader, text="研究", document_number="文"
        )

    assert (RecallStep.objects.count(), AuditEntry.objects.count()) == before
    assert RecallCase.objects.get().state == "proposed"


def test_closing_asks_for_delivery_and_talk(scene: RecallScene) -> None:
    case = scene.case(upto="decide")
    RecallCase.objects.filter(pk=case.pk).update(state="replaced")
    case.refresh_from_db()

    with pytest.raises(Refused) as refused:
        recall.take_step(case, "close", actor=scene.world.admin)
    assert codes(refused) == ["posting.recall.not_delivered", "posting.recall.not_talked"]

    for act in ("deliver", "talk"):
        case = recall.take_step(case, act, actor=scene.world.officer, text="已办", on=DAY)
    assert recall.take_step(case, "close", actor=scene.world.admin).state == "closed"


# --- effects --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "day", "out"),
    [
        ("RG08", date(2028, 8, 31), True),
        ("RG08", date(2028, 9, 1), False),
        ("RG09", date(2026, 9, 2), False),
    ],
)
def test_later_rounds_hold_the_recall_against_the_person_until_its_end(
    scene: RecallScene, ground: str, day: date, out: bool
) -> None:
    scene.case(ground, upto="decide")
    li = scene.world.li
    li.refresh_from_db()

    facts = facts_of(li, li.pool_entry, rows.postings_of([li.pk]))

    term = matching.gathering.rules.TermFacts(day, day)
    lines = matching.gathering.rules.person_results(facts, "first_secretary", term)
    assert any(one.rule == "R08" and one.is_out for one in lines) is out
    assert bool(facts.recalls) is (ground == "RG08")
    assert all(recall.ground is None for recall in facts.recalls)
    barred = recall_effects.promotion_barred_until(li.pk, day)
    assert (barred is not None) is out


# --- signals --------------------------------------------------------------------------------------


def absent(posting: Posting, *days: int) -> None:
    for day in days:
        Absence.objects.create(
            posting=posting, on=date(2026, 8, day), text="不在村", state="upheld",
            found_by_name="高乙六", found_at=clock.now(),
        )  # fmt: skip


def lines_for(actor: Actor) -> list[panels.SignalLine]:
    return panels.signal_lines(list_in_post(actor.scope), actor)


def test_signals_open_their_records_and_go_when_a_case_looks_at_them(scene: RecallScene) -> None:
    absent(scene.posting, 3, 10)
    assert lines_for(scene.world.officer) == []
    absent(scene.posting, 17)

    [line] = lines_for(scene.world.officer)
    assert [one.ground for one in line.signals] == ["RG02"]
    assert len(line.signals[0].records) == 3
    assert RecallCase.objects.count() == 0  # a signal opens nothing

    scene.case("RG02")
    assert lines_for(scene.world.officer) == []


def test_three_months_short_are_a_signal(scene: RecallScene) -> None:
    for number in (5, 6, 7):
        MonthPresence.objects.create(
            posting=scene.posting, month=date(2026, number, 1), days_by_facts=9, days=9,
            leave_days=1, confirmed_by_name="宋乙八", confirmed_at=clock.now(),
        )  # fmt: skip

    [line] = lines_for(scene.world.north_org)

    assert [(one.ground, len(one.records)) for one in line.signals] == [("RG08", 3)]
    assert lines_for(scene.world.south_org) == []


def test_discipline_is_a_fact_without_its_text_and_for_the_county_only(
    scene: RecallScene,
) -> None:
    PoolEntry.objects.filter(person=scene.world.li).update(
        discipline="under_investigation", remark="收受礼金"
    )

    [line] = lines_for(scene.world.officer)
    assert [one.ground for one in line.signals] == ["RG05"]
    answer = page(scene.world.client(scene.world.officer), "recall_signals")
    assert "处分或审查的事实" in answer.content.decode()
    assert "收受礼金" not in answer.content.decode()
    assert "正在接受调查" not in answer.content.decode()
    assert lines_for(scene.world.north_org) == []


def test_signals_of_a_county_cost_a_fixed_number_of_queries(
    scene: RecallScene, django_assert_max_num_queries: Any
) -> None:
    absent(scene.posting, 3, 10, 17)

    with django_assert_max_num_queries(10):
        assert len(lines_for(scene.world.officer)) == 1


# --- who sees what --------------------------------------------------------------------------------


def test_before_the_telling_neither_person_nor_unit_sees_the_case(scene: RecallScene) -> None:
    case = scene.case()
    clients = [scene.world.client(scene.li), scene.world.client(scene.world.unit_admin)]

    before = [page(one, "recall_detail", case.pk).status_code for one in clients]
    recall.take_step(case, "tell", actor=scene.world.north_org, text="核实在村情况")
    after = [page(one, "recall_detail", case.pk).status_code for one in clients]

    assert (before, after) == ([404, 404], [200, 200])


def test_others_do_not_learn_of_the_case(scene: RecallScene) -> None:
    case = scene.case(upto="tell")
    world = scene.world
    school = Unit.objects.get(name="县第一小学")
    strangers = {
        "colleague": posted_actor(world.zhou, world.pine, Role.TEAM_MEMBER),
        "another town": world.south_org,
        "another county": world.stranger,
        "another unit": _actor("school", "冯丙六", Role.UNIT_PARTY_ADMIN, unit=school),
    }

    for who, actor in strangers.items():
        client = world.client(actor)
        assert page(client, "recall_detail", case.pk).status_code == 404, who
        assert page(client, "recall_step", case.pk, "state").status_code in (403, 404), who
        assert page(client, "recall_letter", case.pk, "told").status_code == 404, who
        assert "李甲一" not in page(client, "recall_list").content.decode(), who
    village = page(world.client(world.pine_secretary), "recall_detail", case.pk)
    assert village.status_code == 403
    assert page(Client(), "recall_list").status_code == 302


def test_the_person_reads_what_was_told_and_not_who_reported_what(scene: RecallScene) -> None:
    case = scene.case(upto="tell")

    text = page(scene.world.client(scene.li), "recall_detail", case.pk).content.decode()

    assert "核实六月以来在村情况" in text
    assert "两次走访都不在村" not in text
    assert "检查、走访发现" not in text


def test_the_person_states_by_phone_and_a_second_press_adds_no_state(scene: RecallScene) -> None:
    case = scene.case(upto="tell")
    client = scene.world.client(scene.li)
    assert any("请您陈述" in one.title for one in wiring.worklist(scene.li))
    url = reverse("recall_step", args=[case.pk, "state"])

    empty = client.post(url, {"text": " "})
    done = client.post(url, {"text": "家里有病人"})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert RecallCase.objects.get().state == "heard"
    assert not any("请您陈述" in one.title for one in wiring.worklist(scene.li))


def test_pages_of_the_case_letters_and_wrong_addresses(scene: RecallScene) -> None:
    case = scene.case(upto="deliver")
    client = scene.world.client(scene.world.officer)

    for kind in ("told", "decision"):
        assert page(client, "recall_letter", case.pk, kind).status_code == 200
    for kind in ("warning", "nothing"):
        assert page(client, "recall_letter", case.pk, kind).status_code == 404
    assert page(client, "recall_step", case.pk, "nothing").status_code == 404
    detail = page(client, "recall_detail", case.pk).content.decode()
    assert "到 2028-08-31 为止" in detail
    refused = client.post(
        reverse("recall_step", args=[case.pk, "warn"]), {"text": "x", "months": 1}
    )
    assert refused.status_code == 409
    assert client.post(
        reverse("recall_step", args=[case.pk, "deliver"]), {"text": "x", "on": "2030-01-01"}
    ).status_code == 409  # fmt: skip


def test_a_case_is_opened_from_its_signal(scene: RecallScene) -> None:
    absent(scene.posting, 3, 10, 17)
    client = scene.world.client(scene.world.officer)
    url = reverse("recall_open", args=[scene.posting.pk]) + "?ground=RG02"
    assert "今年认定脱岗 3 次" in client.get(url).content.decode()

    said = {"ground": "RG02", "source": "signal", "text": "三次认定脱岗"}
    first, second = client.post(url, said), client.post(url, said)

    assert (first.status_code, second.status_code) == (302, 409)
    case = RecallCase.objects.get()
    assert (case.ground, case.signal_text) == ("RG02", "今年认定脱岗 3 次")
    assert client.post(url, {"ground": "RG99", "source": "signal", "text": "x"}).status_code == 422


def test_the_list_leaves_without_grounds_of_health_and_discipline(scene: RecallScene) -> None:
    scene.case("RG05", upto="decide")
    client = scene.world.client(scene.world.officer)

    answer = client.get(reverse("recall_export"))

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    words = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "李甲一" in words
    assert "违纪" not in words
    assert "陈乙一" in words  # who took it out
    assert AuditEntry.objects.filter(action="posting.recall.exported").count() == 1
    assert page(scene.world.client(scene.world.north_org), "recall_export").status_code == 403


def test_each_side_has_its_line_in_the_worklist(scene: RecallScene) -> None:
    def titles(actor: Actor) -> str:
        return " ".join(one.title for one in wiring.worklist(actor))

    world = scene.world
    case = scene.case()
    assert "召回线索待核实" in titles(world.north_org)
    for act, actor, words in scene.way()[:3]:
        case = recall.take_step(case, act, actor=actor, **words)
    assert "待单位填写意见" in titles(world.unit_admin)
    assert "已核实，待处理" in titles(scene.town_secretary)
    for act, actor, words in scene.way()[3:5]:
        case = recall.take_step(case, act, actor=actor, **words)
    assert "召回待决定" in titles(world.leader)
    with clock.at(DAY + timedelta(days=1)):
        recall.take_step(case, "decide", actor=world.leader, text="研究", document_number="文")
        assert "因召回、终止待补派" in titles(world.officer)
        assert "请推荐接任人选" in titles(world.unit_admin)
