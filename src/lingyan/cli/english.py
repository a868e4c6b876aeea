"""How does a command say a refusal of the product in English?

The product speaks Chinese; only what a command hands on about figures and briefings is told here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lingyan.cli.speaking import Speaker

if TYPE_CHECKING:
    from lingyan.common.refusals import Refusal

ENGLISH: Mapping[str, str] = {
    "indicators.ahead": "the period has not begun; name today or an earlier one",
    "indicators.bad_period": "write the period as 2026, 2026Q1, 2026-03 or 2025-01-01..2026-01-23",
    "indicators.unknown": "there is no such indicator; lingyan indicators lists them",
    "briefings.text.stray_brace": "a } that closes nothing",
    "briefings.text.open_brace": "this { is not closed",
    "briefings.text.bad_token": "no indicator can be made out between these braces",
    "briefings.text.bad_option": "an option that is not known, has no value or stands twice",
    "briefings.text.reason_missing": "a number that is declared as text needs its reason",
    "briefings.text.too_long": "this figure is written too long",
    "briefings.text.bad_relation": "write relations as 不超过=X01, 合计=X04+X05 or 占比=X04/X01",
    "briefings.text.level": "a level of numbering is left out above this one",
    "briefings.text.count": "the numbering does not go on from the one before",
    "briefings.text.comma": "no 、 stands after this number",
    "briefings.text.unbound": "a number typed by hand; bind it, or declare it as {文字=…|理由=…}",
    "briefings.figure.no_place": "there is no such place within this one",
    "briefings.figure.which_place": "several places have this name; write its township too",
    "briefings.figure.not_of_units": "this indicator is not counted of a unit",
    "briefings.figure.sum": "this is not the sum of the figures that it names",
    "briefings.figure.part": "a part is more than its whole",
    "briefings.figure.share": "this is not the share of the one figure in the other",
    "briefings.figure.nothing": "there is nothing to tell: no records, or too few",
    "briefings.figure.unit": "the wording has another unit than the indicator",
    "wording.unreadable": "no number can be read in the wording",
    "wording.untrue": "the wording is not true of the value",
}


def told(refusal: Refusal, say: Speaker) -> str:
    return say(refusal.text, ENGLISH.get(refusal.code, refusal.text))
