"""How does the agreement of a pair leave as a Word file?"""

from __future__ import annotations

from typing import BinaryIO

from lingyan.common.document import write_document
from lingyan.common.written_text import Written
from lingyan.pairing.models import Pairing
from lingyan.pairing.rules.agreement import AgreementFacts, agreement_text
from lingyan.pairing.rules.pairings import last_day, term_since
from lingyan.platform.exchange.exporting import banner


def text_of(pairing: Pairing) -> Written:
    town = pairing.village.parent
    return agreement_text(
        AgreementFacts(
            unit=pairing.unit.name,
            village=f"{town or ''}{pairing.village}",
            is_lead=pairing.is_lead,
            goals=tuple(pairing.goals),
            plan_text=pairing.plan_text,
            unit_contact=pairing.unit_contact,
            village_contact=pairing.village_contact,
            term_months=pairing.term_months,
            number=pairing.agreement_number,
            since=term_since(pairing.since, pairing.planned_until, pairing.term_months),
            last_day=last_day(pairing.planned_until) if pairing.planned_until else None,
        )
    )


def write_agreement(target: BinaryIO, pairing: Pairing) -> None:
    write_document(target, text_of(pairing), banner=banner())
