"""Which act changes the key under which personal data lie?"""

from __future__ import annotations

from django.db import transaction

from lingyan.common import clock
from lingyan.directory.models import KeyRotation
from lingyan.platform import cipher, keys
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record


def rotate_keys(*, actor: Actor, report: keys.Report) -> KeyRotation:
    """Make everything anew under a new key; after a sudden end, go on where it stopped.

    Not one transaction: each chunk is complete in itself, and the product is used meanwhile.
    """
    keys.begin()
    mark = cipher.keys()[0].mark.hex()
    with transaction.atomic():
        run, is_new = KeyRotation.objects.get_or_create(
            key_id=mark, defaults={"started_at": clock.real_now()}
        )
        if is_new:
            record("directory.keys.started", actor=actor, subject=run)
    count = keys.seal_anew(report)
    with transaction.atomic():
        run.value_count += count
        run.finished_at = clock.real_now()
        run.save(update_fields=["value_count", "finished_at"])
        record(
            "directory.keys.rotated",
            actor=actor,
            subject=run,
            changes={"value_count": [None, run.value_count]},
        )
    keys.set_old_keys_aside()
    return run
