"""How do records go out as a file, and what is left behind about it?"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.common.sheet import Sheet
from lingyan.common.workbook import DEMO_BANNER, write_book, write_rows, write_template
from lingyan.common.workbook.versions import Origin, Sign
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.reading import listing
from lingyan.platform.audit.record import Subject, Trace, record_many
from lingyan.platform.exchange import merging, registry, rules
from lingyan.platform.exchange.actions import scope_path
from lingyan.platform.exchange.models import Export
from lingyan.platform.exchange.registry import ExchangeKind

READ_AT_ONCE = 1024 * 1024


class TooManyRows(Refused):
    """So many rows may be asked for, and leave when somebody has consented."""


def banner() -> str:
    return DEMO_BANNER if registry.is_demo() else ""


def export_banner(actor: Actor, purpose: str = "") -> str:
    """Above every list stands who took it out, when and what for; imports pass it over.

    What for is asked of whoever takes out records; where a page has one use only, the page says it.
    """
    moment = clock.now().astimezone(clock.BEIJING)
    taken = f"{actor.name}（{actor.acting_as}）{moment:%Y-%m-%d %H:%M} 导出"
    return "。".join(filter(None, (banner(), taken, f"用途：{purpose}" if purpose else "")))


def export_records(
    kind: ExchangeKind,
    target: str | Path | BinaryIO,
    *,
    option: str,
    actor: Actor,
    purpose: str = "",
    approved_rows: int = 0,
) -> Export:
    """Stream the records in the actor's scope into a file; the trace says who took how much, and
    what for. A file that is refused for its size is not given to anybody.
    """
    purpose = purpose.strip()
    if refusals := rules.refuse_to_export(role=actor.role, purpose=purpose):
        raise Refused(refusals)
    rows = kind.export_rows(actor=actor, option=option)
    is_text = isinstance(target, str | Path) and Path(target).suffix.lower() == ".csv"
    with listing() as listed:
        if kind.beside and not is_text:
            count = _write_beside(kind, rows, target, option=option, actor=actor, purpose=purpose)
        else:
            head = export_banner(actor, purpose)
            count = write_rows(target, kind.sheet, rows, banner=head, kept=_kept(kind, option))
    if refusals := rules.refuse_many_rows(
        role=actor.role, rows=count, most=settings.EXPORT_ROWS_MAX, approvers=kind.export_roles,
        approved=approved_rows,
    ):  # fmt: skip
        raise TooManyRows(refusals)
    asked = _Asked(option, purpose, _digest(target))
    return _keep_trace(kind.sheet, count, listed, asked, actor=actor)


def _digest(target: str | Path | BinaryIO) -> str:
    """SHA-256 of the file: a copy that turns up somewhere is traced to who took it."""
    if isinstance(target, str | Path):
        with Path(target).open("rb") as file:
            return _digest(file)
    target.seek(0)
    digest = hashlib.sha256()
    while piece := target.read(READ_AT_ONCE):
        digest.update(piece)
    return digest.hexdigest()


def went_out(path: Path) -> bool:
    """Whether the file is an export of this installation, not touched since."""
    written = AuditEntry.objects.filter(action="exchange.export.written")
    return written.filter(changes__digest__1=_digest(path)).exists()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asked for, and the digest of what he was given."""

    option: str = ""
    purpose: str = ""
    digest: str = ""


def export_list(
    sheet: Sheet,
    rows: Iterable[Mapping[str, Any]],
    target: BinaryIO,
    *,
    actor: Actor,
    purpose: str = "",
) -> Export:
    """A list as its page shows it, with the filters of the page: marked and traced like any.

    `purpose` where the page asks what for.
    """
    with listing() as listed:
        count = write_rows(target, sheet, rows, banner=export_banner(actor, purpose))
    asked = _Asked(purpose=purpose, digest=_digest(target))
    return _keep_trace(sheet, count, listed, asked, actor=actor)


def _kept(kind: ExchangeKind, option: str) -> tuple[Origin, Sign] | None:
    """What goes out remembers what it said, if its rows can be known again."""
    return (merging.origin_of(kind, option), merging.sign) if kind.known_by else None


def _write_beside(
    kind: ExchangeKind,
    rows: Iterable[Mapping[str, Any]],
    target: str | Path | BinaryIO,
    *,
    option: str,
    actor: Actor,
    purpose: str,
) -> int:
    """The main worksheet and those beside it; the main one's rows are counted."""
    main = list(rows)
    beside = (
        (sheet, kind.export_beside[sheet.kind](actor=actor, option=option)) for sheet in kind.beside
    )
    write_book(
        target,
        [(kind.sheet, main), *beside],
        banner=export_banner(actor, purpose),
        kept=_kept(kind, option),
    )
    return len(main)


@transaction.atomic
def _keep_trace(
    sheet: Sheet, count: int, listed: Collection[Subject], asked: _Asked, *, actor: Actor
) -> Export:
    export = Export.objects.create(
        kind=sheet.kind,
        option=asked.option,
        row_count=count,
        created_by_id=actor.user_id,
        created_by_name=actor.name,
        created_at=clock.now(),
        scope_path=scope_path(actor),
    )
    columns = [column.heading for column in sheet.columns]
    changes = {"kind": ["", sheet.title], "rows": [None, count], "columns": [None, columns]}
    changes["digest"] = ["", asked.digest]
    trace = Trace(
        "exchange.export.written", export, changes, asked.purpose, others=listed, is_reading=True
    )
    record_many([trace], actor=actor)
    return export


def write_empty(kind: ExchangeKind, target: str | Path | BinaryIO) -> None:
    """The template that people fill in."""
    write_template(target, kind.sheets, banner=banner())
