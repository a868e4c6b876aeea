"""How does an entry come into the diary, from a page or from a phone that had no signal?

Both send the same: a number of their own, the entry, its values and those before. So an entry that
is sent three times stands once, and two versions of one entry never overwrite each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.photos import PhotoFacts, refuse_photo
from lingyan.common.refusals import Refusal, Refused, refuse
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.photos import files as photo_files
from lingyan.platform.photos.kept import put_away, take_away
from lingyan.posting.models import (
    DiaryConflict,
    DiaryEntry,
    DiaryPhoto,
    DiaryReceipt,
    DiaryVersion,
    Posting,
)
from lingyan.posting.queries import diary as queries
from lingyan.posting.rules import diary as rules
from lingyan.posting.rules import diary_sync
from lingyan.posting.rules.diary_words import DiaryOutcome


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one thing sent; `again` where it had come before."""

    entry: DiaryEntry
    outcome: DiaryOutcome
    again: bool = False
    conflict_id: UUID | None = None


NUMBER_TAKEN = Refusal(
    "posting.diary.number_taken", "这条记录的编号已被使用，内容不一样，没有保存；请另写一条"
)


@transaction.atomic
def receive_entry(sent: diary_sync.Sent, *, actor: Actor) -> Received:
    """Take in one entry or one correction, exactly once (R-2-25)."""
    _one_after_another(actor)
    number, entry_id = UUID(sent.number), UUID(sent.entry)
    entry = DiaryEntry.objects.select_related("posting__village").filter(pk=entry_id).first()
    receipt = queries.find_receipt(number)
    _only_own(entry, actor)
    _only_own(receipt.entry if receipt else None, actor)
    decision = _decide(sent, receipt, entry)
    if decision.again:
        assert receipt is not None
        return Received(receipt.entry, decision.outcome, again=True, conflict_id=_open(number))
    postings = list(queries.list_own_postings(actor.scope))
    posting = entry.posting if entry else queries.posting_for(
        postings, rules.day_of(decision.values)
    )  # fmt: skip
    kept_need = entry.values["need"] if entry else ""
    refuse(_reasons(decision.values, entry_id, posting, kept_need))
    if decision.clashes:  # what is kept beside must be able to hold as well
        refuse(_reasons({**decision.values, **sent.values}, entry_id, posting, kept_need))
    assert posting is not None
    if entry is None:
        entry = _create(entry_id, posting, decision.values, actor)
    else:
        _change(entry, decision.values, actor, event="changed")
    DiaryReceipt.objects.create(
        id=number, entry=entry, digest=sent.digest, outcome=decision.outcome,
        received_at=clock.now(),
    )  # fmt: skip
    if decision.clashes:
        _keep_both(number, entry, decision.clashes, actor)
    return Received(entry, decision.outcome, conflict_id=number if decision.clashes else None)


def _one_after_another(actor: Actor) -> None:
    """Two devices of one person may send at once; the second waits for the first."""
    if actor.scope.person_id is None:
        raise Refused([rules.NO_POSTING])
    Person.objects.select_for_update().filter(pk=actor.scope.person_id).first()


def _only_own(entry: DiaryEntry | None, actor: Actor) -> None:
    if entry is not None and entry.posting.person_id != actor.scope.person_id:
        raise Refused([NUMBER_TAKEN])


def _decide(
    sent: diary_sync.Sent, receipt: DiaryReceipt | None, entry: DiaryEntry | None
) -> diary_sync.Decision:
    known = diary_sync.Receipt(receipt.digest, DiaryOutcome(receipt.outcome)) if receipt else None
    try:
        return diary_sync.decide(sent, receipt=known, kept=entry.values if entry else None)
    except diary_sync.ReusedNumber:
        raise Refused([NUMBER_TAKEN]) from None


def _open(number: UUID) -> UUID | None:
    found = DiaryConflict.objects.filter(pk=number, settled_at__isnull=True)
    return number if found.exists() else None


