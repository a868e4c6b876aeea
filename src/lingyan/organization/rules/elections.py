"""Is an election valid, who is elected, and how many candidates must stand (R-1-25 to R-1-28)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.refusals import Refusal
from lingyan.common.votes import at_least, more_than
from lingyan.directory.rules import OfficerPost
from lingyan.organization.rules.term_words import HEADS, Body, MeetingKind, body_of

PARTY_QUORUM = (4, 5)  # of those due to attend
RUNOFF_SHARE = (1, 3)  # of the ballots cast
COMMITTEE_MARGIN = (6, 5)  # candidates to seats: a fifth more
VOTER_LIST_DAYS = 20  # R-1-25
VC_SEATS = (3, 7)  # R-1-18


@dataclass(frozen=True, slots=True)
class Count:
    """One meeting in numbers. `due`: members with a vote, or registered voters; `attended`: who
    came, or took part in the vote; `returned`: the ballots cast; `valid`: those that count.
    """

    body: Body
    due: int
    attended: int
    issued: int
    returned: int
    valid: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of one candidate for one post."""

    candidate: str
    post: str
    votes: int


# --- what cannot be true --------------------------------------------------------------------------


def refuse_count(
    count: Count, tallies: Sequence[Tally], *, seats: Mapping[str, int]
) -> tuple[Refusal, ...]:
    """Numbers that contradict one another are a slip of the pen, not an election."""
    refusals = []
    if count.due < 1:
        refusals.append(Refusal("organization.election.due", "应到（登记选民）人数应大于 0"))
    if count.attended > count.due:
        refusals.append(
            Refusal("organization.election.attended", "实到（参加投票）人数不能多于应到人数")
        )
    if count.issued > count.attended:
        refusals.append(
            Refusal("organization.election.issued", "发出选票不能多于实到（参加投票）人数")
        )
    if count.valid > count.returned:
        refusals.append(Refusal("organization.election.valid", "有效票不能多于收回选票"))
    if any(one.votes > count.valid for one in tallies):
        refusals.append(Refusal("organization.election.votes", "候选人得票不能多于有效票，请核对"))
    for post, number in seats.items():
        if sum(one.votes for one in tallies if one.post == post) > count.valid * number:
            refusals.append(
                Refusal(
                    "organization.election.votes_of_post",
                    f"{OfficerPost(post).label}的得票合计多于有效票可选的总数，请核对",
                )
            )
    return tuple(refusals)


# --- valid or not ---------------------------------------------------------------------------------


def why_invalid(count: Count) -> tuple[str, ...]:
    """Every reason why the meeting elects nobody; none means that it is valid.

    依据：R-1-27 党组织选举到会人数不少于应到的五分之四，收回选票不多于发出选票；
    R-1-26 村民委员会选举须登记选民过半数投票。
    """
    reasons = []
    if count.body is Body.PARTY and not at_least(count.attended, count.due, share=PARTY_QUORUM):
        reasons.append(f"有选举权的党员应到 {count.due} 人，实到 {count.attended} 人，不足五分之四")
    if count.body is Body.VC and not more_than(count.attended, count.due):
        reasons.append(f"登记选民 {count.due} 人，参加投票 {count.attended} 人，没有过半数")
    if count.returned > count.issued:
        reasons.append(f"收回选票 {count.returned} 张，多于发出选票 {count.issued} 张")
    return tuple(reasons)


# --- elected or not -------------------------------------------------------------------------------


def enough_votes(votes: int, count: Count, *, kind: str) -> bool:
    """依据：R-1-27 党内得赞成票超过应到会人数的一半；R-1-26 村民委员会得参加投票人数的过半数，
    另行选举不少于已投选票的三分之一。
    """
    if count.body is Body.PARTY:
        return more_than(votes, count.due)
    if kind == MeetingKind.RUNOFF:
        return at_least(votes, count.returned, share=RUNOFF_SHARE)
    return more_than(votes, count.attended)


def elected_for(
    post: str, tallies: Sequence[Tally], *, seats: int, count: Count, kind: str
) -> tuple[str, ...]:
    """Who holds the seats of one post: enough votes, and the most of them.

    Where several with equal votes claim the last seat none of them has it: they stand again.
    """
    able = sorted(
        (one for one in tallies if one.post == post and enough_votes(one.votes, count, kind=kind)),
        key=lambda one: (-one.votes, one.candidate),
    )
    if len(able) <= seats:
        return tuple(one.candidate for one in able)
    if not seats:
        return ()
    last = able[seats].votes  # the first without a seat
    return tuple(one.candidate for one in able[:seats] if one.votes > last)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one meeting came to."""

    invalid: tuple[str, ...] = ()
    elected: tuple[tuple[str, str], ...] = ()  # candidate, post

    @property
    def is_valid(self) -> bool:
        return not self.invalid


def outcome_of(
    count: Count, tallies: Sequence[Tally], *, seats: Mapping[str, int], kind: str
) -> Outcome:
    """1 valid at all? 2 each post's seats, the head first: one is chosen once in one body."""
    if reasons := why_invalid(count):
        return Outcome(invalid=reasons)
    chosen: list[tuple[str, str]] = []
    for post in (one for one in OfficerPost if one in seats):
        taken = {candidate for candidate, _ in chosen}
        standing = [one for one in tallies if one.candidate not in taken]
        found = elected_for(post, standing, seats=seats[post], count=count, kind=kind)
        chosen += [(candidate, post.value) for candidate in found]
    return Outcome(elected=tuple(chosen))


