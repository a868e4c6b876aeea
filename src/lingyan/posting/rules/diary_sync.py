"""What becomes of an entry that a phone kept while it had no signal, and sends now?

Three rules, all of them here, so that they can be tried without phone, network or database:

1. A thing sent carries its own number. Seen before with the same content, it is answered as it was
   and done no second time; seen with other content, it is refused loudly.
2. A thing sent carries the values that the phone had before (`base`) and those after. What only the
   phone changed is taken over; what only the server changed stays; what both changed to the same
   is no matter.
3. What both changed differently is a clash: the server's value stays in force, the phone's is kept
   beside it until the person has chosen. No value that somebody wrote is ever dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lingyan.posting.rules.diary_words import DiaryOutcome

Values = Mapping[str, Any]
NOTHING: Values = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry as a phone sends it. `base` is what the phone saw before; none for a new entry."""

    number: str
    entry: str
    values: Values
    base: Values | None = None
    seconds: int | None = None  # how long the form was open, for the burden meter alone

    @property
    def digest(self) -> str:
        told = [self.entry, dict(self.values), None if self.base is None else dict(self.base)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server remembers of a thing that it has taken in."""

    digest: str
    outcome: DiaryOutcome


@dataclass(frozen=True, slots=True)
class Merge:
    """The values that hold afterwards, and the fields in which both sides disagree."""

    values: Values
    clashes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done; `again` means that nothing is, because it was done before."""

    outcome: DiaryOutcome
    values: Values
    clashes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    again: bool = False


class ReusedNumber(Exception):  # noqa: N818 - it names the thing
    """The same number came with other content: one of the two would be lost."""


def merge(base: Values | None, phone: Values, server: Values) -> Merge:
    """Field by field: what one side changed is taken, what both changed differently clashes.

    Without a base nothing is known of who changed what: every difference is a clash.
    """
    values = dict(server)
    clashes = {}
    for name, new in phone.items():
        now = server.get(name)
        before = base.get(name) if base is not None else None
        if new == now or (base is not None and new == before):
            continue
        if base is not None and now == before:
            values[name] = new
        else:
            clashes[name] = {"base": before, "phone": new, "server": now}
    return Merge(values, clashes)


def decide(sent: Sent, *, receipt: Receipt | None, kept: Values | None) -> Decision:
    """What the server does with it: `kept` are the values that it holds, none for no entry.

    An edit of an entry that the server never took (its first version was refused) carries all
    values, so it is taken as a new one.
    """
    if receipt is not None:
        if receipt.digest != sent.digest:
            raise ReusedNumber(sent.number)
        return Decision(receipt.outcome, kept or NOTHING, again=True)
    if kept is None:
        return Decision(DiaryOutcome.CREATED, dict(sent.values))
    merged = merge(sent.base, sent.values, kept)
    if merged.clashes:
        return Decision(DiaryOutcome.CLASHED, merged.values, merged.clashes)
    if merged.values == kept:
        return Decision(DiaryOutcome.UNCHANGED, kept)
    return Decision(DiaryOutcome.CHANGED, merged.values)


# --- choosing between two versions ----------------------------------------------------------------

PHONE, SERVER, BOTH = "phone", "server", "both"
JOINABLE = frozenset({"text", "with_whom"})


def choose(clashes: Mapping[str, Mapping[str, Any]], chosen: Mapping[str, str]) -> Values:
    """The values that a choice asks for; a field without a choice keeps the server's value."""
    found = {}
    for name, clash in clashes.items():
        how = chosen.get(name, SERVER)
        if how == PHONE:
            found[name] = clash["phone"]
        elif how == BOTH and name in JOINABLE:
            found[name] = "\n".join(str(clash[side]) for side in (SERVER, PHONE) if clash[side])
    return found


def not_chosen(
    clashes: Mapping[str, Mapping[str, Any]], chosen: Mapping[str, str]
) -> tuple[str, ...]:
    """Fields for which nobody has said which version holds."""
    return tuple(
        name
        for name in clashes
        if chosen.get(name) not in ({PHONE, SERVER, BOTH} if name in JOINABLE else {PHONE, SERVER})
    )
