"""Do the demo counties hold what their articles say, made by the product's own actions?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from lingyan.cli.check import wrong_records
from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, month_of, year_of
from lingyan.common.wording import is_true
from lingyan.config import navigation, wiring
from lingyan.demo import setup
from lingyan.demo.accounts import accounts_text
from lingyan.directory.models import Person, Place, RoleAssignment, VillageOfficer
from lingyan.directory.queries import actor_of, find_actor
from lingyan.organization.models import RectificationCase
from lingyan.organization.rules.visits import MonthDue, months_of_case
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries.liveliness import still_q
from lingyan.pairing.rules.liveliness import Liveliness
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.gate import ANY_ROLE
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.checks.table import Severity
from lingyan.platform.indicators.definitions import Parts, Question, add_up
from lingyan.platform.indicators.registry import find
from lingyan.posting import matching
from lingyan.posting.actions.plans import compute_plans
from lingyan.posting.actions.postings import reasons_against_issuing
from lingyan.posting.models import (
    CapabilityEvidence,
    CareerUse,
    Draft,
    HealthCheck,
    HelpRequest,
    Honor,
    NeedList,
    NoticeObjection,
    Plan,
    Posting,
    Round,
    RoundPerson,
    RoundVillage,
)
from lingyan.posting.rules import EXPERIENCE_OF_X02
from tests.demo.briefings import said_and_proven, who_passed_it
from tests.demo.traces import untraced
from tests.demo.walking import walk

FOLLOWED = ["completed", "handed_over", "term_appraised"]


@pytest.fixture(scope="class")
def xuanhan(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    yield from _county("xuanhan", django_db_blocker)


@pytest.fixture(scope="class")
def taibai(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    yield from _county("taibai", django_db_blocker)


def _county(name: str, blocker: object) -> Iterator[None]:
    """The demo once for all tests of a class, taken back at the end."""
    from django.db import transaction

    with blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own object
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            setup.first_start(name, demo=True, say=lambda _text: None)
            yield
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


X01 = (date(2025, 1, 1), date(2026, 1, 23))


def first_secretaries() -> list[Posting]:
    """Those whose postings start in the period of X01."""
    found = Posting.objects.filter(kind="first_secretary", since__range=X01)
    return list(found.select_related("person"))


def told_of(row: str, on: date, period: Period) -> Parts:
    """What the indicator of a row of the articles tells of the county."""
    indicator = find(row)
    assert indicator is not None
    county = Place.objects.get(level="county")
    return indicator.parts(Question(Scope((county.path,)), on, period))


ROLES_WITH_WORK = (
    "county_org_staff", "county_org_admin", "town_org", "village_secretary", "unit_party_admin",
    "candidate",
)  # fmt: skip


def work_of_shown(role: str) -> list[str]:
    """What the shown accounts of a role find on their first page."""
    found = RoleAssignment.objects.select_related("user__person", "place", "unit")
    shown = [one for one in found.filter(role=role) if one.user.has_usable_password()]
    assert shown
    return [item.title for one in shown for item in wiring.worklist(actor_of(one))]


def secretary_is_registered() -> bool:
    assignment = next(
        one
        for one in RoleAssignment.objects.filter(role="village_secretary").select_related("user")
        if one.user.has_usable_password()
    )
    office = VillageOfficer.objects.get(
        village=assignment.place, post="party_secretary", until__isnull=True
    )
    return office.person.user_id == assignment.user_id


pytestmark = [pytest.mark.slow, pytest.mark.django_db]


class TestXuanhan:
    pytestmark = pytest.mark.usefixtures("xuanhan")

    def test_87_first_secretaries_were_posted_in_the_period(self) -> None:
        postings = first_secretaries()

        assert len({one.person_id for one in postings}) == 87
        assert Posting.objects.count() == 87 + len(FOLLOWED)

    def test_more_than_three_in_four_have_one_of_the_three_experiences(self) -> None:
        counted = 0
        for posting in first_secretaries():
            proofs = CapabilityEvidence.objects.filter(
                person=posting.person,
                verified=True,
                capability__in=[one.value for one in EXPERIENCE_OF_X02],
                since__lt=posting.since,
            )
            levels = matching.levels_of(proofs, as_of=posting.since)
            counted += any(level >= 1 for level in levels.values())

        assert 100 * counted > 75 * 87

    @pytest.mark.parametrize(
        ("rule", "text"),
        [
            ("X08", "110个"),
            ("X09", "183个"),
            ("X12", "560余场(次)"),
            ("X13", "7900余人(次)"),
            ("X14", "3200余万元"),
            ("X15", "420余个"),
        ],
    )
    def test_the_year_of_pairing_gives_the_published_figures(self, rule: str, text: str) -> None:
        county = Place.objects.get(level="county")
        since, on = X01
        asked = Question(Scope((county.path,)), on, Period(since, on + ONE_DAY))
        figure = find(rule)
        assert figure is not None

        parts = figure.parts(asked)

        assert text in {f"{figure.value(parts)}{figure.unit}", figure.written(parts)}
        assert add_up(figure.source.evidence(asked, asked.scope).records) == parts

    def test_the_figures_of_posting_are_as_published(self) -> None:
        """X01 to X05, each counted once more from the rows."""
        since, on = X01
        first = first_secretaries()
        keys = {one.person_id for one in Posting.objects.filter(kind="first_secretary")}
        solved = [
            one
            for one in HelpRequest.objects.select_related("posting")
            if one.state == "solved"
            and one.posting.person_id in keys
            and one.closed_on
            and one.closed_on <= on
        ]
        careers = CareerUse.objects.filter(state="granted", decided_on__range=X01)
        honors = Honor.objects.filter(state="granted", decided_on__range=X01)
        counted = {
            "X01": len({one.person_id for one in first}),
            "X03": len(solved),
            "X04": len({one.posting.person_id for one in careers if one.kind != "rank_up"}),
            "X05": len({one.posting.person_id for one in honors if one.level != "county"}),
        }

        told = {row: told_of(row, on, Period(since, on + ONE_DAY)) for row in counted}

        assert counted == {"X01": 87, "X03": 33, "X04": 12, "X05": 5}
        assert {row: parts.part for row, parts in told.items()} == counted
        assert is_true("30余件", counted["X03"])
        assert {one.kind for one in careers} > {"rank_up"}
        assert {one.level for one in honors} == {"province", "city", "county"}
        share = told_of("X02", on, Period(since, on + ONE_DAY))
        assert share.of == 87
        assert is_true("超75%", 100 * share.part / share.of)

    def test_the_issued_briefing_says_what_was_published_and_opens_its_records(self) -> None:
        assert said_and_proven() == {
            "X01": "87名", "X02": "超75%", "X03": "30余件", "X04": "12名", "X05": "5名",
            "X08": "110个", "X09": "183个", "X12": "560余场(次)", "X13": "7900余人(次)",
            "X14": "3200余万元", "X15": "420余个",
        }  # fmt: skip
        assert len(set(who_passed_it()[:4])) == 4

    def test_pairs_of_every_liveliness_are_there(self) -> None:
        found = {
            still: Pairing.objects.active().filter(still_q(still, clock.today())).exists()
            for still in Liveliness
        }

        assert found == dict.fromkeys(Liveliness, True)

    def test_an_open_round_stands_ready_with_130_posts_and_300_people(self) -> None:
        round = Round.objects.get(state="village_ranking")
        seats = [
            one.need_list.first_secretary_seats + one.need_list.member_seats
            for one in RoundVillage.objects.filter(round=round).select_related("need_list")
        ]

        assert sum(seats) == 130
        assert RoundPerson.objects.filter(round=round).count() == 300

    def test_its_plan_is_proved_and_names_villages_that_compete_for_too_few(self) -> None:
        round = Round.objects.get(state="village_ranking")
        officer = find_actor({"user_id": None, "name": "演示"})
        officer = type(officer)(None, "李甲一", "county_org_staff", "", officer.scope)

        compute_plans(actor=officer, report=lambda *_: None, round_id=str(round.pk))

        plan = Plan.objects.get(round=round, origin="total")
        filled = Draft.objects.filter(plan=plan).count()
        assert plan.verified
        assert filled < 130, "two speakers cannot fill five villages"
        assert filled >= 120

    def test_a_round_can_be_issued_at_once(self) -> None:
        round = Round.objects.get(state="announced", notice_ends_on__lt=clock.today())
        admin = actor_of(RoleAssignment.objects.get(role="county_org_admin"))

        assert not reasons_against_issuing(round, actor=admin)

    def test_the_notice_of_another_runs_and_somebody_objected(self) -> None:
        round = Round.objects.get(state="announced", notice_ends_on__gte=clock.today())

        assert NoticeObjection.objects.get(round=round).state == "open"

    def test_three_villages_show_the_hand_over_from_its_beginning_to_its_end(self) -> None:
        old = Posting.objects.filter(handover_until__isnull=False).order_by("state")

        assert [one.state for one in old] == FOLLOWED
        assert all(Posting.objects.filter(predecessor=one).count() == 1 for one in old)
        assert all(one.since < X01[0] for one in old)

    def test_the_shown_secretary_can_hand_over(self) -> None:
        assert any("交接期满" in title for title in work_of_shown("village_secretary"))

    @pytest.mark.parametrize(
        "role",
        [
            *ROLES_WITH_WORK, "county_org_leader", "county_agri", "town_secretary", "town_leader",
            "unit_leader", "village_org", "first_secretary", "sys_admin", "sec_admin",
            "audit_admin",
        ],
    )  # fmt: skip
    def test_each_shown_account_has_a_piece_of_work_waiting(self, role: str) -> None:
        assert work_of_shown(role)

    @pytest.mark.parametrize(
        ("username", "page"),
        [
            ("discipline", "round_list"), ("upper", "round_list"), ("committee", "report_list"),
            ("teammember", "problem_list"),
        ],
    )  # fmt: skip
    def test_who_only_reads_finds_something_to_read(self, username: str, page: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=username))

        assert client.get(reverse(page)).context["listing"].total > 5

    def test_the_printed_list_says_what_each_account_is_for(self) -> None:
        lines = accounts_text().splitlines()[1:]

        assert len(lines) > 15
        assert all(len(line.partition("：")[2]) > 5 for line in lines)

    def test_the_secretary_is_the_registered_one_with_a_file_to_look_at(self) -> None:
        assert secretary_is_registered()
        village = next(
            one.place
            for one in RoleAssignment.objects.filter(role="village_secretary")
            if one.user.has_usable_password()
        )
        assert HealthCheck.objects.filter(village=village, state="draft").exists()
        assert NeedList.objects.filter(village=village, state="issued").exists()
        assert Posting.objects.filter(village=village, until__isnull=True).exists()

    def test_every_name_and_number_is_plainly_invented(self) -> None:
        names = list(Person.objects.values_list("name", flat=True))

        assert len(names) > 1000
        assert all(name[1] in "甲乙丙丁戊己庚辛壬癸" for name in names)
        assert set(Person.objects.values_list("gender", flat=True)) == {"male", "female"}

    def test_every_row_has_the_trace_of_its_making(self) -> None:
        assert not untraced()

    def test_every_page_and_export_that_a_shown_account_reaches_says_demo(self) -> None:
        silent, reached = walk()

        assert not silent
        assert {"workbench", "plan_workbook", "plan_json", "plan_print", "round_notice",
                "diary_photo", "audit_export", "access_export", "my_portrait"} <= {
            name for name, _ in reached
        }  # fmt: skip
        assert len(reached) > 110

    def test_each_role_with_a_page_has_an_account_that_can_sign_in(self) -> None:
        wanted = {
            role
            for section in navigation.NAVIGATION
            for entry in section.entries
            for role in entry.roles
            if role != ANY_ROLE
        }
        held = {
            one.role
            for one in RoleAssignment.objects.select_related("user")
            if one.user.has_usable_password()
        }

        assert wanted <= held

    def test_the_printed_passwords_are_kept_in_the_data_folder_only(self) -> None:
        lines = accounts_text().splitlines()[1:]
        username, password = lines[0].split()[:2]

        assert authenticate(username=username, password=password) is not None
        assert len({line.split()[1] for line in lines}) == len(lines)

    def test_the_checks_of_the_records_find_nothing_to_mend_or_to_look_at(self) -> None:
        found = list(wrong_records(lambda _done, _of: None))

        assert [one.text() for one in found if one.check.severity is not Severity.NOTE] == []

    def test_the_history_is_whole(self) -> None:
        assert verify_chain().text is None


TERM_DAY = date(2024, 11, 20)
TWO_COMMITTEES = (
    "party_secretary", "party_deputy", "party_committee_member", "vc_director", "vc_deputy",
    "vc_member", "community_director", "community_deputy", "community_member",
)  # fmt: skip


def sitting_in_taibai(day: date) -> dict[object, VillageOfficer]:
    """Whoever sat on a committee on a day, each person once; counted row by row."""
    rows = VillageOfficer.objects.select_related("person").filter(post__in=TWO_COMMITTEES)
    return {
        one.person_id: one
        for one in rows.order_by("pk")
        if one.since <= day and (one.until is None or one.until > day)
    }


def told_of_taibai(code: str) -> str:
    county, figure = Place.objects.get(level="county"), find(code)
    assert figure is not None
    asked = Question(Scope((county.path,)), clock.today(), month_of(clock.today()))
    return figure.written(figure.parts(asked))


def age_at_the_change(person: Person) -> int:
    assert person.birth_on
    born, day = person.birth_on, TERM_DAY
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class TestTaibai:
    pytestmark = pytest.mark.usefixtures("taibai")

    def test_both_teams_are_as_published(self) -> None:
        """T01 to T05: recounted from the posts, and told so by the page of figures."""
        new = sitting_in_taibai(TERM_DAY)
        old = sitting_in_taibai(TERM_DAY - timedelta(days=1))
        years = [sum(age_at_the_change(one.person) for one in team.values()) for team in (new, old)]
        schooled = [
            sum(one.person.education not in ("初中", "小学") for one in team.values())
            for team in (new, old)
        ]
        of_four_kinds = sum(bool(one.sources) for one in new.values())

        assert [len(new), len(old)] == [250, 250]
        assert years == [10_650, 12_250]
        assert schooled == [203, 177]
        assert told_of_taibai("T01") == "42.6岁"
        assert told_of_taibai("T02") == "下降6.4岁"
        assert told_of_taibai("T03") == "203人"
        assert told_of_taibai("T04") == "提升10.4个百分点"
        assert told_of_taibai("IND-1-04-G") == "提升14.7%"
        assert told_of_taibai("T05") == "77.2%"
        assert of_four_kinds == 193
        assert is_true("42.6岁", Fraction(years[0], 250))
        assert is_true("77%", Fraction(100 * of_four_kinds, 250))
        assert is_true("10.4%", Fraction(100 * (203 - 177), 250))

    def test_one_shoulder_is_counted_from_the_posts(self) -> None:
        """T20."""
        held: dict[tuple[object, object], set[str]] = {}
        for one in VillageOfficer.objects.filter(until__isnull=True):
            held.setdefault((one.village_id, one.person_id), set()).add(one.post)
        both = [
            key
            for key, posts in held.items()
            if "party_secretary" in posts and posts & {"vc_director", "community_director"}
        ]

        assert len(both) == 41
        assert told_of_taibai("T20") == "41个"

    def test_the_issued_briefing_says_what_was_published_and_opens_its_records(self) -> None:
        told = said_and_proven()

        assert told.pop("T09", "100.0%") == "100.0%"  # none where no month was due yet
        assert told == {
            "T01": "42.6岁", "T02": "下降6.4岁", "T03": "203人", "T04": "提升10.4个百分点",
            "T05": "77%", "T20": "41个", "T06": "128名", "T07": "7个", "T08": "44个",
            "T16": "100.0%",
        }  # fmt: skip
        assert len(set(who_passed_it()[:4])) == 4

    def test_128_members_are_posted_to_44_villages_of_7_towns(self) -> None:
        """T06 to T08, of those in post today."""
        today = clock.today()
        postings = list(Posting.objects.select_related("person", "village").filter(state="active"))
        told = [told_of(row, today, year_of(today)).part for row in ("T06", "T07", "T08")]

        assert told == [128, 7, 44]

        assert len({one.person_id for one in postings}) == 128
        assert len({one.village_id for one in postings}) == 44
        assert len({one.village.parent_id for one in postings}) == 7
        assert all(one.person.political_status == "full_member" for one in postings)

    @pytest.mark.parametrize("role", ROLES_WITH_WORK)
    def test_each_shown_account_has_a_piece_of_work_waiting(self, role: str) -> None:
        assert work_of_shown(role)

    def test_the_secretary_is_the_registered_one(self) -> None:
        assert secretary_is_registered()

    def test_every_row_has_the_trace_of_its_making(self) -> None:
        assert not untraced()

    def test_t09_every_month_that_owed_a_visit_of_the_leader_had_one(self) -> None:
        """Counted anew from the visits; the first villages start work in the winter."""
        today, months = clock.today(), list[MonthDue]()
        for case in RectificationCase.objects.filter(started_on__isnull=False):
            assert case.started_on is not None
            days = set(case.visits.values_list("on", flat=True))
            months += months_of_case(case.started_on, case.cleared_on, days, today)

        assert [one.label for one in months if not one.visits] == []
        assert bool(months) == (today > date(today.year, 2, 11))

    def test_forty_teams_have_three_and_four_have_two(self) -> None:
        sizes: dict[object, int] = {}
        for village in Posting.objects.values_list("village_id", flat=True):
            sizes[village] = sizes.get(village, 0) + 1

        assert sorted(sizes.values()) == [2] * 4 + [3] * 40