def seats_left(seats: Mapping[str, int], elected: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Seats that nobody holds yet, by post."""
    held = [post for _, post in elected]
    left = {post: number - held.count(post) for post, number in seats.items()}
    return {post: number for post, number in left.items() if number > 0}


# --- who stands -----------------------------------------------------------------------------------


def refuse_seats(seats: Mapping[str, int]) -> tuple[Refusal, ...]:
    """依据：R-1-18 村民委员会三至七人；书记、主任各一人。"""
    refusals = [
        Refusal("organization.change.one_head", f"{post.label}只能有一人")
        for post in OfficerPost
        if post in HEADS and seats.get(post, 0) > 1
    ]
    of_committee = sum(number for post, number in seats.items() if body_of(post) is Body.VC)
    if of_committee and not VC_SEATS[0] <= of_committee <= VC_SEATS[1]:
        refusals.append(
            Refusal(
                "organization.change.vc_seats",
                f"村（居）民委员会应由 3 至 7 人组成，方案为 {of_committee} 人",
            )
        )
    if not any(seats.values()):
        refusals.append(Refusal("organization.change.no_seats", "请至少填写一个职务的应选名额"))
    return tuple(refusals)


def refuse_slate(seats: Mapping[str, int], standing: Mapping[str, int]) -> tuple[Refusal, ...]:
    """How many stand for each post.

    依据：R-1-26 村民委员会候选人名额多于应选名额；R-1-27 党组织委员候选人比应选人数多百分之二十
    以上(U)，其他党内职务不少于应选人数。
    """
    refusals = []
    for post, number in seats.items():
        stand, label = standing.get(post, 0), OfficerPost(post).label
        if body_of(post) is Body.VC and stand <= number:
            text = f"{label}应选 {number} 人，候选人应多于应选名额，现有 {stand} 人"
        elif post == OfficerPost.PARTY_COMMITTEE_MEMBER and not at_least(
            stand, number, share=COMMITTEE_MARGIN
        ):
            text = f"{label}应选 {number} 人，候选人应多百分之二十以上，现有 {stand} 人"
        elif stand < number:
            text = f"{label}应选 {number} 人，现有候选人 {stand} 人"
        else:
            continue
        refusals.append(Refusal("organization.change.too_few_candidates", text))
    return tuple(refusals)


def refuse_voter_list(listed_on: date | None, *, held_on: date) -> tuple[Refusal, ...]:
    """依据：R-1-25 登记参加选举的村民名单应在选举日的二十日以前公布。"""
    if listed_on is None:
        return (Refusal("organization.election.voter_list", "请填写选民名单公布日期"),)
    if listed_on > held_on - timedelta(days=VOTER_LIST_DAYS):
        return (
            Refusal(
                "organization.election.voter_list_late",
                f"选民名单应在选举日的 {VOTER_LIST_DAYS} 日以前公布",
            ),
        )
    return ()


# --- recall by the voters -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recall:
    """罢免 of a member of the villagers' committee in numbers."""

    voters: int
    proposers: int
    representatives: int
    proposing_representatives: int
    voted: int
    in_favour: int


def refuse_recall(recall: Recall) -> tuple[Refusal, ...]:
    """依据：R-1-28 五分之一以上选民或三分之一以上村民代表提出；过半数投票，过半数同意。"""
    refusals = []
    if not (
        (recall.proposers and at_least(recall.proposers, recall.voters, share=(1, 5)))
        or (
            recall.proposing_representatives
            and at_least(recall.proposing_representatives, recall.representatives, share=(1, 3))
        )
    ):
        refusals.append(
            Refusal(
                "organization.recall.proposal",
                "罢免须由五分之一以上登记选民或三分之一以上村民代表提出",
            )
        )
    if not more_than(recall.voted, recall.voters):
        refusals.append(Refusal("organization.recall.turnout", "罢免须有登记选民过半数投票"))
    if not more_than(recall.in_favour, recall.voted):
        refusals.append(Refusal("organization.recall.votes", "罢免须经投票人数过半数同意"))
    return tuple(refusals)
