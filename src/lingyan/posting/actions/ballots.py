"""How do villagers vote without being known: codes on slips, a ballot, a count of papers?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lingyan.common import clock
from lingyan.common.ballots import CODE_LENGTH, clean_code
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import NOTHING, Actor
from lingyan.platform.audit import circumstances
from lingyan.platform.audit.record import record
from lingyan.platform.slips import draw_codes
from lingyan.posting.actions.appraisal import locked
from lingyan.posting.models import AppraisalCycle, AppraisalEntry, BallotBox, BallotCode
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules import ballots as rules
from lingyan.posting.rules.appraisal_words import BallotChoice, BallotMethod

# Nobody: a ballot has no user, no role that could be looked up, and no scope.
VILLAGER = Actor(
    user_id=None, name="村民（凭选票编号）", role="villager", role_label="村民", scope=NOTHING
)
COUNTED = tuple(choice.value for choice in BallotChoice)


def _refuse_role(actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in rules.MAKERS:
        return ()
    return (Refusal("posting.ballot.wrong_role", "选票由乡镇或县委组织部制作和发放"),)


def _locked(box: BallotBox) -> BallotBox:
    """Appraisal first, then the box: everybody takes them in this order."""
    cycle = locked(box.cycle)
    found = BallotBox.objects.select_for_update(of=("self",)).select_related("village")
    box = found.get(pk=box.pk)
    box.cycle = cycle
    return box


# --- slips ----------------------------------------------------------------------------------------


@transaction.atomic
def make_ballots(
    cycle: AppraisalCycle, village: Place, *, households: int, slips: int, actor: Actor
) -> BallotBox:
    """Draw codes for a village; more may be added as long as the voting runs."""
    cycle = locked(cycle)
    box = (
        BallotBox.objects.select_for_update(of=("self",))
        .filter(cycle=cycle, village=village)
        .first()
    )
    already = box.slips if box else 0
    refuse(
        (
            *_refuse_role(actor),
            *rules.refuse_to_make(
                households=households,
                slips=slips,
                already=already,
                is_paper=box is not None and box.method == BallotMethod.PAPER,
                state=cycle.state,
            ),
        )
    )
    if box is None:
        box = BallotBox(
            cycle=cycle, village=village, made_by_id=actor.user_id, made_by_name=actor.name,
            made_at=clock.now(),
        )  # fmt: skip
    box.households, box.slips = households, already + slips
    box.save()
    _draw_codes(box, slips)
    record(
        "posting.ballots.made",
        actor=actor,
        subject=box,
        changes={"slips": [already, box.slips], "households": [None, households]},
    )
    return box


def _draw_codes(box: BallotBox, count: int) -> None:
    """Sealed, and found again by their index."""
    codes = [
        BallotCode(box=box, sealed=cipher.encrypt(code), index=cipher.blind_index(code))
        for code in draw_codes(count)
    ]
    BallotCode.objects.bulk_create(codes, batch_size=500)


@transaction.atomic
def show_slips(box: BallotBox, *, actor: Actor) -> list[str]:
    """The codes that were not handed out yet, for printing; each look leaves its trace."""
    refuse(_refuse_role(actor))
    codes = [cipher.decrypt(one.sealed) for one in queries.new_codes(box) if one.sealed]
    if codes:
        record(
            "posting.ballots.shown", actor=actor, subject=box, changes={"slips": [None, len(codes)]}
        )
    return sorted(codes)


@transaction.atomic
def hand_out(box: BallotBox, *, actor: Actor) -> BallotBox:
    """The printed slips are in the village: from now on they count, and cannot be shown again."""
    box = _locked(box)
    new = BallotCode.objects.filter(box=box, live=False)
    refusals = list(_refuse_role(actor))
    if not new.exists():
        refusals.append(Refusal("posting.ballot.none_new", "没有还未发放的选票"))
    refuse(refusals)
    count = new.update(live=True)
    box.handed_out_on, box.handed_out_by_name = clock.today(), actor.name
    box.save(update_fields=["handed_out_on", "handed_out_by_name"])
    record("posting.ballots.handed_out", actor=actor, subject=box, changes={"slips": [None, count]})
    return box


# --- a ballot -------------------------------------------------------------------------------------


def find_ballot(text: str) -> BallotCode | None:
    """The slip to which a typed code belongs; nothing where it has not the shape of one."""
    code = clean_code(text)
    if len(code) != CODE_LENGTH:
        return None
    return queries.find_code(cipher.blind_indexes(code))


def reasons_against_voting(
    code: BallotCode, asked: Sequence[AppraisalEntry], choices: Mapping[str, str] | None = None
) -> tuple[Refusal, ...]:
    cycle = code.box.cycle
    return rules.refuse_to_vote(
        rules.VoteFacts(
            state=cycle.state,
            due_on=cycle.due_on,
            today=clock.today(),
            is_used=code.used,
            is_live=code.live,
            method=code.box.method,
            asked=[str(one.pk) for one in asked],
            choices=choices,
        )
    )


@transaction.atomic
def cast_ballot(
    code: BallotCode, choices: Mapping[str, str], *, actor: Actor = VILLAGER
) -> BallotBox:
    """Count one ballot, and mark its code as used. What it says is added up and not kept.

    The trace says that a ballot came in, not from which device; the code bears no time. So neither
    the table nor the history leads from a slip to an answer.
    """
    box = _locked(code.box)
    code = BallotCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    code.box = box
    asked = list(queries.asked_in(box))
    refuse(reasons_against_voting(code, asked, choices))
    code.used = True
    code.save(update_fields=["used"])
    for one in asked:
        column = choices[str(one.pk)]
        AppraisalEntry.objects.filter(pk=one.pk).update(**{column: F(column) + 1})
    box.cast, box.method = box.cast + 1, BallotMethod.PHONE
    box.save(update_fields=["cast", "method"])
    with circumstances.within(circumstances.NOWHERE):
        record("posting.ballots.cast", actor=actor, subject=box)
    return box


# --- papers ---------------------------------------------------------------------------------------


@transaction.atomic
def count_papers(
    box: BallotBox,
    *,
    papers: int,
    counts: Mapping[UUID, Sequence[int]],
    counters: str,
    actor: Actor,
) -> BallotBox:
    """Take down an open count of the slips on paper; it may be mended until all is summed up."""
    box = _locked(box)
    asked = list(queries.asked_in(box))
    rows = tuple(tuple(counts.get(one.pk, ())) for one in asked)
    facts = rules.CountFacts(
        state=box.cycle.state,
        slips=box.slips,
        method=box.method,
        papers=papers,
        counts=rows,
        counters=counters,
    )
    refuse((*_refuse_role(actor), *rules.refuse_to_count(facts)))
    changes: dict[str, list[object]] = {"papers": [box.cast, papers]}
    for one, row in zip(asked, rows, strict=True):
        before = [getattr(one, column) for column in COUNTED]
        AppraisalEntry.objects.filter(pk=one.pk).update(**dict(zip(COUNTED, row, strict=True)))
        changes[str(one.posting.person)] = [before, list(row)]
    box.cast, box.method, box.counters = papers, BallotMethod.PAPER, counters.strip()
    box.save(update_fields=["cast", "method", "counters"])
    record("posting.ballots.counted", actor=actor, subject=box, changes=changes)
    return box