def _reasons(
    values: Mapping[str, Any], entry_id: UUID, posting: Posting | None, kept_need: str = ""
) -> tuple[Refusal, ...]:
    day = rules.day_of(values)
    # A need that the entry names already may stay, also when the list has been renewed since.
    needs = {str(one.pk) for one in queries.list_needs([posting] if posting else [])} | {kept_need}
    facts = rules.EntryFacts(
        values=values,
        today=clock.today(),
        has_posting=posting is not None,
        state=posting.state if posting else "",
        since=posting.came_on if posting else None,
        until=posting.until if posting else None,
        same_again=bool(posting and day)
        and queries.is_same_again(posting, entry_id, day, values["duty"], values["text"]),  # type: ignore[arg-type]  # both are there, said one line above
        needs=frozenset(needs),
    )
    return rules.refuse_to_write(facts)


def _create(
    entry_id: UUID, posting: Posting, values: Mapping[str, Any], actor: Actor
) -> DiaryEntry:
    entry = DiaryEntry(id=entry_id, posting=posting, created_at=clock.now(), changed_at=clock.now())
    _put(entry, values)
    entry.save(force_insert=True)
    record(
        "posting.diary.written",
        actor=actor,
        subject=entry,
        changes={"happened_on": [None, str(entry.happened_on)], "duty": [None, entry.duty]},
    )
    return entry


def _put(entry: DiaryEntry, values: Mapping[str, Any]) -> None:
    day = rules.day_of(values)
    assert day is not None, "the rule lets no entry without a day through"
    entry.happened_on = day
    entry.duty, entry.text, entry.with_whom = values["duty"], values["text"], values["with_whom"]
    entry.need_id = int(values["need"]) if values["need"] else None
    entry.households, entry.withdrawn = values["households"], values.get("withdrawn", "")


def _change(
    entry: DiaryEntry, values: Mapping[str, Any], actor: Actor, *, event: str, reason: str = ""
) -> None:
    """Keep what it said, then say the new. The trail names the fields; the words stay here."""
    before = entry.values
    changed = [name for name in rules.FIELDS if before[name] != values.get(name, before[name])]
    if not changed:
        return
    DiaryVersion.objects.create(
        entry=entry, number=entry.version, values=before,
        replaced_at=clock.now(), replaced_by=actor.name,
    )  # fmt: skip
    _put(entry, {**before, **values})
    entry.version += 1
    entry.changed_at = clock.now()
    entry.save()
    record(
        f"posting.diary.{event}",
        actor=actor,
        subject=entry,
        changes={
            "version": [entry.version - 1, entry.version],
            "changed_fields": [None, "、".join(rules.LABELS[name] for name in changed)],
        },
        reason=reason,
    )


def _keep_both(
    number: UUID, entry: DiaryEntry, clashes: Mapping[str, Mapping[str, Any]], actor: Actor
) -> None:
    conflict = DiaryConflict.objects.create(
        id=number,
        entry=entry,
        posting_id=entry.posting_id,
        clashes=clashes,
        raised_at=clock.now(),
    )
    record(
        "posting.diary.clashed",
        actor=actor,
        subject=conflict,
        changes={"changed_fields": [None, "、".join(rules.LABELS[name] for name in clashes)]},
    )


# --- conflicts ----------------------------------------------------------------------------------


@transaction.atomic
def settle_conflict(
    conflict: DiaryConflict, *, chosen: Mapping[str, str], version: int, actor: Actor
) -> DiaryConflict:
    """The person says field by field what holds; both versions stay in the record of it."""
    _one_after_another(actor)
    conflict = DiaryConflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    entry = DiaryEntry.objects.select_related("posting__village").get(pk=conflict.entry_id)
    _only_own(entry, actor)
    refuse(_against_settling(conflict, entry, chosen, version))
    values = {**entry.values, **diary_sync.choose(conflict.clashes, chosen)}
    refuse(_reasons(values, entry.pk, entry.posting, entry.values["need"]))
    _change(entry, values, actor, event="changed")
    conflict.chosen, conflict.settled_at = dict(chosen), clock.now()
    conflict.save(update_fields=["chosen", "settled_at"])
    record(
        "posting.diary.settled",
        actor=actor,
        subject=conflict,
        changes={"changed_fields": [None, "、".join(rules.LABELS[name] for name in chosen)]},
    )
    return conflict


