"""What did a record look like before, in a form that can be stored and put back?"""

from __future__ import annotations

import json
from typing import Any, cast

from django.db import models

from lingyan.platform import cipher

PLAIN = (bool, int, str, list, dict)


def image_of(record: models.Model) -> dict[str, Any]:
    """Every column of the record as plain JSON values."""
    return {field.attname: _plain(field, record) for field in record._meta.concrete_fields}


def record_of(model: type[models.Model], image: dict[str, Any]) -> models.Model:
    """The record that an image was taken of, not yet saved."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: _python(fields[name], value) for name, value in image.items()})


def differences(
    model: type[models.Model], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, list[Any]]:
    """Which columns differ, as [before, after]; encrypted columns only by name."""
    found: dict[str, list[Any]] = {}
    for field in model._meta.concrete_fields:
        pair = [before[field.attname], after[field.attname]]
        if pair[0] == pair[1]:
            continue
        secret = isinstance(field, models.BinaryField) or field.attname.endswith("_index")
        found[field.attname] = ["（加密）", "（加密）"] if secret else pair
    return found


def sealed(image: dict[str, Any]) -> bytes:
    return cipher.encrypt(json.dumps(image, ensure_ascii=False, separators=(",", ":")))


def opened(stored: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(cipher.decrypt(stored)))


def _plain(field: Any, record: models.Model) -> Any:
    value = field.value_from_object(record)
    if value is None or type(value) in PLAIN:
        return value
    return field.value_to_string(record)


def _python(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if field.is_relation else field
    return target.to_python(value)
