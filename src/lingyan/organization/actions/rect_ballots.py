"""How do people of a village say in secret whether they are content (R-4-07)?

What a ballot says is added up and not kept; a code bears no time; the history of a ballot names
no device. So nothing leads from a slip to an answer.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from lingyan.common import clock
from lingyan.common.ballots import CODE_LENGTH, clean_code
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.actions.acceptance import NO_INSPECTION
from lingyan.organization.actions.rectification import locked
from lingyan.organization.models import RectBallotCode, RectificationCase, SatisfactionVote
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.rules import acceptance as rules
from lingyan.organization.rules.acceptance import RectBallotChoice, VoteMethod
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import NOTHING, Actor
from lingyan.platform.audit import circumstances
from lingyan.platform.audit.record import record
from lingyan.platform.slips import draw_codes

# Nobody: a ballot has no user, no role that could be looked up, and no scope.
VILLAGER = Actor(
    user_id=None, name="群众（凭选票编号）", role="villager", role_label="村民", scope=NOTHING
)
HOLDERS = STAFF  # the group's work is written down by the county office


def _refuse_role(actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in HOLDERS:
        return ()
    return (Refusal("organization.vote.wrong_role", "测评由县里的检查考核组主持，村和乡镇不经手"),)


def _locked(vote: SatisfactionVote) -> SatisfactionVote:
    """The case first, then the vote."""
    case = locked(vote.inspection.case)
    found = SatisfactionVote.objects.select_for_update(of=("self",)).select_related("inspection")
    vote = found.get(pk=vote.pk)
    vote.inspection.case = case
    return vote


def _refuse_counted(vote: SatisfactionVote) -> tuple[Refusal, ...]:
    if vote.counted_on is not None or vote.inspection.result:
        return (Refusal("organization.vote.counted_already", "这次测评已经计票"),)
    return ()


# --- slips ----------------------------------------------------------------------------------------


def reasons_against_slips(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    """A vote runs only during an acceptance, and is repeated only when it was not valid."""
    if wrong := _refuse_role(actor):
        return wrong
    inspection = queries.present_inspection(case)
    if inspection is None:
        return (NO_INSPECTION,)
    vote = queries.counted_vote(inspection)
    if vote is not None and queries.tally_of(vote).is_valid:
        return (Refusal("organization.vote.valid", "测评结果有效，不重新测评"),)
    return ()


@transaction.atomic
def make_slips(
    case: RectificationCase, *, households: int, slips: int, actor: Actor
) -> SatisfactionVote:
    """Draw codes; more may be added while the vote runs, and a vote that failed is held anew."""
    case = locked(case)
    refuse(reasons_against_slips(case, actor))
    inspection = queries.present_inspection(case)
    assert inspection is not None
    vote = queries.last_vote(inspection)
    is_new = vote is None or vote.counted_on is not None
    if vote is None or vote.counted_on is not None:
        vote = SatisfactionVote(
            inspection=inspection, attempt=vote.attempt + 1 if vote else 1, households=households,
            made_by_id=actor.user_id, made_by_name=actor.name,
        )  # fmt: skip
    already = vote.issued
    wrong = rules.refuse_to_issue(households=households, slips=slips, already=already)
    if not is_new and vote.method == VoteMethod.PAPER:
        wrong = (*wrong, *_refuse_counted(vote))
    refuse(wrong)
    vote.households, vote.issued = households, already + slips
    vote.save()
    RectBallotCode.objects.bulk_create(
        [
            RectBallotCode(vote=vote, sealed=cipher.encrypt(code), index=cipher.blind_index(code))
            for code in draw_codes(slips)
        ],
        batch_size=500,
    )
    record("organization.vote.slips_made", actor=actor, subject=vote,
           changes={"slips": [already, vote.issued]})  # fmt: skip
    return vote


@transaction.atomic
def show_slips(vote: SatisfactionVote, *, actor: Actor) -> list[str]:
    """The codes that were not handed out yet, for printing; each look leaves its trace."""
    refuse(_refuse_role(actor))
    codes = [cipher.decrypt(one.sealed) for one in queries.new_codes(vote) if one.sealed]
    if codes:
        record("organization.vote.slips_shown", actor=actor, subject=vote,
               changes={"slips": [None, len(codes)]})  # fmt: skip
    return sorted(codes)


@transaction.atomic
def hand_out(vote: SatisfactionVote, *, actor: Actor) -> SatisfactionVote:
    """The slips are in people's hands: from now on they count, and cannot be shown again."""
    vote = _locked(vote)
    new = RectBallotCode.objects.filter(vote=vote, live=False)
    wrong = (*_refuse_role(actor), *_refuse_counted(vote))
    if not new.exists():
        wrong = (*wrong, Refusal("organization.vote.none_new", "没有还未发放的选票"))
    refuse(wrong)
    count = new.update(live=True)
    vote.on = clock.today()
    vote.save(update_fields=["on"])
    record("organization.vote.handed_out", actor=actor, subject=vote,
           changes={"slips": [None, count]})  # fmt: skip
    return vote