def _against_settling(
    conflict: DiaryConflict, entry: DiaryEntry, chosen: Mapping[str, str], version: int
) -> tuple[Refusal, ...]:
    if conflict.settled_at is not None:
        return (Refusal("posting.diary.settled_already", "这处冲突已经选定"),)
    if version != entry.version:
        return (
            Refusal("posting.diary.moved_on", "您看着这一页时，这条日志又改过，请重新核对后再选"),
        )
    if missing := diary_sync.not_chosen(conflict.clashes, chosen):
        named = "、".join(rules.LABELS[name] for name in missing)
        return (Refusal("posting.diary.not_chosen", f"还没有选：{named}"),)
    return ()


# --- withdrawing --------------------------------------------------------------------------------


@transaction.atomic
def withdraw_entry(entry: DiaryEntry, *, reason: str, actor: Actor) -> DiaryEntry:
    """It does not count any more, but stays readable with its reason (R-0-18)."""
    _one_after_another(actor)
    entry = DiaryEntry.objects.select_related("posting__village").get(pk=entry.pk)
    _only_own(entry, actor)
    refuse(rules.refuse_to_withdraw(reason, withdrawn=entry.withdrawn))
    values = {**entry.values, "withdrawn": reason.strip()}
    _change(entry, values, actor, event="withdrawn", reason=reason.strip())
    return entry


# --- photos -------------------------------------------------------------------------------------


def add_photo(entry: DiaryEntry, *, number: UUID, data: bytes, actor: Actor) -> DiaryPhoto:
    """Open and make it small before the transaction: that takes time which nobody should wait."""
    opened = photo_files.opened(data)
    return keep_photo(entry, number=number, opened=opened, actor=actor)


@transaction.atomic
def keep_photo(
    entry: DiaryEntry, *, number: UUID, opened: photo_files.Opened, actor: Actor
) -> DiaryPhoto:
    """The same number or the same picture sent again is the photo that is there."""
    _one_after_another(actor)
    entry = DiaryEntry.objects.select_related("posting__village").get(pk=entry.pk)
    _only_own(entry, actor)
    before = DiaryPhoto.objects.filter(pk=number).first()
    if before is not None and (before.entry_id, before.digest) != (entry.pk, opened.digest):
        raise Refused([NUMBER_TAKEN])
    before = before or entry.photos.filter(digest=opened.digest).first()
    if before is not None:
        return before
    facts = PhotoFacts(len(opened.picture), photos=entry.photos.count())
    refuse(
        (
            *refuse_photo(facts, most=rules.PHOTOS_MAX),
            *rules.refuse_photo_at(withdrawn=entry.withdrawn),
        )
    )
    photo = DiaryPhoto.objects.create(entry=entry, **put_away(number, opened))
    record(
        "posting.diary.photo_added",
        actor=actor,
        subject=entry,
        changes={"digest": [None, opened.digest]},
    )
    return photo


@transaction.atomic
def remove_photo(photo: DiaryPhoto, *, actor: Actor) -> None:
    """A photo that shows what it should not: the picture goes, the trail keeps its digest."""
    entry = DiaryEntry.objects.select_related("posting__village").get(pk=photo.entry_id)
    _only_own(entry, actor)
    record(
        "posting.diary.photo_removed",
        actor=actor,
        subject=entry,
        changes={"digest": [photo.digest, None]},
    )
    take_away(photo)
