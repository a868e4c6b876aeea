"""Which act shows an identity number or a phone in full?"""

from __future__ import annotations

from django.db import transaction

from lingyan.common.refusals import Refused
from lingyan.directory.actions.checking import require_role
from lingyan.directory.models import Person
from lingyan.directory.rules.people import REVEALERS, refuse_to_reveal
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many

COLUMNS = {"id_number": "id_number_cipher", "phone": "phone_cipher"}
LABELS = {"id_number": "身份证号", "phone": "手机"}


@transaction.atomic
def reveal(person: Person, what: str, *, actor: Actor, reason: str) -> str:
    """The value in full; who asked and why stands in the history, the value never does."""
    require_role(actor, REVEALERS, "查看完整号码")
    stored = getattr(person, COLUMNS[what])
    if refusals := refuse_to_reveal(reason=reason, stored=bool(stored)):
        raise Refused(refusals)
    shown = {"shown": [None, LABELS[what]]}
    trace = Trace("directory.person.revealed", person, shown, reason.strip(), is_reading=True)
    record_many([trace], actor=actor)
    return cipher.decrypt(stored)
