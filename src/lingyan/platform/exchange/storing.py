"""Where does an uploaded file lie, so that a copy of the folder tells nothing?"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lingyan.platform import cipher


def keep_file(import_id: UUID, data: bytes) -> str:
    """Store a file encrypted; returns the name under which it lies."""
    text = base64.b64encode(data).decode("ascii")
    return default_storage.save(f"imports/{import_id}.bin", ContentFile(cipher.encrypt(text)))


def kept_file(stored_name: str) -> bytes:
    with default_storage.open(stored_name) as file:
        return base64.b64decode(cipher.decrypt(file.read()))


def forget_files(stored_names: Iterable[str]) -> None:
    for name in stored_names:
        default_storage.delete(name)
