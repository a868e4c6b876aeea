"""How are the refusals of many rows gathered, and the changes of one record stored?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import rules
from lingyan.directory.scoping import contains
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.columns import derived_names

SHOWN_MOST = 200


def require_role(actor: Actor, roles: tuple[str, ...], act: str) -> None:
    if refusals := rules.refuse_role(actor.role, roles, act):
        raise Refused(refusals)


def refuse_outside(actor: Actor, path: str, unit_id: Any = None) -> tuple[Refusal, ...]:
    """An import may name a place of another county; it is refused like a page would be."""
    if contains(actor.scope, path) or (unit_id is not None and unit_id in actor.scope.unit_ids):
        return ()
    return (Refusal("directory.outside_scope", "不在您的管辖范围内"),)


def raise_all(found: Iterable[tuple[int, str, Sequence[Refusal]]]) -> None:
    """Refuse everything at once, each reason with its row from 1; a lone row (0) needs none."""
    refused = [(number, label, one) for number, label, several in found for one in several]
    if not refused:
        return
    if len({number for number, _, _ in refused}) == 1 and refused[0][0] == 0:
        raise Refused(one for _, _, one in refused)
    named = [
        Refusal(one.code, f"第 {number} 条（{label}）：{one.text}")
        for number, label, one in refused[:SHOWN_MOST]
    ]
    if len(refused) > SHOWN_MOST:
        named.append(
            Refusal("directory.more_refusals", f"另有 {len(refused) - SHOWN_MOST} 处未列出")
        )
    raise Refused(named)


def row_number(position: int, rows: Sequence[Any]) -> int:
    """Rows count from 1; a record entered alone has no number."""
    return 0 if len(rows) == 1 else position + 1


def save_changes(thing: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values, store exactly the changed fields, and say what changed from what to what."""
    if changes := set_changes(thing, values):
        # What follows from a name is stored with it, so that the record is found by the new one.
        thing.save(update_fields=[*changes, *derived_names(type(thing))])
    return changes


def set_changes(thing: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values and say what changed from what to what; nothing is stored yet."""
    changes = {
        name: [getattr(thing, name), value]
        for name, value in values.items()
        if getattr(thing, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(thing, name, value)
    return changes
