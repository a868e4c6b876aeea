"""A village that chooses its next committees, with whoever stands and whoever is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lingyan.common import clock
from lingyan.directory.models import Person, Unit, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.organization.actions import elections, term_changes
from lingyan.organization.actions import joint_reviews as reviews
from lingyan.organization.actions.elections import Meeting
from lingyan.organization.actions.term_changes import Papers, Plan
from lingyan.organization.models import (
    ElectionCandidate,
    JointReview,
    ReviewAnswer,
    Term,
    TermChange,
)
from lingyan.organization.rules.elections import Count
from lingyan.organization.rules.joint_reviews import BY_ROLE, Seat
from lingyan.organization.rules.term_words import Body, Department
from lingyan.platform.accounts.actor import Actor
from tests.world import World, _actor

BEGUN = date(2021, 3, 10)
TODAY = date(2026, 1, 5)
ANSWERED = date(2026, 1, 8)
ELECTION = date(2026, 2, 10)
SEATS = {"party_secretary": 1, "vc_director": 1, "vc_member": 2}
PLAN = Plan(planned_on=ELECTION, seats=SEATS, text="二月十日选举，先党内后村委")
PARTY_COUNT = Count(body=Body.PARTY, due=20, attended=18, issued=18, returned=18, valid=18)
VC_COUNT = Count(body=Body.VC, due=300, attended=200, issued=200, returned=200, valid=198)


@dataclass
class Election:
    """The people of one term change in 松树村."""

    world: World
    town_secretary: Actor
    village_org: Actor
    police: Actor
    discipline: Actor
    people: dict[str, Person] = field(default_factory=dict)
    old: dict[str, VillageOfficer] = field(default_factory=dict)

    # --- steps -----------------------------------------------------------------------------------

    def opened(self) -> TermChange:
        return term_changes.open_change(self.world.pine, PLAN, actor=self.world.north_org)

    def assessing(self) -> TermChange:
        change = term_changes.approve_plan(self.opened(), actor=self.town_secretary)
        return term_changes.assess(change, text="班子年龄偏大", actor=self.world.north_org)

    def proposed(self) -> TermChange:
        change = self.assessing()
        for name, posts in (
            ("hua", ["party_secretary", "vc_director"]), ("jin", ["vc_director", "vc_member"]),
            ("mei", ["vc_member"]), ("ping", ["vc_member"]),
        ):  # fmt: skip
            self.propose(change, name, posts)
        return change

    def propose(self, change: TermChange, name: str, posts: list[str]) -> ElectionCandidate:
        return term_changes.propose_candidate(
            change, self.people[name], papers(posts), actor=self.world.pine_secretary
        )

    def submitted(self) -> TermChange:
        return term_changes.submit_candidates(self.proposed(), actor=self.world.pine_secretary)

    def clear_all(self, change: TermChange) -> None:
        """Every answer that waits comes in on paper, and is clear."""
        with clock.at(ANSWERED):
            for answer in ReviewAnswer.objects.filter(review__change=change, result="").order_by(
                "review__person__number", "department"
            ):
                reviews.answer_review(
                    answer, result="clear", answered_on=ANSWERED, letter_number="联审函〔2026〕1号",
                    actor=self.world.officer,
                )  # fmt: skip

    def nominated(self) -> TermChange:
        change = self.submitted()
        self.clear_all(change)
        with clock.at(ANSWERED):
            return term_changes.confirm_candidates(change, actor=self.world.officer)

    def party_meets(self, change: TermChange, *, votes: int = 15) -> TermChange:
        return self.meets(change, PARTY_COUNT, {("hua", "party_secretary"): votes})

    def committee_meets(self, change: TermChange, count: Count = VC_COUNT) -> TermChange:
        return self.meets(
            change, count,
            {("hua", "vc_director"): 150, ("jin", "vc_director"): 40,
             ("jin", "vc_member"): 120, ("mei", "vc_member"): 130, ("ping", "vc_member"): 80},
        )  # fmt: skip

    def meets(
        self, change: TermChange, count: Count, votes: dict[tuple[str, str], int]
    ) -> TermChange:
        stands = {
            one.person_id: one.pk for one in change.candidates.filter(dropped_on__isnull=True)
        }
        found: dict[tuple[UUID, str], int] = {
            (stands[self.people[name].pk], post): number for (name, post), number in votes.items()
        }
        meeting = Meeting(
            count=count, held_on=ELECTION, votes=found, voters_listed_on=date(2026, 1, 15)
        )
        with clock.at(ELECTION):
            return elections.record_meeting(change, meeting, actor=self.world.north_org)

    def elected(self) -> TermChange:
        return self.committee_meets(self.party_meets(self.nominated()))

    def filed(self) -> TermChange:
        change = self.elected()
        with clock.at(ELECTION):
            change = term_changes.publish_result(
                change, published_on=ELECTION, actor=self.village_org
            )
            change = term_changes.approve_posts(
                change, approved_on=ELECTION, document_number="山党发〔2026〕2号",
                actor=self.town_secretary,
            )  # fmt: skip
            return term_changes.file_result(
                change, document_number="山组备〔2026〕2号", actor=self.world.officer
            )

    def review_of(self, change: TermChange, name: str) -> JointReview:
        return change.reviews.filter(person=self.people[name]).order_by("-opened_at")[0]

    def answer_of(self, change: TermChange, name: str, department: str) -> ReviewAnswer:
        return self.review_of(change, name).answers.get(department=department)


def papers(posts: list[str]) -> Papers:
    return Papers(
        posts=posts, consented_on=TODAY, resume="1985年生，返乡种植大户", relatives_declared=True,
        sources=[],
    )  # fmt: skip


def appoint(world: World, police: Unit, since: date = date(2024, 1, 1)) -> None:
    """The police answer by themselves, the others by letter."""
    seats = {
        one: Seat("unit", police.pk) if one is Department.PUBLIC_SECURITY else Seat("paper")
        for one in Department
        if one not in BY_ROLE
    }
    reviews.appoint_departments(
        world.county, seats, since=since, clause="无文件", actor=world.admin
    )


def election(world: World) -> Election:
    """Terms that end in March, whoever is in office, and whoever will stand."""
    police = Unit.objects.create(name="山阳县公安局", category="county_dept", place=world.county)
    scene = Election(
        world=world,
        town_secretary=_actor("ts", "石丙四", Role.TOWN_SECRETARY, place=world.north),
        village_org=_actor("vo", "柳丙五", Role.VILLAGE_ORG, place=world.pine),
        police=_actor("gaj", "雷丙六", Role.DEPT_STAFF, unit=police),
        discipline=_actor("jw", "方丙七", Role.COUNTY_DISCIPLINE, place=world.county),
    )
    appoint(world, police)
    for number, key, name, gender in (
        (81, "old", "田丁一", "male"), (82, "hua", "田丁二", "male"), (83, "jin", "田丁三", "male"),
        (84, "mei", "田丁四", "female"), (85, "ping", "田丁五", "male"),
        (86, "wei", "田丁六", "male"),
    ):  # fmt: skip
        person = Person(
            number=f"R{number:04d}", name=name, gender=gender, birth_on=date(1985, 1, number - 80),
            place=world.pine, political_status="full_member", party_joined_on=date(2010, 7, 1),
        )  # fmt: skip
        person.set_id_number(f"6103311985010{number - 80}00{number - 80}X")
        person.save()
        scene.people[key] = person
    for post in ("party_secretary", "vc_director"):
        scene.old[post] = VillageOfficer.objects.create(
            person=scene.people["old"], village=world.pine, post=post, since=BEGUN
        )
    for kind in ("party", "vc"):
        Term.objects.create(
            village=world.pine, kind=kind, number=9, since=BEGUN, planned_until=date(2026, 3, 10),
            made_by_name="系统", made_at=clock.now(),
        )  # fmt: skip
    return scene