# --- a ballot -------------------------------------------------------------------------------------


def find_ballot(text: str) -> RectBallotCode | None:
    """The slip to which a typed code belongs; nothing where it has not the shape of one."""
    code = clean_code(text)
    if len(code) != CODE_LENGTH:
        return None
    return queries.find_code(cipher.blind_indexes(code))


def reasons_against_voting(code: RectBallotCode, choice: str | None = None) -> tuple[Refusal, ...]:
    vote = code.vote
    is_open = code.live and vote.counted_on is None and not vote.inspection.result
    return rules.refuse_ballot(
        is_used=code.used,
        is_open=is_open,
        by_paper=vote.method == VoteMethod.PAPER,
        choice=choice,
    )


@transaction.atomic
def cast_ballot(code: RectBallotCode, choice: str, *, actor: Actor = VILLAGER) -> SatisfactionVote:
    """Count one ballot and mark its code as used."""
    vote = _locked(code.vote)
    code = RectBallotCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    code.vote = vote
    refuse(reasons_against_voting(code, choice))
    code.used = True
    code.save(update_fields=["used"])
    column = RectBallotChoice(choice).value
    counted = {column: F(column) + 1, "method": VoteMethod.PHONE}
    SatisfactionVote.objects.filter(pk=vote.pk).update(**counted)
    with circumstances.within(circumstances.NOWHERE):
        record("organization.vote.cast", actor=actor, subject=vote)
    return vote


# --- counting -------------------------------------------------------------------------------------

CADRES = Refusal("organization.vote.cadres", "测评时村干部应回避，请确认没有村干部在场")


@transaction.atomic
def close_vote(vote: SatisfactionVote, *, no_cadres: bool, actor: Actor) -> SatisfactionVote:
    """No more ballots: what came in by telephone is the result."""
    vote = _locked(vote)
    wrong = (*_refuse_role(actor), *_refuse_counted(vote))
    if vote.method != VoteMethod.PHONE:
        wrong = (*wrong, Refusal("organization.vote.no_ballots", "还没有人凭编号填写"))
    if not no_cadres:
        wrong = (*wrong, CADRES)
    refuse(wrong)
    vote.no_cadres, vote.counted_on = True, clock.today()
    vote.save(update_fields=["no_cadres", "counted_on"])
    return _counted(vote, actor)


@transaction.atomic
def count_papers(
    vote: SatisfactionVote, *, papers: int, satisfied: int, basic: int, unsatisfied: int,
    counters: str, no_cadres: bool, actor: Actor,
) -> SatisfactionVote:  # fmt: skip
    """Slips that were ticked by hand, counted in the open by two of the group."""
    vote = _locked(vote)
    tally = rules.Tally(vote.issued, satisfied, basic, unsatisfied)
    names = rules.names_of(counters)
    wrong = (
        *_refuse_role(actor),
        *_refuse_counted(vote),
        *rules.refuse_papers(
            tally=tally, papers=papers, by_phone=vote.method == VoteMethod.PHONE, counters=names,
            group=queries.member_names(vote.inspection),
        ),
    )  # fmt: skip
    if vote.on is None:
        wrong = (*wrong, Refusal("organization.vote.not_handed_out", "选票还没有发放"))
    if not no_cadres:
        wrong = (*wrong, CADRES)
    refuse(wrong)
    settled = {
        "satisfied": satisfied, "basic": basic, "unsatisfied": unsatisfied,
        "invalid": papers - tally.valid, "method": VoteMethod.PAPER.value, "no_cadres": True,
        "counters": "、".join(names), "counted_on": clock.today(),
    }  # fmt: skip
    for name, value in settled.items():
        setattr(vote, name, value)
    vote.save(update_fields=list(settled))
    return _counted(vote, actor)


def _counted(vote: SatisfactionVote, actor: Actor) -> SatisfactionVote:
    tally = queries.tally_of(vote, queries.line_of(vote))
    record("organization.vote.counted", actor=actor, subject=vote,
           changes={"valid": [None, tally.valid], "rate": [None, tally.rate_shown]})  # fmt: skip
    return vote
