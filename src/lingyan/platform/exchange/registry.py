"""Which kinds of sheet come in and go out? `config.wiring` fills this list at start.

The platform reads, compares, applies in chunks and takes back; what a row means is said by the
module that registers the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.rules import Verdict


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell that differs, as people read it; `before` is empty for a new record."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row that reads well still cannot be taken: an unknown village, a person twice."""

    heading: str
    value: str
    flaw: Flaw
    sheet: str = ""  # a worksheet beside the main one, with the row's number there
    number: int = 0


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What one row would do. `plan` is the module's own note of how to write it."""

    number: int
    verdict: Verdict
    label: str
    changes: Iterable[FieldChange] = ()
    faults: tuple[RowFault, ...] = ()
    subject: models.Model | None = None
    plan: Any = None
    group: str = ""  # rows that must be written together, such as one person's wishes
    others: tuple[models.Model, ...] = ()  # further records that the row would change

    @property
    def is_written(self) -> bool:
        return self.verdict in {Verdict.NEW, Verdict.CHANGED}

    @property
    def subjects(self) -> tuple[models.Model, ...]:
        return (self.subject, *self.others) if self.subject else self.others


@dataclass(frozen=True, slots=True)
class Incoming:
    """The rows of a file without a bad cell; a missing column leaves what is stored as it is."""

    rows: Sequence[ParsedRow]
    missing: frozenset[str] = frozenset()
    option: str = ""
    beside: Mapping[str, Sequence[ParsedRow]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A record that a row created (`before` None) or changed (`before` its earlier image).

    The image may be sealed already: `prepare` has time for that, `apply` has others waiting.
    """

    number: int
    subject: models.Model
    before: Mapping[str, Any] | bytes | None


Matching = Callable[..., list[RowOutcome]]
Applying = Callable[..., list[Written]]
Exporting = Callable[..., Iterable[Mapping[str, Any]]]
Preparing = Callable[..., None]
Options = Callable[[Actor], Sequence[tuple[str, str]]]
Cautions = Callable[[Sequence[RowOutcome]], Sequence[str]]


def no_options(actor: Actor) -> Sequence[tuple[str, str]]:
    return ()


def nothing_to_prepare(outcomes: Sequence[RowOutcome], *, actor: Actor) -> None:
    pass


def no_cautions(outcomes: Sequence[RowOutcome]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class ExchangeKind:
    """One kind of sheet.

    `match(incoming, *, actor)` compares rows with the records in the actor's scope and writes
    nothing; `cautions(outcomes)` says what the rows leave open though nothing is wrong with them;
    `prepare(outcomes, *, actor)` makes in the plans what needs no lock, before others have
    to wait; `apply(outcomes, *, actor, option)` writes one chunk through the module's actions and
    names every record it touched; `export_rows(*, actor, option)` yields rows of the same sheet.
    """

    code: str
    sheet: Sheet
    import_roles: tuple[str, ...]
    export_roles: tuple[str, ...]
    match: Matching
    apply: Applying
    export_rows: Exporting
    prepare: Preparing = nothing_to_prepare
    cautions: Cautions = no_cautions
    about: str = ""
    option_label: str = ""  # such as 批次: what the file belongs to
    options: Options = no_options
    private_fields: frozenset[str] = frozenset()  # never shown, never in the audit trail
    not_kept: frozenset[str] = frozenset()  # columns that only `lingyan match` reads
    beside: tuple[Sheet, ...] = ()  # further worksheets of the same file
    export_beside: Mapping[str, Exporting] = field(default_factory=dict)
    identity: tuple[str, ...] = ()  # columns by which a record is known again; else the sheet's key

    @property
    def title(self) -> str:
        return self.sheet.title

    @property
    def known_by(self) -> tuple[str, ...]:
        return self.identity or self.sheet.key

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (self.sheet, *self.beside)

    def imported_by(self, actor: Actor) -> bool:
        return actor.role == "system" or actor.role in self.import_roles

    def exported_by(self, actor: Actor) -> bool:
        return actor.role == "system" or actor.role in self.export_roles


KINDS: dict[str, ExchangeKind] = {}
RECORD_PAGES: dict[str, Callable[[str], str]] = {}
"""Where a record is shown: model label in lower case -> function from its id to an address."""
ACTOR_KEYS: list[Callable[[Actor], dict[str, Any]]] = []
"""One function that says what a background job keeps of its actor."""
COMPUTED_FROM: list[Callable[..., Sequence[str]]] = []
"""Functions of the modules `(records, *, since)`: what was computed since from these records (label
in lower case -> ids) and is not decided yet, in words."""
IS_DEMO: list[Callable[[], bool]] = []
"""One function that says whether this installation holds demo data."""


def silent(percent: int, message: str) -> None:
    """The report of work for which nobody waits."""


def register(*kinds: ExchangeKind) -> None:
    for kind in kinds:
        assert kind.code == kind.sheet.kind, f"kind and sheet differ: {kind.code}"
        KINDS[kind.code] = kind


def is_demo() -> bool:
    return any(ask() for ask in IS_DEMO)
