"""Is every change of the sealed history found?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import F

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit import record as recording
from lingyan.platform.audit.anchors import Anchor, anchors_text, list_anchors, parse_anchors
from lingyan.platform.audit.chain import sealed_hash
from lingyan.platform.audit.circumstances import Circumstances, within
from lingyan.platform.audit.models import (
    SEALED_FIELDS,
    AuditEntry,
    ChainHead,
    DailyAnchor,
    FurtherSubject,
)
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.audit.verify import AuditVerdict, verify_chain
from tests.world import World

LAST_DAY = datetime(2026, 3, 12, 15, tzinfo=clock.BEIJING)


@pytest.fixture
def chain(world: World, monkeypatch: pytest.MonkeyPatch) -> list[AuditEntry]:
    """Nine entries of three days, each with something in every field."""
    others = [("directory.person", str(one.pk)) for one in (world.li, world.wang)]
    for ago in (2, 1, 0):
        moment = LAST_DAY - timedelta(days=ago)
        monkeypatch.setattr(clock, "real_now", lambda moment=moment: moment)
        with transaction.atomic(), within(Circumstances("a" * 32, "10.0.0.7")):
            record_many(
                [
                    Trace("directory.place.changed", place, {"name": ["旧", "新"]}, "更名",
                          others=others, is_reading=True)
                    for place in (world.pine, world.brook, world.stone)
                ],
                actor=replace(world.officer, for_user_id=world.leader.user_id),
            )  # fmt: skip
    return list(AuditEntry.objects.order_by("number"))


def found(**options: Any) -> AuditVerdict:
    verdict = verify_chain(**options)
    assert (verdict.text is None) == (verdict.broken_number is None)
    return verdict


def another(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of the same kind that is not the stored one."""
    if isinstance(value, datetime | date):
        return value + timedelta(days=300)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, dict):
        return {**value, "name": ["旧", "更新"]}
    return value[:-1] + ("0" if value[-1] != "0" else "1")


def columns(model: type[models.Model]) -> list[str]:
    return [one.name for one in model._meta.concrete_fields]


def test_an_untouched_chain_is_whole(chain: list[AuditEntry]) -> None:
    assert found() == AuditVerdict(9)


def test_the_chain_of_the_fixture_fills_every_field(chain: list[AuditEntry]) -> None:
    """So that the tests below change something everywhere, also in a field of tomorrow."""
    empty = [
        field.name
        for field in SEALED_FIELDS
        if getattr(chain[4], field.name) in (None, "", {}, False)
    ]

    assert not empty


@pytest.mark.parametrize("name", columns(AuditEntry))
def test_flipping_any_field_of_an_entry_is_found(chain: list[AuditEntry], name: str) -> None:
    field = AuditEntry._meta.get_field(name)
    value = another(field, getattr(chain[4], name))  # type: ignore[arg-type]
    AuditEntry.objects.filter(number=5).update(**{name: value})

    assert found().broken_number == 5


# What somebody with the file in an editor writes, past all checks of the product.
RAW = [
    ("audit_auditentry", column, "number = 5", text, 5)
    for column, text in (
        ("acted_at", "2026-03-11X07:00:00"),
        ("acted_at", "2026-03-11T07:00:00+00:00"),
        ("written_at", "2026-03-11X07:00:00"),
        ("changes", '{"name": ["\\u65e7", "x"], "name": ["\\u65e7", "\\u65b0"]}'),
        ("changes", '{ "name":["旧","新"]}'),
        ("changes", "{"),
        ("number", "2z"),
        ("number", ""),
        ("actor_user_id", "2z"),
        ("is_reading", "1z"),
        ("actor_name", b"\xe9\x99\x88\xe4\xb9"),
    )
] + [
    ("audit_chainhead", "day", "id = 1", "2026-13-12", 9),
    ("audit_chainhead", "day", "id = 1", "", 9),
    ("audit_chainhead", "last_number", "id = 1", "9z", 9),
    ("audit_chainhead", "last_hash", "id = 1", b"\xff", 9),
    ("audit_dailyanchor", "day", "last_number = 3", "2026-13-12", 9),
    ("audit_dailyanchor", "day_count", "last_number = 3", "3z", 3),
    ("audit_dailyanchor", "last_hash", "last_number = 3", b"\xff", 3),
    ("audit_furthersubject", "entry_number", "entry_number = 5", "5z", 5),
    ("audit_furthersubject", "subject_type", "entry_number = 5", b"\xff", 5),
]


