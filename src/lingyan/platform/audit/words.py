"""How does an entry read in plain Chinese: who, what, and each field from its old to its new value?

Nothing here shows a code: a name or value for which nobody has given a word is said in general.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.texts import FIELDS, action_text, role_text

EMPTY = "（空）"
LISTED_MOST = 6
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field that an act set: empty texts where there was, or is, nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One act as the page and the export show it."""

    number: int
    acted_at: datetime
    actor: str
    role: str
    action: str
    kind: str
    subject: str
    changes: tuple[ShownChange, ...]
    reason: str
    client_address: str

    @property
    def changes_text(self) -> str:
        return "；".join(f"{one.label}：{_arrow(one)}" for one in self.changes)


def _arrow(one: ShownChange) -> str:
    return f"{one.before} → {one.after}" if one.before else one.after


def shown(entry: AuditEntry) -> ShownEntry:
    model = model_of(entry.subject_type)
    return ShownEntry(
        number=entry.number,
        acted_at=entry.acted_at,
        actor=entry.actor_name,
        role=entry.actor_scope or role_text(entry.actor_role),
        action=action_text(entry.action),
        kind=str(model._meta.verbose_name) if model else "",
        subject=entry.subject_text,
        changes=tuple(_changes(model, entry.changes)),
        reason=entry.reason,
        client_address=entry.client_address,
    )


def model_of(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _changes(model: type[models.Model] | None, changes: Mapping[str, Any]) -> Iterator[ShownChange]:
    for name in sorted(changes, key=_places(model)):
        change = changes[name]
        before, after = change if _is_pair(change) else (None, change)
        old, new = value_text(model, name, before), value_text(model, name, after)
        if before not in (None, "", []) or after not in (None, "", []):
            yield ShownChange(field_label(model, name), old if _is_change(before) else "", new)


def _places(model: type[models.Model] | None) -> Callable[[str], tuple[int, str]]:
    """In the order of the record's columns: a database gives the changes back in one of its own."""
    columns = model._meta.concrete_fields if model else ()
    place = {one.name: index for index, one in enumerate(columns)}
    return lambda name: (place.get(name, len(place)), name)


def _is_pair(change: Any) -> bool:
    return isinstance(change, list) and len(change) == 2


def _is_change(before: Any) -> bool:
    return before not in (None, "", [])


def field_label(model: type[models.Model] | None, name: str) -> str:
    """The field's own label, what a module calls it, or any model's word for that name."""
    own = str(getattr(_field(model, name), "verbose_name", ""))
    for label in (own, FIELDS.get(name, ""), _labels_of_models().get(name, "")):
        if CHINESE.search(label):
            return label
    return name if CHINESE.search(name) else "其他内容"


def _field(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    if model is None:
        return None
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def value_text(model: type[models.Model] | None, name: str, value: Any) -> str:
    field = _field(model, name)
    words = {str(code): str(label) for code, label in (field.flatchoices if field else ())}
    return _text(value, words)


def _text(value: Any, words: Mapping[str, str]) -> str:
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, Mapping):
        return _mapping_text(value, words)
    if isinstance(value, list):
        return _listed([_text(item, words) for item in value if item not in (None, "")])
    if isinstance(value, bool):
        return "是" if value else "否"
    return _word(str(value), words)


def _word(text: str, words: Mapping[str, str]) -> str:
    if word := words.get(text) or _words_of_models().get(text) or FIELDS.get(text):
        return word
    return "其他" if CODE.fullmatch(text) and "_" in text else _moment(text)


def _mapping_text(value: Mapping[str, Any], words: Mapping[str, str]) -> str:
    named = {_key_text(key): item for key, item in value.items()}
    named.pop("其他内容", None)
    if not named or any(isinstance(item, Mapping) for item in named.values()):
        return f"共 {len(value)} 项设置"
    return _listed([f"{label} {_text(item, words)}" for label, item in named.items()])


def _key_text(key: str) -> str:
    return _words_of_models().get(key) or field_label(None, key)


def _listed(parts: Sequence[str]) -> str:
    text = "、".join(parts[:LISTED_MOST])
    return f"{text} 等 {len(parts)} 项" if len(parts) > LISTED_MOST else text


def _moment(text: str) -> str:
    """Moments as people write them."""
    return re.sub(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d):\d\d.*$", r"\1 \2", text)


def _our_models() -> Iterable[type[models.Model]]:
    return [one for one in apps.get_models() if one.__module__.startswith("lingyan.")]


@lru_cache(maxsize=1)
def _labels_of_models() -> dict[str, str]:
    found: dict[str, str] = {}
    for model in _our_models():
        found.setdefault(str(model._meta.model_name), str(model._meta.verbose_name))
        for field in model._meta.concrete_fields:
            found.setdefault(field.name, str(field.verbose_name))
    return found


@lru_cache(maxsize=1)
def _words_of_models() -> dict[str, str]:
    """What a code means where its field does not say; the first meaning stands for all."""
    found: dict[str, str] = {}
    for model in _our_models():
        for field in model._meta.concrete_fields:
            for code, label in field.flatchoices or ():
                if CODE.fullmatch(str(code)):
                    found.setdefault(str(code), str(label))
    return found
