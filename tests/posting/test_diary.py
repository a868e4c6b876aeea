"""Writing the diary: from a page, again and again, from two places, and what is refused."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.roles import Role
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import diary
from lingyan.posting.models import DiaryConflict, DiaryEntry, DiaryReceipt, Posting
from lingyan.posting.queries import presence
from lingyan.posting.rules import diary as rules
from lingyan.posting.rules.diary_sync import Sent
from lingyan.posting.rules.diary_words import DiaryOutcome
from tests.posting.duty_scene import TODAY, Duty, acting, on_duty, posted, said
from tests.posting.scene import codes
from tests.world import World


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        yield on_duty(world)


@pytest.fixture
def phone(duty: Duty) -> Client:
    return duty.world.client(duty.actor)


def form(**more: Any) -> dict[str, Any]:
    number = str(uuid.uuid4())
    return {"number": number, "entry": number, "base": "", **said(), **more}


# --- writing on a page ----------------------------------------------------------------------------


def test_an_entry_is_written_and_stands_in_the_list(duty: Duty, phone: Client) -> None:
    answer = phone.post(reverse("diary_write"), form(households="3", with_whom="宋乙八"))

    entry = DiaryEntry.objects.get()
    assert answer.headers["Location"] == "/posting/diary/?month=2026-03"
    assert (entry.posting, entry.text, entry.households) == (duty.posting, "入户宣传医保政策", 3)
    page = phone.get(answer.headers["Location"]).content.decode()
    assert "入户宣传医保政策" in page
    assert "宋乙八" in page


def test_the_same_page_sent_three_times_is_one_entry(duty: Duty, phone: Client) -> None:
    sent = form()

    for _ in range(3):
        assert phone.post(reverse("diary_write"), sent).status_code == 302

    assert DiaryEntry.objects.count() == 1
    assert AuditEntry.objects.filter(action="posting.diary.written").count() == 1


def test_the_same_words_of_the_same_day_are_not_taken_twice(duty: Duty, phone: Client) -> None:
    phone.post(reverse("diary_write"), form())

    answer = phone.post(reverse("diary_write"), form())

    assert answer.status_code == 409
    assert "这一天已经有一条同样的日志" in answer.content.decode()
    assert DiaryEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"happened_on": "2026-03-06"}, "posting.diary.day_to_come"),
        ({"happened_on": "2026-01-11"}, "posting.diary.before_arrival"),
        ({"happened_on": "不知道"}, "posting.diary.day"),
        ({"text": "  "}, "posting.diary.text_missing"),
        ({"text": "长" * 2001}, "posting.diary.text_long"),
        ({"with_whom": "长" * 101}, "posting.diary.with_long"),
        ({"duty": "D9"}, "posting.diary.duty_missing"),
        ({"households": -1}, "posting.diary.households"),
        ({"households": 501}, "posting.diary.households"),
        ({"need": "987654"}, "posting.diary.need"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_reason(
    duty: Duty, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        duty.write(**{"text": "开会", **more})

    assert codes(refused) == [code]
    assert not DiaryEntry.objects.exists()


def test_every_reason_is_said_at_once(duty: Duty) -> None:
    with pytest.raises(Refused) as refused:
        duty.write("", happened_on="2026-03-06", duty="")

    assert codes(refused) == [
        "posting.diary.day_to_come", "posting.diary.text_missing", "posting.diary.duty_missing",
    ]  # fmt: skip


def test_after_the_end_only_days_before_it_are_taken(duty: Duty) -> None:
    Posting.objects.update(until=date(2026, 3, 1), state="completed")

    assert duty.write(happened_on="2026-02-28").outcome == DiaryOutcome.CREATED
    with pytest.raises(Refused) as refused:
        duty.write(happened_on="2026-03-01")
    assert codes(refused) == ["posting.diary.after_end"]


def test_before_the_arrival_is_confirmed_nothing_is_written(duty: Duty) -> None:
    Posting.objects.update(state="trained")

    with pytest.raises(Refused) as refused:
        duty.write()

    assert codes(refused) == ["posting.diary.not_arrived"]


def test_a_day_of_an_earlier_posting_goes_to_that_posting(duty: Duty) -> None:
    Posting.objects.update(until=date(2026, 2, 1), state="transferred")
    second = posted(duty.world.li, duty.world.stone, "first_secretary")
    Posting.objects.filter(pk=second.pk).update(since=date(2026, 2, 1))

    before = duty.write(happened_on="2026-01-20").entry
    after = duty.write(happened_on="2026-02-20").entry

    assert (before.posting_id, after.posting_id) == (duty.posting.pk, second.pk)


def test_an_account_without_a_person_is_told_so(duty: Duty) -> None:
    duty.world.li.user = None
    duty.world.li.save(update_fields=["user"])
    client = duty.world.client(duty.actor)

    assert "您没有派驻记录" in client.get(reverse("diary_list")).content.decode()
    assert client.post(reverse("diary_write"), form()).status_code == 409


def test_a_day_of_writing_is_a_day_in_the_village(duty: Duty) -> None:
    for day, text in (("2026-03-03", "开会"), ("2026-03-03", "走访"), ("2026-03-05", "开会")):
        duty.write(text, happened_on=day)

    assert len(presence.facts_on(duty.posting, date(2026, 3, 3))) == 2
    assert presence.on_site_days(duty.posting, TODAY) == 2


# --- correcting and withdrawing -------------------------------------------------------------------


def test_a_correction_keeps_what_was_before(duty: Duty, phone: Client) -> None:
    entry = duty.write().entry
    page = phone.get(reverse("diary_edit", args=[entry.pk])).context["form"]
    sent = {**form(), **{name: page.initial[name] for name in ("number", "entry", "base")}}

    answer = phone.post(reverse("diary_edit", args=[entry.pk]), {**sent, "text": "讲解医保办法"})

    entry.refresh_from_db()
    assert answer.status_code == 302
    assert (entry.text, entry.version) == ("讲解医保办法", 2)
    assert entry.versions.get().values["text"] == "入户宣传医保政策"
    shown = phone.get(reverse("diary_entry", args=[entry.pk])).content.decode()
    assert "入户宣传医保政策" in shown
    assert "讲解医保办法" not in str(AuditEntry.objects.last().changes), (
        "the words stay in the diary"
    )


def test_a_withdrawn_entry_counts_no_more_and_stays_readable(duty: Duty, phone: Client) -> None:
    entry = duty.write().entry

    silent = phone.post(reverse("diary_withdraw", args=[entry.pk]), {"reason": ""})
    phone.post(reverse("diary_withdraw", args=[entry.pk]), {"reason": "写错了村"})

    assert silent.status_code == 422
    assert presence.on_site_days(duty.posting, TODAY) == 0
    assert "写错了村" in phone.get(reverse("diary_entry", args=[entry.pk])).content.decode()
    again = phone.post(reverse("diary_withdraw", args=[entry.pk]), {"reason": "再撤"})
    assert again.status_code == 409


# --- what a phone sends ---------------------------------------------------------------------------


def sent_by(phone: Client, owner: Any, *things: Sent) -> Any:
    told = [
        {"number": one.number, "entry": one.entry, "values": one.values, "base": one.base}
        for one in things
    ]
    return phone.post(
        reverse("diary_sync"),
        json.dumps({"owner": owner, "sent": told}),
        content_type="application/json",
    )


def thing(text: str = "修水渠", **more: Any) -> Sent:
    number = str(uuid.uuid4())
    return Sent(number, number, said(text, **more))


def test_a_backlog_is_taken_in_and_each_thing_answered(duty: Duty, phone: Client) -> None:
    good, bad = thing(), thing("明天的事", happened_on="2026-03-06")

    answer = sent_by(phone, duty.actor.user_id, good, bad, good).json()["answers"]

    assert [one["outcome"] for one in answer] == ["created", "refused", "created"]
    assert [one.get("again") for one in answer] == [False, None, True]
    assert answer[1]["refusals"][0]["code"] == "posting.diary.day_to_come"
    assert DiaryEntry.objects.get().text == "修水渠"


def test_another_accounts_backlog_is_not_taken(duty: Duty, phone: Client) -> None:
    answer = sent_by(phone, duty.world.officer.user_id, thing())

    assert answer.status_code == 409
    assert not DiaryEntry.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"owner": 1}', b'{"owner": 1, "sent": [{}]}', b'{"owner": 1, "sent": [7]}',
     b'{"owner": 1, "sent": [{"number": "x", "entry": "y", "values": {}}]}', b"\xff",
     (b'{"owner": 1, "sent": [{"number": "00000000-0000-4000-8000-000000000000", "entry": '
      b'"00000000-0000-4000-8000-000000000000", "values": {"text": "\\u0000"}}]}')],
)  # fmt: skip
def test_what_our_page_never_sends_is_refused(duty: Duty, phone: Client, body: bytes) -> None:
    answer = phone.post(reverse("diary_sync"), body, content_type="application/json")

    assert answer.status_code == 400
    assert not DiaryEntry.objects.exists()


def test_a_number_used_again_for_something_else_is_refused(duty: Duty) -> None:
    first = thing()
    diary.receive_entry(first, actor=duty.actor)

    with pytest.raises(Refused) as refused:
        diary.receive_entry(Sent(first.number, first.entry, said("别的")), actor=duty.actor)

    assert codes(refused) == ["posting.diary.number_taken"]
    assert DiaryEntry.objects.get().text == "修水渠"


def test_nobody_writes_into_the_entry_of_somebody_else(duty: Duty) -> None:
    entry = duty.write().entry
    posted(duty.world.wang, duty.world.pine, "team_member")
    other = acting(duty.world.wang, Role.TEAM_MEMBER, duty.world.pine)

    with pytest.raises(Refused) as refused:
        diary.receive_entry(
            Sent(str(uuid.uuid4()), str(entry.pk), said("改成别的"), said()), actor=other
        )

    assert codes(refused) == ["posting.diary.number_taken"]
    entry.refresh_from_db()
    assert entry.text == "入户宣传医保政策"


@pytest.mark.parametrize(
    "values",
    [{"happened_on": "0000-00-00"}, {"happened_on": ["x"]}, {"happened_on": "99999-01-01"},
     {"text": "长" * 2001}, {"duty": {"a": 1}}, {"need": "²"}, {"need": "-1"},
     {"households": 10**30}, {"with_whom": 7 * "很长" * 20}],
)  # fmt: skip
def test_hostile_values_are_refused_in_words(
    duty: Duty, phone: Client, values: dict[str, Any]
) -> None:
    number = str(uuid.uuid4())

    answer = sent_by(phone, duty.actor.user_id, Sent(number, number, said() | values))
    page = phone.post(reverse("diary_write"), form(**values))

    [told] = answer.json()["answers"]
    assert told["outcome"] == "refused"
    assert page.status_code in (409, 422)
    assert not DiaryEntry.objects.exists()


def test_a_day_written_otherwise_is_the_same_day(duty: Duty, phone: Client) -> None:
    sent_by(phone, duty.actor.user_id, one := thing(happened_on="20260305"))

    again = Sent(str(uuid.uuid4()), one.entry, said("修水渠"), said("修水渠"))
    answer = sent_by(phone, duty.actor.user_id, again).json()["answers"]

    assert answer[0]["outcome"] == "unchanged"


@pytest.mark.parametrize("name", ["number", "entry", "base"])
@pytest.mark.parametrize("value", ["", "x", "[]", '{"text": 1}', "null", "٣"])
def test_hidden_fields_of_nonsense_break_nothing(
    duty: Duty, phone: Client, name: str, value: str
) -> None:
    answer = phone.post(reverse("diary_write"), form(**{name: value}))

    assert answer.status_code in ((302, 422) if name != "base" else (302,))


# --- conflicts ------------------------------------------------------------------------------------


@pytest.fixture
def conflict(duty: Duty) -> DiaryConflict:
    """The page changed the text and the phone did too, and the duty besides."""
    entry = duty.write().entry
    desk, late = str(uuid.uuid4()), str(uuid.uuid4())
    diary.receive_entry(Sent(desk, str(entry.pk), said("电脑上改的"), said()), actor=duty.actor)
    received = diary.receive_entry(
        Sent(late, str(entry.pk), said("手机上改的", duty="D5"), said()), actor=duty.actor
    )
    assert received.outcome == DiaryOutcome.CLASHED
    return DiaryConflict.objects.get(pk=received.conflict_id)


def test_a_clash_changes_only_what_is_free_and_keeps_both(conflict: DiaryConflict) -> None:
    entry = conflict.entry

    assert (entry.text, entry.duty) == ("电脑上改的", "D5")
    assert conflict.clashes == {
        "text": {"base": "入户宣传医保政策", "phone": "手机上改的", "server": "电脑上改的"}
    }


@pytest.mark.parametrize(
    ("choice", "text"),
    [("server", "电脑上改的"), ("phone", "手机上改的"), ("both", "电脑上改的\n手机上改的")],
)
def test_the_person_chooses_and_both_stay_readable(
    duty: Duty, phone: Client, conflict: DiaryConflict, choice: str, text: str
) -> None:
    address = reverse("diary_conflict", args=[conflict.pk])
    assert str(conflict.pk) in phone.get(reverse("diary_list")).content.decode()
    version = conflict.entry.version

    answer = phone.post(address, {"text": choice, "version": version})

    conflict.entry.refresh_from_db()
    assert answer.status_code == 302
    assert conflict.entry.text == text
    shown = phone.get(address).content.decode()
    assert "手机上改的" in shown
    assert "电脑上改的" in shown
    again = phone.post(address, {"text": choice, "version": version})
    assert again.status_code == 409


def test_without_a_choice_or_after_another_change_nothing_is_settled(
    duty: Duty, phone: Client, conflict: DiaryConflict
) -> None:
    address, entry = reverse("diary_conflict", args=[conflict.pk]), conflict.entry

    silent = phone.post(address, {"version": entry.version})
    diary.receive_entry(
        Sent(str(uuid.uuid4()), str(entry.pk), said("又改了", duty="D5"),
             said("电脑上改的", duty="D5")),
        actor=duty.actor,
    )  # fmt: skip
    late = phone.post(address, {"text": "phone", "version": entry.version})

    assert "还没有选：做了什么" in silent.content.decode()
    assert "请重新核对后再选" in late.content.decode()
    assert (silent.status_code, late.status_code) == (409, 409)
    conflict.refresh_from_db()
    assert conflict.settled_at is None


def test_sent_again_a_clash_stays_one_conflict(duty: Duty, conflict: DiaryConflict) -> None:
    late = Sent(str(conflict.pk), str(conflict.entry_id), said("手机上改的", duty="D5"), said())

    again = diary.receive_entry(late, actor=duty.actor)

    assert (again.again, again.conflict_id) == (True, conflict.pk)
    assert DiaryConflict.objects.count() == 1
    assert DiaryReceipt.objects.filter(entry=conflict.entry).count() == 3


# --- who reads it ---------------------------------------------------------------------------------


def test_those_who_answer_for_a_posting_read_its_diary(duty: Duty) -> None:
    entry, world = duty.write().entry, duty.world
    pages = [
        reverse("posting_diary", args=[duty.posting.pk]),
        reverse("diary_entry", args=[entry.pk]),
    ]

    for reader in (world.officer, world.leader, world.north_org, world.unit_admin,
                   world.pine_secretary, duty.actor):  # fmt: skip
        for address in pages:
            assert "入户宣传医保政策" in world.client(reader).get(address).content.decode(), reader
    for stranger in (world.south_org, world.stranger):
        for address in pages:
            assert world.client(stranger).get(address).status_code == 404
    for closed in (world.agri, world.sys_admin):
        for address in pages:
            assert world.client(closed).get(address).status_code == 403
    for address in pages:
        assert Client().get(address).status_code == 302


def test_readers_write_nothing(duty: Duty) -> None:
    entry = duty.write().entry

    for reader in (duty.world.officer, duty.world.pine_secretary):
        client = duty.world.client(reader)
        for name in ("diary_edit", "diary_withdraw"):
            assert client.post(reverse(name, args=[entry.pk]), form()).status_code == 403
        assert client.post(reverse("diary_write"), form()).status_code == 403

    assert DiaryEntry.objects.get().version == 1


def test_the_month_costs_the_same_queries_at_any_number_of_entries(
    duty: Duty, phone: Client, django_assert_max_num_queries: Any
) -> None:
    phone.get(reverse("diary_list"))
    for number in range(40):
        duty.write(f"第 {number} 件事", happened_on=f"2026-02-{number % 28 + 1:02d}")

    with django_assert_max_num_queries(30):
        phone.get(f"{reverse('diary_list')}?month=2026-02")


# --- the rule of one day, without a database ------------------------------------------------------


def test_the_first_and_the_last_day_of_a_posting_belong_to_it() -> None:
    def reasons(day: str) -> list[str]:
        facts = rules.EntryFacts(
            values=said(happened_on=day), today=date(2026, 12, 31), has_posting=True,
            state="completed", since=date(2026, 1, 12), until=date(2026, 3, 1),
        )  # fmt: skip
        return [one.code for one in rules.refuse_to_write(facts)]

    assert reasons("2026-01-12") == []
    assert reasons("2026-02-28") == []
    assert reasons("2026-01-11") == ["posting.diary.before_arrival"]
    assert reasons("2026-03-01") == ["posting.diary.after_end"]