@pytest.mark.parametrize(("table", "column", "where", "value", "number"), RAW)
def test_whatever_bytes_are_written_into_the_file_the_row_is_named(
    chain: list[AuditEntry], table: str, column: str, where: str, value: Any, number: int
) -> None:
    if connection.vendor != "sqlite":
        return  # there the type of the column refuses each of these
    with connection.cursor() as cursor:
        text = "CAST(%s AS TEXT)" if isinstance(value, bytes) else "%s"
        one = f"SELECT rowid FROM {table} WHERE {where} LIMIT 1"
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE {table} SET {column} = {text} WHERE rowid IN ({one})", [value])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    assert found().broken_number == number


def test_the_moment_that_stands_there_is_the_one_that_is_written_over(
    chain: list[AuditEntry],
) -> None:
    """So that the rows above change one letter, and not the moment."""
    assert chain[4].written_at.isoformat() == "2026-03-11T07:00:00+00:00"
    assert chain[4].changes == {"name": ["旧", "新"]}


@pytest.mark.parametrize("name", [one.name for one in SEALED_FIELDS if one.name != "number"])
def test_emptying_any_field_of_an_entry_is_found(chain: list[AuditEntry], name: str) -> None:
    field = AuditEntry._meta.get_field(name)
    nothing = field.get_default()
    if nothing is None and not field.null:
        nothing = datetime(1970, 1, 1, tzinfo=clock.BEIJING)
    AuditEntry.objects.filter(number=5).update(**{name: nothing})

    assert found().broken_number == 5


def test_an_empty_list_of_changes_is_not_no_changes(world: World) -> None:
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.pine)
    for other in ([], "", False, 0, models.Value(None, models.JSONField())):
        AuditEntry.objects.update(changes=other)

        assert found().broken_number == 1


@pytest.mark.parametrize("name", columns(ChainHead))
def test_flipping_any_field_of_the_head_is_found(chain: list[AuditEntry], name: str) -> None:
    head = ChainHead.objects.get()
    value = another(ChainHead._meta.get_field(name), getattr(head, name))  # type: ignore[arg-type]
    ChainHead.objects.update(**{name: value})

    assert found().text


@pytest.mark.parametrize("name", columns(DailyAnchor))
def test_flipping_any_field_of_a_sealed_day_is_found(chain: list[AuditEntry], name: str) -> None:
    day = DailyAnchor.objects.order_by("day")[0]
    value = another(DailyAnchor._meta.get_field(name), getattr(day, name))  # type: ignore[arg-type]
    DailyAnchor.objects.filter(pk=day.pk).update(**{name: value})

    assert "封存记录" in str(found().text)


@pytest.mark.parametrize("name", columns(FurtherSubject))
def test_flipping_any_field_of_a_further_record_is_found(
    chain: list[AuditEntry], name: str
) -> None:
    one = FurtherSubject.objects.filter(entry_number=5).order_by("subject_id")[0]
    value = another(FurtherSubject._meta.get_field(name), getattr(one, name))  # type: ignore[arg-type]
    FurtherSubject.objects.filter(pk=one.pk).update(**{name: value})

    assert found().broken_number == 5


@pytest.mark.parametrize("gone", range(1, 10))
def test_a_deleted_entry_is_found(chain: list[AuditEntry], gone: int) -> None:
    AuditEntry.objects.filter(number=gone).delete()

    assert found().broken_number == gone


