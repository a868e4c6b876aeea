"""What is in a backup file, and how is one written whole and read with suspicion?

A zip of the database, the uploaded files, perhaps the keys, and `manifest.json`: of which version,
from when, with which control totals, and the SHA-256 of every part.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from lingyan.cli.speaking import Speaker, WrongInput

FORMAT = "lingyan-backup/1"
MANIFEST = "manifest.json"
DATABASE = "database"
FILES, KEYS = "files/", "keys/"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive as it was when it was written."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    version: str
    engine: str
    migrations: dict[str, list[str]]
    controls: dict[str, str]
    rows: dict[str, int]
    has_keys: bool
    key_marks: list[str]
    parts: dict[str, Part] = field(default_factory=dict)
    format: str = FORMAT


class ArchiveWriter:
    """Parts go in one after the other; the manifest closes the file."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.parts: dict[str, Part] = {}

    def add(self, source: Path, name: str) -> None:
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as file, self._zip.open(name, "w", force_zip64=True) as target:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
                target.write(block)
        self.parts[name] = Part(size, digest.hexdigest())

    def close(self, manifest: Manifest) -> None:
        data = {**asdict(manifest), "parts": {k: asdict(v) for k, v in self.parts.items()}}
        self._zip.writestr(MANIFEST, json.dumps(data, ensure_ascii=False, indent=1))
        self._zip.close()


@contextlib.contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A place beside `out` that takes its name at the end, or vanishes."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def is_archive(path: Path) -> bool:
    return zipfile.is_zipfile(path)


def read_manifest(path: Path, say: Speaker) -> Manifest:
    if not path.is_file():
        raise WrongInput(say(f"没有这个文件：{path}", f"there is no file {path}"))
    try:
        with zipfile.ZipFile(path) as archive:
            data = json.loads(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as problem:
        raise not_a_backup(path, say) from problem
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise not_a_backup(path, say)
    try:
        return Manifest(**{**data, "parts": {k: Part(**v) for k, v in data["parts"].items()}})
    except (TypeError, KeyError, AttributeError) as problem:
        raise not_a_backup(path, say) from problem


def not_a_backup(path: Path, say: Speaker) -> WrongInput:
    return WrongInput(
        say(
            f"这不是 lingyan backup 写的完整备份：{path}",
            f"not a complete backup of lingyan: {path}",
        )
    )


def extract(path: Path, manifest: Manifest, target: Path, say: Speaker) -> None:
    """Every part into the folder; each must be what the manifest says, and lie inside."""
    with _opened(path, say) as archive:
        names = {name for name in archive.namelist() if name != MANIFEST}
        if names != set(manifest.parts) or not all(map(_is_ours, names)):
            raise damaged(path, say)
        for name, part in manifest.parts.items():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(name) as source:
                _copy_checked(source, place, part, path, say)


def read_part(path: Path, name: str, place: Path, say: Speaker) -> Path:
    """One part of a backup, to be looked at."""
    manifest = read_manifest(path, say)
    with _opened(path, say) as archive, archive.open(name) as source:
        _copy_checked(source, place, manifest.parts[name], path, say)
    return place


@contextlib.contextmanager
def _opened(path: Path, say: Speaker) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, KeyError, zlib.error) as problem:
        raise damaged(path, say) from problem


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts
    return inside and (name == DATABASE or name.startswith((FILES, KEYS)))


def _copy_checked(source: IO[bytes], place: Path, part: Part, path: Path, say: Speaker) -> None:
    digest, size = hashlib.sha256(), 0
    with place.open("wb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            if size > part.bytes:
                break
            target.write(block)
    if (size, digest.hexdigest()) != (part.bytes, part.sha256):
        raise damaged(path, say)
    place.chmod(0o600)


def damaged(path: Path, say: Speaker) -> WrongInput:
    return WrongInput(
        say(
            f"备份文件已损坏，没有恢复任何内容：{path}。请换一份备份。",
            f"the backup is damaged and nothing was restored: {path}; take another one.",
        )
    )
