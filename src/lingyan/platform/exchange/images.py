"""What did a record look like before, in a form that can be stored and put back?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.db import models

from lingyan.platform import cipher
from lingyan.platform.columns import BlindIndexField, DerivedField, SealedField
from lingyan.platform.inserting import new_record
from lingyan.platform.keys import set_blind_index

PLAIN = frozenset((bool, int, str, list, dict))
Image = Mapping[str, Any]


def image_of(record: models.Model) -> dict[str, Any]:
    """Every column of the record as plain JSON values, except what follows from others.

    What is sealed is opened: an image is itself sealed when it is stored, and must be readable
    when the key has been changed since.
    """
    return {name: _plain(field, record) for name, field in _columns(type(record))}


@lru_cache(maxsize=64)
def _columns(model: type[models.Model]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (field.attname, field)
        for field in model._meta.concrete_fields
        if not isinstance(field, DerivedField | BlindIndexField)
    )


def record_of(model: type[models.Model], image: dict[str, Any]) -> models.Model:
    """The record that an image was taken of, not yet saved."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: _python(fields[name], value) for name, value in image.items()}
    record = new_record(model, **values)
    for field in fields.values():
        if isinstance(field, BlindIndexField):
            set_blind_index(record, field)
    return record


def differences(
    model: type[models.Model], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, list[Any]]:
    """Which columns differ, as [before, after]; encrypted columns only by name."""
    found: dict[str, list[Any]] = {}
    for field in model._meta.concrete_fields:
        if field.attname not in before:
            continue
        pair = [before[field.attname], after[field.attname]]
        if pair[0] == pair[1]:
            continue
        secret = isinstance(field, models.BinaryField)
        found[field.attname] = ["（加密）", "（加密）"] if secret else pair
    return found


def sealed(image: Image) -> bytes:
    return cipher.encrypt(json.dumps(image, ensure_ascii=False, separators=(",", ":")))


def unsealed(stored: bytes) -> str:
    """The image as text, for `read`."""
    return cipher.decrypt(stored)


def read(image: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(image))


def opened(stored: bytes) -> dict[str, Any]:
    return read(unsealed(stored))


def _plain(field: Any, record: models.Model) -> Any:
    value = getattr(record, field.attname)
    if value is None or value.__class__ in PLAIN:
        return value
    if value.__class__ is UUID:
        return str(value)
    if isinstance(field, SealedField):
        return cipher.decrypt(value) if value else None
    return field.value_to_string(record)


def _python(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, SealedField):
        return cipher.encrypt(value)
    target = field.target_field if field.is_relation else field
    return target.to_python(value)