def test_a_deleted_entry_is_found_when_the_later_ones_move_up(chain: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(number=5).delete()
    for number in range(6, 10):
        AuditEntry.objects.filter(number=number).update(number=number - 1)

    assert found().broken_number == 5


@pytest.mark.parametrize("number", [-1, 0, 10, 11])
def test_an_inserted_entry_is_found(chain: list[AuditEntry], number: int) -> None:
    entry = AuditEntry.objects.get(number=chain[-1].number)
    entry.number = number
    entry.previous_hash = entry.entry_hash
    entry.entry_hash = sealed_hash(entry.previous_hash, entry.sealed_fields())
    entry.save(force_insert=True)

    assert found().text


def test_an_entry_inserted_between_two_is_found(chain: list[AuditEntry]) -> None:
    for number in range(9, 4, -1):
        AuditEntry.objects.filter(number=number).update(number=number + 1)
    copy = AuditEntry.objects.get(number=4)
    copy.number = 5
    copy.save(force_insert=True)
    ChainHead.objects.update(last_number=10)

    assert found().broken_number == 5


@pytest.mark.parametrize(("first", "second"), [(1, 2), (4, 6), (8, 9)])
def test_two_swapped_entries_are_found(chain: list[AuditEntry], first: int, second: int) -> None:
    rows = AuditEntry.objects
    rows.filter(number=first).update(number=99)
    rows.filter(number=second).update(number=first)
    rows.filter(number=99).update(number=second)

    assert found().broken_number == first


def test_two_swapped_contents_are_found(chain: list[AuditEntry]) -> None:
    one, two = chain[3], chain[5]
    AuditEntry.objects.filter(number=4).update(subject_id=two.subject_id)
    AuditEntry.objects.filter(number=6).update(subject_id=one.subject_id)

    assert found().broken_number == 4


@pytest.mark.parametrize(("day", "first"), [(0, 1), (1, 4), (2, 7)])
def test_a_dropped_day_is_found(chain: list[AuditEntry], day: int, first: int) -> None:
    AuditEntry.objects.filter(number__gte=first, number__lt=first + 3).delete()
    FurtherSubject.objects.filter(entry_number__gte=first, entry_number__lt=first + 3).delete()
    DailyAnchor.objects.filter(day=(LAST_DAY - timedelta(days=2 - day)).date()).delete()

    assert found().broken_number == first


def test_a_dropped_record_of_a_sealed_day_is_found(chain: list[AuditEntry]) -> None:
    DailyAnchor.objects.filter(last_number=3).delete()

    assert "2026-03-10 的封存记录" in str(found().text)


def test_a_truncated_tail_is_found_by_the_head(chain: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(number__gt=6).delete()
    FurtherSubject.objects.filter(entry_number__gt=6).delete()

    verdict = found()

    assert verdict.broken_number == 7
    assert "第 7 条起的留痕被删除" in str(verdict.text)


def truncate_with_head(keep: int) -> None:
    """What somebody does who knows the product: the head and the days fit again."""
    AuditEntry.objects.filter(number__gt=keep).delete()
    FurtherSubject.objects.filter(entry_number__gt=keep).delete()
    DailyAnchor.objects.filter(last_number__gte=keep).delete()
    last = AuditEntry.objects.get(number=keep)
    day = last.written_at.astimezone(clock.BEIJING).date()
    before = DailyAnchor.objects.order_by("-day").first()
    ChainHead.objects.update(
        last_number=keep,
        last_hash=last.entry_hash,
        day=day,
        day_count=keep - (before.last_number if before else 0),
    )


def test_a_truncated_tail_with_a_mended_head_is_found_by_the_anchor(
    chain: list[AuditEntry],
) -> None:
    anchors = list_anchors()
    truncate_with_head(5)

    assert found().text is None
    verdict = found(anchors=anchors)
    assert verdict.broken_number == 6
    assert "封存时有 9 条" in str(verdict.text)


def rewrite_from(number: int) -> None:
    """Seal everything anew after a change: without an anchor kept outside nobody can tell."""
    previous = AuditEntry.objects.get(number=number).previous_hash
    for entry in AuditEntry.objects.filter(number__gte=number).order_by("number"):
        digest = sealed_hash(previous, entry.sealed_fields())
        AuditEntry.objects.filter(pk=entry.pk).update(previous_hash=previous, entry_hash=digest)
        DailyAnchor.objects.filter(last_number=entry.number).update(last_hash=digest)
        previous = digest
    ChainHead.objects.update(last_hash=previous)


def test_a_chain_written_anew_is_found_by_the_anchor_alone(chain: list[AuditEntry]) -> None:
    anchors = list_anchors()
    AuditEntry.objects.filter(number=5).update(reason="另一个理由")
    rewrite_from(5)

    assert found().text is None
    verdict = found(anchors=anchors)
    assert verdict.broken_number == 6
    assert "2026-03-11" in str(verdict.text)
    assert found(anchors=anchors[2:]).text is None, "what the first day sealed is untouched"


def test_the_anchor_of_another_house_is_refuted(chain: list[AuditEntry]) -> None:
    [today, *_] = list_anchors()

    for wrong in (
        Anchor(today.day, today.day_count, today.last_number, "f" * 64),
        Anchor(today.day, today.day_count + 1, today.last_number, today.last_hash),
        Anchor(today.day, today.day_count, 8, today.last_hash),
        Anchor(today.day, today.day_count, 0, today.last_hash),
    ):
        assert found(anchors=[wrong]).text


def test_anchors_are_read_back_from_paper(chain: list[AuditEntry]) -> None:
    anchors = list_anchors()
    text = anchors_text(anchors)

    assert [(one.day_count, one.last_number) for one in anchors] == [(3, 9), (3, 6), (3, 3)]
    assert parse_anchors(text) == anchors
    assert parse_anchors(text.replace("\n", "\r\n")) == anchors
    assert parse_anchors(f"2026-03-12 3 9 {anchors[0].last_hash}") == anchors[:1]
    assert parse_anchors("2026-03-12 3 9 abcdef\n没有封存") == []
    assert found(anchors=parse_anchors(text)).anchors == 3


def test_an_anchor_printed_in_the_middle_of_a_day_still_holds_in_the_evening(
    chain: list[AuditEntry], world: World
) -> None:
    anchors = list_anchors()
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.mill)

    assert found(anchors=anchors).text is None
    assert list_anchors()[0].day_count == 4


def test_a_clock_that_is_set_back_breaks_nothing(
    chain: list[AuditEntry], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: LAST_DAY - timedelta(days=9))
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.mill)

    assert found() == AuditVerdict(10)


