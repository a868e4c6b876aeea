"""What does the audit administrator see of the history, and everybody of the own record?"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit import queries, views
from lingyan.platform.audit.checking import check_history
from lingyan.platform.audit.models import AuditEntry, FurtherSubject
from lingyan.platform.audit.reading import list_looks
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.audit.words import shown, value_text
from lingyan.platform.jobs.models import Job
from tests.furnished import addresses, body, furnish
from tests.marks import assert_marked
from tests.world import World, build_world

PAGES = ("/audit/", "/audit/export/", "/audit/anchors/")


def changed(world: World, count: int = 1, **changes: Any) -> None:
    with transaction.atomic():
        record_many(
            [
                Trace(
                    "directory.place.changed", world.pine, changes or {"name": ["旧", "新"]}, "更名"
                )
            ]
            * count,
            actor=world.officer,
        )


def text_of(world: World, address: str = "/audit/", actor: Actor | None = None) -> str:
    answer = world.client(actor or world.audit_admin).get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r"<tr><td>(\d+)</td>", page)]


@pytest.mark.parametrize("address", PAGES)
def test_only_the_audit_administrator_reads_the_history(world: World, address: str) -> None:
    changed(world)

    answer = world.client(world.audit_admin).get(address)
    assert answer.status_code == 200
    assert body(answer)
    for actor in world.everyone:
        if actor is not world.audit_admin:
            assert world.client(actor).get(address).status_code == 403


def test_an_entry_is_shown_in_words(world: World) -> None:
    changed(world, level=["village", "township"], village_kind=["", "admin_village"])

    page = text_of(world)

    assert "陈乙一" in page
    assert "县委组织部工作人员" in page
    assert "修改区划" in page
    assert "松树村" in page
    assert "更名" in page
    assert "<b>级别</b><del>村" in page
    assert "→ <ins>乡镇（街道）</ins>" in page
    assert "<b>村类别</b><ins>行政村</ins>" in page


def test_nothing_in_the_furnished_world_is_shown_as_a_code(world: World) -> None:
    """Every act of a whole round, and of imports: no field name, no value and no role as code."""
    furnish(world)
    wrong = []
    for entry in AuditEntry.objects.all():
        one = shown(entry)
        words = [one.action, one.role, one.kind]
        for change in one.changes:
            words += [change.label, change.before, change.after]
        wrong += [f"{entry.action}: {word}" for word in words
                  if re.search(r"\b[a-z]+_[a-z_]+\b", word)]  # fmt: skip
        wrong += [f"{entry.action}: no word for a field in {sorted(entry.changes)}"
                  for change in one.changes if change.label == "其他内容"]  # fmt: skip
        if one.action == "其他事项":
            wrong.append(entry.action)

    assert AuditEntry.objects.count() > 40
    assert not wrong


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "（空）"),
        ([], "（空）"),
        (True, "是"),
        (False, "否"),
        (0, "0"),
        ("2026-03-01T09:30:00+08:00", "2026-03-01 09:30"),
        (["甲", "乙"], "甲、乙"),
        (list("甲乙丙丁戊己庚"), "甲、乙、丙、丁、戊、己 等 7 项"),
        ({"weights": {"cover": 60}}, "共 1 项设置"),
        ("some_unknown_code", "其他"),
        ("R0001", "R0001"),
    ],
)
def test_a_value_reads_as_people_write_it(value: Any, text: str) -> None:
    assert value_text(None, "anything", value) == text


def test_a_changed_field_of_any_name_is_shown(world: World) -> None:
    for name in ("items", "keys", "0"):
        changed(world, **{name: [["甲 3"], ["甲 4"]]})

    page = text_of(world)

    assert page.count("甲 4") == 3
    assert page.count("<b>其他内容</b>") == 2


def test_the_history_is_filtered_by_day_person_act_subject_and_kind(world: World) -> None:
    with clock.at(date(2026, 3, 1)):
        changed(world)
    with clock.at(date(2026, 3, 2)), transaction.atomic():
        record("directory.unit.changed", actor=world.admin, subject=world.finance)
        record_many([Trace("audit.person.viewed", world.li, is_reading=True)], actor=world.officer)

    for question, expected in {
        "": [3, 2, 1],
        "since=2026-03-02": [3, 2],
        "until=2026-03-01": [1],
        "since=2026-03-01&until=2026-03-01": [1],
        "actor=何乙四": [2],
        "action=directory.unit.changed": [2],
        "subject=财政": [2],
        "kind=readings": [3],
        "kind=acts": [2, 1],
        "actor=陈乙一&kind=acts": [1],
        "actor=nobody": [],
    }.items():
        assert numbers(text_of(world, f"/audit/?{question}")) == expected, question


@pytest.mark.parametrize(
    "question",
    ["since=gestern", "action=nothing", "before=x", "before=-1", "after=99999999999999999999",
     "kind=%00", "before=²", "since=2026-02-30&actor=陈"],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_no_error(world: World, question: str) -> None:
    changed(world)

    answer = world.client(world.audit_admin).get(f"/audit/?{question}")

    assert answer.status_code in (200, 400)


def test_pages_follow_each_other_by_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 10)
    changed(world, 25)

    first = text_of(world)
    second = text_of(world, "/audit/?before=16")
    last = text_of(world, "/audit/?before=6")
    back = text_of(world, "/audit/?after=15")

    assert numbers(first) == list(range(25, 15, -1))
    assert "before=16" in first
    assert "较新" not in first
    assert numbers(second) == list(range(15, 5, -1))
    assert "after=15" in second
    assert numbers(last) == list(range(5, 0, -1))
    assert "较早" not in last
    assert numbers(back) == numbers(first)


def test_a_page_and_its_count_cost_the_same_at_any_place(
    world: World, django_assert_max_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COUNTED_MOST", 100)
    changed(world, 300)
    client = world.client(world.audit_admin)
    client.get("/audit/")

    for address in ("/audit/", "/audit/?before=120", "/audit/?subject=松树"):
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert "超过 100" in client.get(address).content.decode()
        asked = [one["sql"] for one in told if "audit_auditentry" in one["sql"]]
        # The page, its count, what the last check has found; for words, where the newest lie.
        assert len(asked) == (7 if "subject" in address else 3), asked
        assert all("LIMIT" in sql for sql in asked)
        assert not any("OFFSET" in sql for sql in asked)


def test_what_is_looked_at_is_exported_and_the_export_is_an_act(world: World) -> None:
    changed(world, 3)
    with transaction.atomic():
        record("directory.unit.changed", actor=world.admin, subject=world.finance,
               changes={"name": [None, "=1+1"]})  # fmt: skip

    answer = world.client(world.audit_admin).get("/audit/export/?subject=财政")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()

    assert_marked(rows[0][0], world.audit_admin)
    assert rows[1][:5] == ("序号", "时间", "办理人", "身份", "事项")
    assert [row[4] for row in rows[2:]] == ["修改单位"]
    assert not str(rows[2][7]).startswith("=")
    entry = AuditEntry.objects.order_by("-number")[0]
    assert entry.action == "audit.history.exported"
    assert entry.is_reading
    assert entry.changes == {"rows": [None, 1], "asked": [None, "对象：财政"]}


@pytest.mark.parametrize(("most", "left_out"), [(2, True), (3, False)])
def test_an_export_that_ends_before_the_history_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int, left_out: bool
) -> None:
    changed(world, 3)
    monkeypatch.setattr("lingyan.platform.audit.views.EXPORTED_MOST", most)

    assert f"导出（最多 {most} 条）" in text_of(world, "/audit/")
    answer = world.client(world.audit_admin).get("/audit/export/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    head, _, *rows = book.worksheets[0].iter_rows(values_only=True)
    book.close()

    told = "共 3 条，这里只有最新的 2 条，其余请按日期分次导出"
    assert len(rows) == most
    assert (told in head[0]) is left_out


def test_the_sheet_of_sealed_days_can_be_read_back(world: World) -> None:
    changed(world, 3)
    entry = AuditEntry.objects.order_by("-number")[0]

    page = text_of(world, "/audit/anchors/")

    groups = [entry.entry_hash[start : start + 8] for start in range(0, 64, 8)]
    assert " ".join(groups) in page
    assert "签字" in page
    assert "data-print" in page


@pytest.fixture
def kept_world(transactional_db: None) -> World:
    """For what runs in the background: it reads by a connection of its own."""
    return build_world()


@pytest.mark.walled
def test_the_page_checks_the_chain_and_names_the_broken_entry(kept_world: World) -> None:
    changed(kept_world, 4)
    client = kept_world.client(kept_world.audit_admin)

    def checked() -> str:
        job = client.get(client.post("/audit/verify/")["Location"])
        assert job["Location"] == "/audit/"
        return client.get("/audit/").content.decode()

    whole = checked()
    AuditEntry.objects.filter(number=3).update(reason="")
    broken = checked()

    assert "韩丙二核对了 4 条：链条完整" in whole
    assert "留痕被破坏，第 3 条内容被改动" in broken
    assert [one.message for one in Job.objects.all()] == ["已完成"] * 2
    checks = AuditEntry.objects.filter(action="audit.history.checked")
    assert [one.changes["entries"][1] for one in checks.order_by("number")] == [4, 2]


def test_how_far_the_check_is_can_be_seen(kept_world: World) -> None:
    changed(kept_world, 3)
    seen: list[tuple[int, str]] = []

    check_history(actor=kept_world.audit_admin, report=lambda *told: seen.append(told))

    assert seen == [(99, "已核对 3 / 3 条")]


@pytest.mark.parametrize("who", ["officer", "admin", "sys_admin", "stranger"])
def test_nobody_else_starts_a_check(world: World, who: str) -> None:
    assert world.client(getattr(world, who)).post("/audit/verify/").status_code == 403
    assert not Job.objects.exists()


# --- who has looked at whom -----------------------------------------------------------------------


def looks_at(world: World, name: str = "li") -> list[tuple[str, str]]:
    return [(one.reader, one.text) for one in list_looks(getattr(world, name), most=50)]


def test_opening_a_persons_page_is_kept_with_who_from_where_and_when(world: World) -> None:
    client = world.client(world.officer)

    answer = client.get(f"/directory/people/{world.li.pk}/", REMOTE_ADDR="10.1.2.3")

    [entry] = AuditEntry.objects.filter(is_reading=True)
    assert (entry.subject_type, entry.subject_id) == ("directory.person", str(world.li.pk))
    assert entry.actor_user_id == world.officer.user_id
    assert entry.client_address == "10.1.2.3"
    assert entry.request_id == answer.headers["X-Request-ID"]
    assert verify_chain().text is None
    assert looks_at(world) == [("陈乙一", "查看个人信息")]
    assert looks_at(world, "wang") == []


def test_a_look_that_shows_nothing_leaves_nothing(world: World) -> None:
    for actor in (world.stranger, world.agri, world.audit_admin):
        assert world.client(actor).get(f"/directory/people/{world.li.pk}/").status_code in (
            403,
            404,
        )

    assert not AuditEntry.objects.filter(is_reading=True).exists()


def test_a_list_of_people_is_no_look_and_costs_nothing_more(world: World) -> None:
    client = world.client(world.officer)
    client.get("/directory/people/")
    with CaptureQueriesContext(connection) as told:
        assert client.get("/directory/people/").status_code == 200

    assert not AuditEntry.objects.filter(is_reading=True).exists()
    assert not [one for one in told if "INSERT" in one["sql"] and "audit" in one["sql"]]


def test_a_look_is_sealed_by_one_short_transaction(world: World) -> None:
    client = world.client(world.officer)
    client.get(f"/directory/people/{world.li.pk}/")
    with CaptureQueriesContext(connection) as told:
        client.get(f"/directory/people/{world.li.pk}/")

    asked = [one["sql"] for one in told if "audit_" in one["sql"] and "SELECT" not in one["sql"]]
    assert len(asked) == 2, "one entry and the head of the chain"


def test_looking_at_a_record_shows_in_no_timeline_and_hinders_nothing(world: World) -> None:
    client = world.client(world.officer)
    client.get(f"/directory/people/{world.li.pk}/")

    assert "查看个人信息" not in client.get(f"/directory/people/{world.li.pk}/").content.decode()


@pytest.mark.walled
def test_a_person_sees_who_looked_and_the_own_looks_do_not_count(world: World) -> None:
    for actor in (world.officer, world.admin):
        world.client(actor).get(f"/directory/people/{world.li.pk}/")
    world.client(world.officer).get(f"/directory/people/{world.wang.pk}/")
    client = world.client(world.candidate)
    client.get("/posting/my-portrait/")

    page = client.get("/my-record/").content.decode()

    assert page.count("查看个人信息") == 2
    assert "陈乙一" in page
    assert "何乙四" in page
    assert "县委组织部管理员" in page
    assert not AuditEntry.objects.filter(actor_user_id=world.candidate.user_id).exists()


def test_the_page_of_looks_is_everybodys_own(world: World) -> None:
    world.client(world.officer).get(f"/directory/people/{world.li.pk}/")

    assert "没有对应的人员登记" in text_of(world, "/my-record/", world.officer)
    assert world.client(world.candidate).get("/my-record/?before=x").status_code == 200
    from django.test import Client

    assert Client().get("/my-record/").status_code == 302


def test_looks_are_paged_and_found_among_exported_lists(world: World) -> None:
    people = [("directory.person", str(one.pk)) for one in (world.li, world.wang)]
    with transaction.atomic():
        for _ in range(60):
            record_many([Trace("audit.person.viewed", world.li, is_reading=True)],
                        actor=world.officer)  # fmt: skip
        record_many([Trace("exchange.export.written", world.finance, others=people,
                           is_reading=True)], actor=world.admin)  # fmt: skip
    client = world.client(world.candidate)

    first = client.get("/my-record/").content.decode()
    older = re.search(r"before=(\d+)", first)
    assert older is not None
    second = client.get(f"/my-record/?before={older[1]}").content.decode()

    assert first.count("查看个人信息") == 49
    assert first.count("何乙四") == 1
    assert second.count("查看个人信息") == 11
    assert looks_at(world, "wang") == [("何乙四", "导出表格")]


# Pages of one person's own data, by the part of the address that names the person.
OF_A_PERSON = {"person_id", "entry_id", "round_person_id"}
# Asks for a number, not for the person: shown in full only after a reason, which is sealed then.
SHOWS_NOBODY = {"person_reveal"}


@pytest.mark.parametrize("role", ["county_org_admin", "county_org_staff", "unit_party_admin"])
def test_every_page_of_one_person_leaves_a_look(world: World, role: str) -> None:
    """A new page by `person_id` or `entry_id` that shows the person without a trace fails here."""
    house = furnish(world)
    [actor] = [one for one in world.everyone if one.role == role and one.name != "陈乙二"]
    client, silent, tried = house.client(actor), [], 0
    for one in addresses():
        if not (set(one.parts) & OF_A_PERSON and one.open_to(role)) or one.name in SHOWS_NOBODY:
            continue
        before = AuditEntry.objects.filter(is_reading=True).count()
        answer = client.get(house.url(one))
        if answer.status_code != 200 or "li" not in seen_people(world, body(answer)):
            continue
        tried += 1
        if AuditEntry.objects.filter(is_reading=True).count() == before:
            silent.append(one.name)

    assert tried
    assert not silent, f"say note_reading(person) in {silent}"


def seen_people(world: World, page: str) -> list[str]:
    """Whose data beyond the name a page shows: birthday, political status, number."""
    found = []
    for name in ("li", "wang"):
        person = getattr(world, name)
        if person.name in page and (person.number in page or str(person.birth_on) in page):
            found.append(name)
    return found


@pytest.mark.parametrize("code", ["people", "wishes", "intentions", "officers", "relatives"])
def test_everybody_on_an_exported_list_finds_the_export(world: World, code: str) -> None:
    house = furnish(world)
    question = f"&option={house.ids['round_id']}" if code in {"wishes", "intentions"} else ""

    answer = house.client(world.officer).get(f"/exchange/export/{code}/?purpose=名册核对{question}")

    assert answer.status_code == 200
    entry = AuditEntry.objects.filter(action="exchange.export.written").order_by("-number")[0]
    named = set(
        FurtherSubject.objects.filter(entry_number=entry.number).values_list(
            "subject_id", flat=True
        )
    )
    said = " ".join(cells(answer))
    on_it = {str(one.pk) for one in Person.objects.all() if one.name in said or one.number in said}
    assert named == on_it
    assert named
    assert entry.is_reading
    assert verify_chain().text is None


def cells(answer: Any) -> set[str]:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = {
        str(cell)
        for row in book.worksheets[0].iter_rows(values_only=True)
        for cell in row
        if cell is not None
    }
    book.close()
    return found


def test_a_name_is_found_by_any_part_of_it_and_no_entry_is_looked_into(world: World) -> None:
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.pine)
        record("directory.place.changed", actor=world.admin, subject=world.pine)

    part = queries.list_entries(queries.Wanted(actor=world.officer.name[1:]))

    assert {one.actor_name for one in part} == {world.officer.name}
    assert "audit_by_name" in part.explain() or connection.vendor != "sqlite"
    assert not queries.list_entries(queries.Wanted(actor="没有这个人")).exists()


def test_words_are_looked_for_in_the_newest_entries_and_the_page_says_in_which(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKED_INTO_MOST", 2)
    changed(world)
    changed(world)
    changed(world)

    first = text_of(world, "/audit/?subject=" + world.pine.name)
    older = text_of(world, f"/audit/?subject={world.pine.name}&upto=1")

    assert (numbers(first), numbers(older)) == ([3, 2], [1])
    assert "这里是第 2 至 3 条中的" in first
    assert "upto=1" in first
    assert "在更早的中查找" not in older
    assert numbers(text_of(world, f"/audit/?subject={world.pine.pk}")) == [3, 2, 1]
    plan = queries.list_entries(queries.Wanted(subject="松")).explain()
    by_id = queries.list_entries(queries.Wanted(subject=str(world.pine.pk))).explain()
    if connection.vendor == "sqlite":
        assert "number>? AND number<?" in plan, plan
        assert "audit_by_subject" in by_id, by_id


def test_days_of_long_ago_are_looked_into_where_they_lie(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKED_INTO_MOST", 1)
    for day in (1, 2, 3):
        with clock.at(date(2026, 3, day)):
            changed(world)

    name = world.pine.name

    def found(days: str) -> list[int]:
        return numbers(text_of(world, f"/audit/?subject={name}&{days}"))

    assert found("until=2026-03-02") == [2]
    assert found("since=2026-03-03") == [3]
    assert found("until=2026-02-01") == []
