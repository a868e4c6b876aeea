"""Were the secretaries reviewed this year, and do they hold the list of what they answer for?"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q

from lingyan.directory import search
from lingyan.organization.indicators.members import TERMS, place_text
from lingyan.organization.queries import figures
from lingyan.organization.rules.committees import FIGURE_READERS
from lingyan.platform.indicators.definitions import Indicator, Measure, PeriodKind, Record
from lingyan.platform.indicators.sources import FromQuery

of_year = partial(
    Indicator, group=TERMS, kind=PeriodKind.OF_YEAR, measure=Measure.SHARE, unit="%",
    readers=FIGURE_READERS, is_good_high=True,
)  # fmt: skip


def _filed(one: Any) -> Record:
    cells = (place_text(one), "已归档" if one.is_filed else "还没有归档")
    return Record("directory.Place", str(one.pk), one.path, cells)


def _listed(one: Any) -> Record:
    cells = (place_text(one), one.get_level_display(), "已下达" if one.has_list else "还没有下达")
    return Record("directory.Place", str(one.pk), one.path, cells)


INDICATORS = (
    of_year(
        code="IND-13-01", rows=("T16",), name="述职评议考核完成率", rule="R-13-04",
        basis="有村的乡镇中，到统计日当年的村党组织书记述职评议已经归档的占比",
        heads=("乡镇", "述职评议"),
        source=FromQuery(
            lambda asked: figures.with_review(asked.scope, asked.on), _filed, ("path",), "",
            done=lambda _: Q(is_filed=True), search=search.places_q,
        ),
    ),
    of_year(
        code="IND-13-04", name="责任清单下达率", rule="R-13-03",
        basis="乡镇和村中，到统计日当年的党建责任清单已经批准下达的占比",
        heads=("地方", "层级", "责任清单"),
        source=FromQuery(
            lambda asked: figures.with_duty_list(asked.scope, asked.on), _listed, ("path",), "",
            done=lambda _: Q(has_list=True), search=search.places_q,
        ),
    ),
)  # fmt: skip
