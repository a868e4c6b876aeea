"""松树村 on its way through rectification, by the product's own actions, as far as a test wants."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lingyan.common import clock
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.organization.actions.rect_listing import (
    answer_consultation,
    ask_departments,
    list_problem,
    name_support,
    take_from_records,
)
from lingyan.organization.actions.rectification import Said, step_case
from lingyan.organization.actions.screening import open_case
from lingyan.organization.models import RectificationCase
from lingyan.organization.rules.screening import Finding
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.posting.models import Posting
from tests.pairing.scene import paired
from tests.world import World, _actor

TODAY = date(2026, 3, 16)
DECISION = "山委〔2026〕6号"
ALL_FOUR = ("S1", "S2", "S3", "S4")
W01 = Finding("W01", "党支部书记 2025 年 11 月调离后一直空缺")


class RectScene:
    """Everybody who has a hand in it; one step after the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.town = world.north_org
        self.town_secretary = _actor(
            "north-secretary", "丁丁一", Role.TOWN_SECRETARY, place=world.north
        )
        self.leader = _actor("county-leader", "常丁二", Role.COUNTY_LEADER, place=world.mill)
        self.town_leader = _actor("town-leader", "包丁三", Role.TOWN_LEADER, place=world.north)

    def found(self, *findings: Finding, village: Place | None = None) -> RectificationCase:
        village = village or self.world.pine
        return open_case(village, findings or (W01,), actor=self.town)

    def proposed(self, **said: Any) -> RectificationCase:
        return step_case(self.found(**said), "propose", Said(), actor=self.town)

    def asked(self, case: RectificationCase | None = None) -> RectificationCase:
        case = case or self.proposed()
        ask_departments(case, actor=self.world.officer)
        return case

    def consulted(
        self, case: RectificationCase | None = None, opinion: str = "none"
    ) -> RectificationCase:
        case = self.asked(case)
        for one in case.consultations.order_by("department"):
            answer_consultation(one, opinion=opinion, text="已核实", actor=self.world.officer)
        return step_case(case, "consult", Said(), actor=self.world.officer)

    def confirmed(self, case: RectificationCase | None = None) -> RectificationCase:
        said = Said(document_number=DECISION, on=clock.today())
        return step_case(self.consulted(case), "confirm", said, actor=self.world.leader)

    def planned(self, case: RectificationCase | None = None) -> RectificationCase:
        case = case or self.confirmed()
        for code in case.situations.order_by("code").values_list("code", flat=True):
            list_problem(
                case, situation=code, description="支部书记空缺，工作停滞", measure="选派书记",
                cause="后备人选没有跟上", owner="丁丁一",
                due_on=clock.today() + timedelta(days=90), actor=self.town,
            )  # fmt: skip
        said = Said(text="三个月内配齐班子")
        return step_case(case, "plan", said, actor=self.town_secretary)

    def post_and_pair(self, village: Place | None = None) -> Posting:
        """A first secretary in post and an active pair: what S3 and S4 are taken from."""
        village = village or self.world.pine
        paired(self.world, village=village)
        return Posting.objects.create(
            person=self.world.li, village=village, unit=self.world.finance,
            kind="first_secretary", origin="new", state="active", document_number="山组发1号",
            since=date(2025, 4, 1), arrived_on=date(2025, 4, 1), planned_until=date(2026, 3, 31),
            created_at=clock.now(),
        )  # fmt: skip

    def supported(
        self, case: RectificationCase | None = None, kinds: tuple[str, ...] = ALL_FOUR
    ) -> RectificationCase:
        case = case or self.planned()
        officer = self.world.officer
        if "S1" in kinds:
            name_support(case, "S1", user=user_of(self.leader), job_title="县委副书记",
                         is_standing_committee=True, actor=officer)  # fmt: skip
        if "S2" in kinds:
            name_support(case, "S2", user=user_of(self.town_leader), actor=officer)
        for kind in sorted({*kinds} & {"S3", "S4"}):
            take_from_records(case, kind, actor=officer)
        return case

    def rectifying(self) -> RectificationCase:
        """The work has begun: what the second half of the flow starts from."""
        if not Posting.objects.filter(village=self.world.pine, state="active").exists():
            self.post_and_pair()
        return step_case(self.supported(), "start", Said(), actor=self.world.officer)


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)
