"""Which villages under rectification and which elections hang on a person (G-28)?"""

from __future__ import annotations

from collections.abc import Iterator

from lingyan.directory.models import Person, Unit
from lingyan.directory.rules import PARTY_MEMBERS
from lingyan.organization.models import ElectionCandidate, RectificationCase, RectSupport
from lingyan.organization.queries.rect_supports import may_be
from lingyan.organization.rules.rectification_words import SupportKind
from lingyan.organization.rules.term_changes import BEFORE_ELECTION
from lingyan.organization.rules.term_words import Body, body_of
from lingyan.supervision.facts_of_neighbours import Depending
from lingyan.supervision.rules.words import TaskLevel


def depending(person: Person, unit: Unit | None) -> Iterator[Depending]:
    yield from _as_leader(person)
    yield from _as_candidate(person)


def _as_leader(person: Person) -> Iterator[Depending]:
    """A leader of the 四个一 hands over to a named one (G-1); whoever keeps the role stays."""
    if person.user is None:
        return
    served = RectSupport.objects.filter(
        case__in=RectificationCase.objects.open(), user=person.user, until__isnull=True,
        kind__in=(SupportKind.S1, SupportKind.S2),
    ).select_related("case__village__parent", "case__county")  # fmt: skip
    for one in served.order_by("case__village__path", "pk"):
        if not may_be(person.user, one.kind, one.case):
            what = f"更换{one.case.village}整顿的{one.get_kind_display()}"
            yield Depending(one, what, one.case.village, "rect_case_list")


def _as_candidate(person: Person) -> Iterator[Depending]:
    """Whoever is gone stands for nothing; whoever left the Party stands for no post of it."""
    stands = ElectionCandidate.objects.filter(
        person=person, dropped_on__isnull=True,
        change__state__in=(*BEFORE_ELECTION, "failed"),
    ).select_related("change__village__parent")  # fmt: skip
    is_member = person.political_status in PARTY_MEMBERS
    for one in stands.order_by("change__village__path", "pk"):
        of_party = any(body_of(post) == Body.PARTY for post in one.posts)
        if person.left_as or (of_party and not is_member):
            what = f"办理{one.change.village}换届候选人退出或更换"
            yield Depending(one, what, one.change.village, "term_change_list", level=TaskLevel.TOWN)
