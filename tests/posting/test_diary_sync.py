"""What is sent late, twice or from two phones: nothing is lost and nothing counts double.

The rule is tried on 10,000 random histories; the action itself on fewer of the same kind.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from lingyan.common import clock
from lingyan.posting.actions import diary
from lingyan.posting.models import DiaryEntry, DiaryReceipt
from lingyan.posting.rules.diary_sync import (
    BOTH,
    PHONE,
    SERVER,
    Receipt,
    ReusedNumber,
    Sent,
    choose,
    decide,
    merge,
    not_chosen,
)
from lingyan.posting.rules.diary_words import DiaryOutcome
from tests.posting.duty_scene import Duty, on_duty
from tests.world import World

HISTORIES = 10_000
BEFORE = {"text": "修路", "duty": "D3", "with_whom": "老王"}


# --- the rule, case by case -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "server", "values", "clashing"),
    [
        ({}, {}, {}, set()),
        ({"text": "修渠"}, {}, {"text": "修渠"}, set()),
        ({}, {"text": "修桥"}, {"text": "修桥"}, set()),
        ({"text": "修渠"}, {"duty": "D4"}, {"text": "修渠", "duty": "D4"}, set()),
        ({"text": "修渠"}, {"text": "修渠"}, {"text": "修渠"}, set()),
        ({"text": "修渠"}, {"text": "修桥"}, {"text": "修桥"}, {"text"}),
        (
            {"text": "修渠", "duty": "D5"},
            {"text": "修桥"},
            {"text": "修桥", "duty": "D5"},
            {"text"},
        ),
    ],
)
def test_fields_merge_one_by_one(
    phone: dict[str, Any], server: dict[str, Any], values: dict[str, Any], clashing: set[str]
) -> None:
    merged = merge(BEFORE, BEFORE | phone, BEFORE | server)

    assert merged.values == BEFORE | values
    assert set(merged.clashes) == clashing


def test_without_a_base_every_difference_is_a_clash() -> None:
    merged = merge(None, BEFORE | {"text": "修渠"}, BEFORE)

    assert merged.values == BEFORE
    assert merged.clashes == {"text": {"base": None, "phone": "修渠", "server": "修路"}}


def test_a_clash_keeps_all_three_values() -> None:
    merged = merge(BEFORE, BEFORE | {"text": "修渠"}, BEFORE | {"text": "修桥"})

    assert merged.clashes["text"] == {"base": "修路", "phone": "修渠", "server": "修桥"}


def test_the_same_thing_again_is_answered_as_before_and_done_no_more() -> None:
    sent = Sent("n", "e", BEFORE)
    first = decide(sent, receipt=None, kept=None)

    again = decide(sent, receipt=Receipt(sent.digest, first.outcome), kept=BEFORE)

    assert (first.outcome, first.again) == (DiaryOutcome.CREATED, False)
    assert (again.outcome, again.again) == (DiaryOutcome.CREATED, True)


def test_a_number_with_other_content_is_refused_loudly() -> None:
    sent = Sent("n", "e", BEFORE)
    other = Sent("n", "e", BEFORE | {"text": "修渠"})

    with pytest.raises(ReusedNumber):
        decide(other, receipt=Receipt(sent.digest, DiaryOutcome.CREATED), kept=BEFORE)


def test_a_correction_of_an_entry_that_was_refused_makes_the_entry() -> None:
    decision = decide(Sent("m", "e", BEFORE, base={"text": "明天的事"}), receipt=None, kept=None)

    assert (decision.outcome, decision.values) == (DiaryOutcome.CREATED, BEFORE)


def test_a_choice_takes_one_side_or_both_texts() -> None:
    clashes = merge(
        BEFORE, BEFORE | {"text": "修渠", "duty": "D5"}, BEFORE | {"text": "修桥", "duty": "D4"}
    ).clashes

    assert choose(clashes, {"text": PHONE, "duty": SERVER}) == {"text": "修渠"}
    assert choose(clashes, {"text": BOTH, "duty": PHONE}) == {"text": "修桥\n修渠", "duty": "D5"}
    assert not_chosen(clashes, {"text": BOTH, "duty": BOTH}) == ("duty",)
    assert not_chosen(clashes, {}) == ("text", "duty")


# --- random histories -----------------------------------------------------------------------------


@dataclass
class Server:
    """What the product keeps, by the rule alone."""

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    clashes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    earlier: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    created: Counter[str] = field(default_factory=Counter)

    def take(self, sent: Sent) -> None:
        kept = self.entries.get(sent.entry)
        decision = decide(sent, receipt=self.receipts.get(sent.number), kept=kept)
        if decision.again:
            return
        self.done[sent.number] += 1
        self.created[sent.entry] += decision.outcome is DiaryOutcome.CREATED
        if kept is not None and kept != decision.values:
            self.earlier.append((sent.entry, kept))
        self.entries[sent.entry] = dict(decision.values)
        if decision.clashes:
            self.clashes.append((sent.entry, dict(decision.clashes)))
        self.receipts[sent.number] = Receipt(sent.digest, decision.outcome)

    def known(self) -> list[str]:
        return sorted(self.entries)

    def values(self, entry: str) -> dict[str, Any] | None:
        return self.entries.get(entry)

    def everything(self, entry: str, name: str) -> set[Any]:
        """Every value of a field that can still be read somewhere."""
        found = {self.entries[entry][name]}
        found |= {one[name] for at, one in self.earlier if at == entry}
        found |= {
            side for at, one in self.clashes if at == entry and name in one
            for side in (one[name]["phone"], one[name]["server"])
        }  # fmt: skip
        return found

    def count_clashes(self, entry: str) -> int:
        return sum(at == entry for at, _ in self.clashes)


@dataclass
class Device:
    """A phone with its queue, or the page of a desk; both write by the same rule."""

    name: str
    chance: random.Random
    server: Any
    queue: list[Sent] = field(default_factory=list)
    knows: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: list[tuple[str, str, Any]] = field(default_factory=list)
    count: int = 0

    def number(self) -> str:
        self.count += 1
        return f"{self.name}{self.count}"

    def write(self) -> None:
        number = self.number()
        values = self.fresh(number, ("text", "duty", "with_whom"))
        self.knows[number] = values
        self.queue.append(Sent(number, number, values))

    def fresh(self, number: str, names: tuple[str, ...]) -> dict[str, Any]:
        """Each value is written once in a history, so that it can be looked for."""
        return {name: f"{number}.{name}" for name in names}

    def correct(self) -> None:
        if not self.knows:
            return
        entry = self.chance.choice(sorted(self.knows))
        number = self.number()
        names = self.chance.sample(("text", "duty", "with_whom"), self.chance.randint(1, 2))
        base = self.knows[entry]
        values = base | self.fresh(number, tuple(names))
        self.knows[entry] = values
        self.queue.append(Sent(number, entry, values, base))

    def send(self) -> None:
        """In order; what is lost on the way there or on the way back stays in the queue."""
        while self.queue:
            first = self.queue[0]
            lost = self.chance.random()
            if lost < 0.2:
                return
            for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
                self.server.take(first)
            if lost < 0.4:
                return
            self.queue.pop(0)

    def look(self) -> None:
        """The list is loaded: copies of what the server holds; never over what is not yet sent."""
        waiting = {one.entry for one in self.queue}
        for entry in self.server.known():
            if entry not in waiting and self.chance.random() < 0.7:
                self.knows[entry] = dict(self.server.values(entry))

    def drain(self) -> None:
        for one in self.queue:
            self.server.take(one)
        self.queue.clear()


def history(chance: random.Random, server: Any, steps: int) -> list[Device]:
    devices = [
        Device(name, chance, server) for name in ("手机", "旧手机", "电脑")[: chance.randint(1, 3)]
    ]
    told: dict[str, list[Sent]] = {one.name: [] for one in devices}
    for _ in range(steps):
        device = chance.choice(devices)
        before = len(device.queue)
        chance.choice((device.write, device.correct, device.correct, device.send, device.look))()
        told[device.name] += device.queue[before:]
        if device.name == "电脑":
            device.drain()
    for device in chance.sample(devices, len(devices)):
        device.drain()
    for device in devices:
        device.written = [
            (one.entry, name, one.values[name])
            for one in told[device.name]
            for name in ("text", "duty", "with_whom")
            if one.base is None or one.values[name] != one.base[name]
        ]
        device.count = len(told[device.name])
    return devices


def check(devices: list[Device], server: Any) -> None:
    writers: dict[str, set[str]] = {}
    for device in devices:
        for entry, name, value in device.written:
            assert value in server.everything(entry, name), f"{value} of {entry} is lost"
            writers.setdefault(entry, set()).add(device.name)
    for entry, names in writers.items():
        if len(names) == 1:
            assert server.count_clashes(entry) == 0, f"{entry} clashes with itself"
    last = {
        (entry, name): value
        for device in devices
        for entry, name, value in device.written
        if len(writers[entry]) == 1
    }
    for (entry, name), value in last.items():
        assert server.values(entry)[name] == value, "the last word of the only writer holds"


def test_ten_thousand_random_histories_lose_nothing_and_take_nothing_twice() -> None:
    clashing = 0
    for seed in range(HISTORIES):
        chance = random.Random(seed)
        server = Server()

        devices = history(chance, server, chance.randint(5, 25))

        check(devices, server)
        assert set(server.done.values()) <= {1}, "something was done twice"
        assert set(server.created.values()) <= {1}, "an entry was made twice"
        assert len(server.done) == sum(one.count for one in devices), "something never came in"
        clashing += bool(server.clashes)

    assert clashing > HISTORIES // 20, "the histories never clash: they try nothing"


def test_a_rule_that_lets_the_last_one_win_would_be_noticed() -> None:
    """The histories can fail: without receipts and bases they do."""

    class LastOneWins(Server):
        def take(self, sent: Sent) -> None:
            self.done[sent.number] += 1
            self.entries[sent.entry] = dict(sent.values)

    noticed = 0
    for seed in range(200):
        chance = random.Random(seed)
        server = LastOneWins()
        try:
            devices = history(chance, server, chance.randint(5, 25))
            check(devices, server)
            assert set(server.done.values()) <= {1}
        except AssertionError:
            noticed += 1

    assert noticed > 100


# --- the same histories through the action and the tables -----------------------------------------


class Books:
    """The product itself in the place of the server above."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty
        self.sent: Counter[str] = Counter()

    def take(self, sent: Sent) -> None:
        said_in_full = {"happened_on": "2026-03-05", "need": "", "households": 0}
        values = said_in_full | dict(sent.values) | {"duty": duty_of(sent.values["duty"])}
        base = sent.base and said_in_full | dict(sent.base) | {"duty": duty_of(sent.base["duty"])}
        number, entry = (str(uuid5(NAMESPACE_OID, one)) for one in (sent.number, sent.entry))
        diary.receive_entry(Sent(number, entry, values, base), actor=self.duty.actor)
        self.sent[sent.number] += 1

    def known(self) -> list[str]:
        return []  # what was written there is known by its own number only


