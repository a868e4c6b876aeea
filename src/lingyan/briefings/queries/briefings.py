"""Which briefings may this person read, who wrote them, and with which templates do they begin?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from lingyan.briefings.models import (
    Briefing,
    BriefingEdition,
    BriefingFigure,
    BriefingTemplate,
    TemplateEdition,
)
from lingyan.briefings.queries.bound import (
    Above,
    Answers,
    Checked,
    Setting,
    check_template,
    check_text,
)
from lingyan.briefings.queries.frozen import above
from lingyan.briefings.rules.briefing_words import PUBLIC, BriefingState
from lingyan.briefings.rules.briefings import INSIDE
from lingyan.briefings.rules.supplied import supplied_templates
from lingyan.briefings.rules.text import Mistake
from lingyan.common import clock
from lingyan.directory.areas import county_of
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor


def county_here(actor: Actor) -> Place:
    found = county_of(actor)
    if found is None:
        raise Http404
    return found


def list_briefings(actor: Actor) -> QuerySet[Briefing]:
    """The office sees all of the county's, everybody else what was issued; whoever is above
    several counties, what each of these has issued.
    """
    county = county_of(actor)
    rows = Briefing.objects.select_related("county")
    rows = rows.visible_to(actor.scope) if county is None else rows.filter(county=county)
    return rows if actor.role in INSIDE else rows.filter(state__in=PUBLIC)


def get_briefing(actor: Actor, briefing_id: UUID) -> Briefing:
    return get_object_or_404(list_briefings(actor), pk=briefing_id)


def list_open(actor: Actor, state: BriefingState) -> QuerySet[Briefing]:
    return list_briefings(actor).filter(state=state).order_by("drafted_at", "pk")


def list_editions(briefing: Briefing) -> list[BriefingEdition]:
    """The newest first."""
    return list(briefing.editions.order_by("-number"))


def get_edition(briefing: Briefing, number: int) -> BriefingEdition:
    return get_object_or_404(briefing.editions, number=number)


def get_figure(briefing: Briefing, position: int) -> BriefingFigure:
    return get_object_or_404(briefing.figures.select_related("place", "of_unit"), position=position)


def writers(briefing: Briefing) -> frozenset[int | None]:
    """Whoever has saved any of the text."""
    return frozenset(briefing.editions.values_list("saved_by_id", flat=True))


def setting_of(briefing: Briefing, actor: Actor) -> Setting:
    return Setting(actor, briefing.county, briefing.on, briefing.period, clock.today())


def check(briefing: Briefing, actor: Actor) -> Checked:
    """The text with the numbers of today."""
    return check_here(briefing.text, setting_of(briefing, actor), above(briefing))


def check_here(text: str, setting: Setting, above: Above = ()) -> Checked:
    return check_text(text, setting, Answers(), above)


def last_total(briefing: Briefing) -> int | None:
    """The highest total number of the series over all years; none where it counts none."""
    rows = Briefing.objects.filter(
        county=briefing.county, series=briefing.series, issue_no__isnull=False
    )
    last: int | None = rows.aggregate(last=Max("total_no"))["last"]
    return last


def numbers_taken(briefing: Briefing, year: int) -> Sequence[int]:
    """依据：R-9-02 同一简报、同一年度；增刊单独编号。"""
    rows = Briefing.objects.filter(
        county=briefing.county, series=briefing.series, is_supplement=briefing.is_supplement,
        issue_year=year, issue_no__isnull=False,
    )  # fmt: skip
    return [number for number in rows.values_list("issue_no", flat=True) if number is not None]


# --- templates ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """A template with which one may begin: the county's own, or one that came with the product."""

    code: str  # of the choice
    name: str
    series: str
    title: str
    text: str
    own: BriefingTemplate | None = None


def list_templates(actor: Actor) -> QuerySet[BriefingTemplate]:
    county = county_of(actor)
    if county is None:
        return BriefingTemplate.objects.none()
    return BriefingTemplate.objects.filter(county=county).order_by("name", "pk")


def get_template(actor: Actor, template_id: UUID) -> BriefingTemplate:
    return get_object_or_404(list_templates(actor), pk=template_id)


def list_offered(actor: Actor) -> list[Offered]:
    """The county's own that are in use, then those of the product that it has not taken over."""
    own = list(list_templates(actor))
    taken = {one.key for one in own}
    return [
        *(
            Offered(str(one.pk), one.name, one.series, one.title, one.text, one)
            for one in own
            if one.withdrawn_on is None
        ),
        *(
            Offered(one.key, one.name, one.series, one.title, one.text)
            for one in supplied_templates()
            if one.key not in taken
        ),
    ]


def find_offered(actor: Actor, code: str) -> Offered | None:
    return next((one for one in list_offered(actor) if one.code == code), None)


def list_template_editions(template: BriefingTemplate) -> list[TemplateEdition]:
    return list(template.editions.order_by("-number"))


def check_as_template(text: str, actor: Actor) -> list[Mistake]:
    today = clock.today()
    return check_template(text, Setting(actor, county_here(actor), today, "", today))
