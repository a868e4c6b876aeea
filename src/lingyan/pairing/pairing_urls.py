"""Where are the pages of the pairs?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.pairing.views import pairings, repairs

PAIRING = "pairings/<uuid:pairing_id>"


def _step(address: str, act: str) -> URLPattern:
    """The page of one act of the table."""
    return path(f"{PAIRING}/{address}/", pairings.step_view(act), name=f"pairing_{act}")


PAIRING_PATTERNS = [
    path("pairings/", pairings.pairing_list, name="pairing_list"),
    path("pairings/export.xlsx", pairings.pairing_export, name="pairing_export"),
    path("pairings/new/", pairings.pairing_propose, name="pairing_propose"),
    path(f"{PAIRING}/", pairings.pairing_detail, name="pairing_detail"),
    path(f"{PAIRING}/agreement/", pairings.pairing_agreement, name="pairing_agreement"),
    path(
        f"{PAIRING}/agreement.docx", pairings.pairing_agreement_word, name="pairing_agreement_word"
    ),
    _step("agree-unit", "agree_unit"),
    _step("agree-village", "agree_village"),
    _step("decline", "decline"),
    _step("withdraw", "withdraw"),
    _step("approve", "approve"),
    _step("draft", "draft"),
    _step("start", "start"),
    _step("renew", "renew"),
    _step("end", "end"),
    _step("dissolve", "dissolve"),
    path("repairs/", repairs.repair_list, name="repair_list"),
    path("repairs/<uuid:pairing_id>/", repairs.repair_detail, name="repair_detail"),
]