def duty_of(text: str) -> str:
    """The five duties stand for the many words of the histories."""
    return f"D{sum(map(ord, text)) % 5 + 1}"


def test_random_histories_through_the_action_lose_nothing_and_take_nothing_twice(
    world: World,
) -> None:
    with clock.at(date(2026, 3, 5)):
        duty = on_duty(world)
        for seed in range(12):
            books = Books(duty)
            devices = history(random.Random(seed), books, 18)
            own = Told(devices)

            told = DiaryEntry.objects.in_bulk(own.entries)
            receipts = DiaryReceipt.objects.filter(entry__in=own.entries)
            assert len(told) == len(own.entries)
            assert receipts.count() == len(books.sent) == sum(one.count for one in devices)
            for entry, name, value in own.written:
                if name != "duty":
                    assert value in everything(told[entry], name), f"{value} is lost"
            DiaryEntry.objects.all().delete()


class Told:
    """What the devices wrote, under the ids that the tables know."""

    def __init__(self, devices: list[Device]) -> None:
        self.written = [
            (uuid5(NAMESPACE_OID, entry), name, value)
            for device in devices
            for entry, name, value in device.written
        ]
        self.entries = {entry for entry, _, _ in self.written}


def everything(entry: DiaryEntry, name: str) -> set[Any]:
    found = {entry.values[name]} | {one.values[name] for one in entry.versions.all()}
    for one in entry.conflicts.all():
        found |= {one.clashes.get(name, {}).get(side) for side in ("phone", "server")}
    return found
