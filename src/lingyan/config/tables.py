"""How do the tables of a new database come about, and how is an older one brought up to date?

Migrations lead from any version to this one. For a database that holds nothing they are a detour:
each operation draws the models anew, which takes most of a first start. There the tables come from
the models, and the migrations are noted as done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def bring_up_to_date() -> None:
    """Every table as the models say it. PostgreSQL, set up once by an operator, is migrated."""
    if connection.vendor == "sqlite" and not connection.introspection.table_names():
        _make_from_models()
    else:
        call_command("migrate", verbosity=0, interactive=False)


def _make_from_models() -> None:
    """All tables with their notes, or none: a start that is killed here begins anew."""
    # SQLite changes tables only while it checks no foreign keys; a new table has none to check.
    with connection.constraint_checks_disabled(), transaction.atomic():
        with _without_migrations():
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        note_migrations()


def note_migrations() -> None:
    """Say of every migration that it is done."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    known = MigrationLoader(None, ignore_no_migrations=True).graph.nodes
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name) for app, name in sorted(known)
    )


@contextmanager
def _without_migrations() -> Iterator[None]:
    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {one.label: None for one in apps.get_app_configs()}
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before
