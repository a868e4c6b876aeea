"""Four people at work in the small county, appraised for the third quarter of 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common import clock
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import appraisal, appraisal_scores, ballots
from lingyan.posting.actions.appraisal_scores import Given
from lingyan.posting.models import AppraisalCycle, AppraisalEntry, BallotBox, Posting
from lingyan.posting.rules.appraisal_words import AppraisalKind, AppraisalPart
from tests.posting.life_scene import post, posted_actor
from tests.world import World

OPENED = date(2026, 10, 9)
DUE = date(2026, 10, 20)
AFTER = date(2026, 10, 21)
TOLD = date(2026, 10, 22)  # a Thursday: five working days end on the 29th
APPEAL_UNTIL = date(2026, 10, 29)
ARCHIVED = date(2026, 10, 30)


@dataclass
class Appraised:
    """李甲一 in 松树村, 王甲二 in 溪口村 (北山镇); 赵甲三 and 钱甲四 in 南河镇; 钱 has no unit."""

    world: World
    postings: dict[str, Posting]
    li: Actor
    cycle: AppraisalCycle

    def fresh(self) -> AppraisalCycle:
        return AppraisalCycle.objects.select_related("county").get(pk=self.cycle.pk)

    def entry(self, name: str) -> AppraisalEntry:
        rows = AppraisalEntry.objects.select_related(
            "cycle", "posting__person", "posting__village__parent", "posting__unit"
        )
        return rows.get(cycle=self.cycle, posting=self.postings[name])

    def started(self) -> AppraisalCycle:
        with clock.at(OPENED):
            return appraisal.start_scoring(self.fresh(), actor=self.world.officer)

    def score(self, actor: Actor, part: str, **points: tuple[int, ...]) -> int:
        given = [Given(self.entry(name).pk, row) for name, row in points.items()]
        with clock.at(OPENED):
            return appraisal_scores.save_scores(
                self.fresh(), part=AppraisalPart(part), given=given, actor=actor
            )

    def scored(self) -> None:
        """All sides have given their points."""
        self.score(self.world.north_org, "town", li=(19,) * 5, wang=(16,) * 5)
        self.score(self.world.south_org, "town", zhao=(15,) * 5, qian=(13,) * 5)
        self.score(self.world.officer, "county", li=(96,), wang=(85,), zhao=(80,), qian=(70,))
        self.score(self.world.unit_admin, "unit", li=(95,), wang=(90,), zhao=(88,))

    def box(self, village: Place, actor: Actor, slips: int = 30) -> BallotBox:
        with clock.at(OPENED):
            return ballots.make_ballots(
                self.fresh(), village, households=280, slips=slips, actor=actor
            )

    def counted(self) -> None:
        """Every village has counted its papers in the open."""
        world = self.world
        for name, actor, row in (
            ("li", world.north_org, (28, 1, 1, 0)),
            ("wang", world.north_org, (20, 8, 1, 1)),
            ("zhao", world.south_org, (18, 9, 3, 0)),
            ("qian", world.south_org, (15, 10, 5, 0)),
        ):
            box = self.box(self.postings[name].village, actor)
            with clock.at(OPENED):
                ballots.count_papers(
                    box, papers=30, counts={self.entry(name).pk: row}, counters="刘唱票、吴监票",
                    actor=actor,
                )  # fmt: skip

    def summed_up(self) -> AppraisalCycle:
        self.started()
        self.scored()
        self.counted()
        with clock.at(AFTER):
            return appraisal.summarise(self.fresh(), actor=self.world.officer)

    def told(self) -> AppraisalCycle:
        cycle = self.summed_up()
        with clock.at(AFTER):
            appraisal.deliberate(cycle, text="10 月 21 日部务会研究", actor=self.world.leader)
        with clock.at(TOLD):
            return appraisal.notify(cycle, actor=self.world.officer)

    def archived(self) -> AppraisalCycle:
        cycle = self.told()
        with clock.at(ARCHIVED):
            return appraisal.archive(cycle, actor=self.world.officer)


def build_appraised(world: World) -> Appraised:
    since = date(2026, 1, 12)
    said = {"state": "active", "since": since, "arrived_on": since}
    postings = {
        "li": post(world.li, world.pine, world.finance, **said),
        "wang": post(world.wang, world.brook, world.finance, **said),
        "zhao": post(world.zhao, world.stone, world.finance, **said),
        "qian": post(world.qian, world.mill, None, **said),
    }
    li = posted_actor(world.li, world.pine)
    with clock.at(OPENED):
        cycle = appraisal.open_appraisal(
            county=world.county, kind=AppraisalKind.QUARTERLY, year=2026, quarter=3, due_on=DUE,
            actor=world.officer,
        )  # fmt: skip
    return Appraised(world, postings, li, cycle)