def test_midnight_in_beijing_ends_the_day(
    chain: list[AuditEntry], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = datetime(2026, 3, 13, tzinfo=clock.BEIJING)
    for moment in (midnight - timedelta(microseconds=1), midnight):
        monkeypatch.setattr(clock, "real_now", lambda moment=moment: moment)
        with transaction.atomic():
            record("directory.place.changed", actor=world.officer, subject=world.mill)

    assert [one.day_count for one in list_anchors()] == [1, 4, 3, 3]
    assert found() == AuditVerdict(11)


def test_an_act_that_is_rolled_back_leaves_neither_entry_nor_day(
    chain: list[AuditEntry], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: LAST_DAY + timedelta(days=1))
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.pine)
        transaction.set_rollback(True)

    assert found() == AuditVerdict(9)
    assert DailyAnchor.objects.count() == 2


def test_a_field_added_tomorrow_leaves_the_seals_of_today_whole(
    chain: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that holds nothing is not sealed, so an older entry without it keeps its hash."""
    entry = AuditEntry(number=1, acted_at=LAST_DAY, written_at=LAST_DAY, action="a.b.c")

    assert set(entry.sealed_fields()) == {"number", "acted_at", "written_at", "action"}


def test_every_field_has_one_way_of_holding_nothing() -> None:
    twofold = [one.name for one in SEALED_FIELDS if one.null and one.empty_strings_allowed]

    assert not twofold, "with null and '' a change from one to the other would go unseen"


def test_numbers_are_sealed_as_every_database_gives_them_back(world: World) -> None:
    values = [1e22, -0.0, 0.1 + 0.2, 10**30, True, None, "1.0", [1.5, {"a": 2.50}]]
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.pine,
               changes={"name": values})  # fmt: skip

    assert found() == AuditVerdict(1)


def test_what_is_written_during_the_check_is_left_for_the_next(
    chain: list[AuditEntry], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress is told after each chunk; somebody may write just then."""
    told: list[tuple[int, int]] = []

    verdict = verify_chain(report=lambda done, total: told.append((done, total)))

    assert verdict == AuditVerdict(9)
    assert told == [(9, 9)]


def test_a_long_chain_is_read_in_chunks(
    chain: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingyan.platform.audit.verify.CHUNK", 2)

    assert found() == AuditVerdict(9)
    AuditEntry.objects.filter(number=8).update(actor_name="别人")
    assert found().broken_number == 8


def test_an_entry_beyond_the_head_is_found(chain: list[AuditEntry]) -> None:
    ChainHead.objects.update(last_number=F("last_number") - 1)

    assert found().text == "链头与第 9 条不符"


def test_a_lost_head_is_found(chain: list[AuditEntry]) -> None:
    ChainHead.objects.all().delete()

    assert found().text


def test_an_empty_history_is_whole(db: None) -> None:
    assert found() == AuditVerdict(0)


def test_an_entry_needs_the_transaction_of_its_act(transactional_db: None) -> None:
    with pytest.raises(AssertionError):
        record("directory.place.changed", actor=Actor.system(), subject=ChainHead(pk=1))


def test_sealing_a_thousand_acts_costs_as_many_queries_as_one(
    world: World, django_assert_num_queries: Callable[..., Any]
) -> None:
    def traces(count: int) -> list[Trace]:
        return [Trace("directory.place.changed", world.pine)] * count

    with transaction.atomic():
        record_many(traces(1), actor=world.officer)
    before = recording.ChainHead.objects.get().last_number
    with transaction.atomic(), django_assert_num_queries(3):
        record_many(traces(1000), actor=world.officer)

    assert before == 1
    assert found() == AuditVerdict(1001)
    assert connection.vendor in {"sqlite", "postgresql"}
