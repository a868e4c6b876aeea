"""R-1-18, R-1-25 to R-1-28 and appendix A.3: votes counted in whole numbers, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.common.votes import at_least, more_than
from lingyan.directory.rules import OfficerPost
from lingyan.organization.rules import elections as rules
from lingyan.organization.rules.elections import Count, Tally
from lingyan.organization.rules.term_words import Body, MeetingKind

P = OfficerPost
PARTY = Count(body=Body.PARTY, due=20, attended=16, issued=16, returned=16, valid=16)
VILLAGE = Count(body=Body.VC, due=301, attended=151, issued=151, returned=150, valid=149)


def codes(refusals: tuple[rules.Refusal, ...]) -> list[str]:
    return [one.code.removeprefix("organization.") for one in refusals]


@pytest.mark.parametrize(
    ("count", "whole", "share", "reached"),
    [
        (13, 20, (2, 3), False),
        (14, 20, (2, 3), True),
        (200, 301, (2, 3), False),
        (201, 301, (2, 3), True),
        (16, 25, (2, 3), False),
        (17, 25, (2, 3), True),
        (10, 20, (1, 2), True),  # 半数以上 includes half
        (20, 30, (2, 3), True),
    ],
)
def test_at_least_includes_the_share_itself(
    count: int, whole: int, share: tuple[int, int], reached: bool
) -> None:
    assert at_least(count, whole, share=share) is reached


@pytest.mark.parametrize(
    ("count", "whole", "reached"),
    [(10, 20, False), (11, 20, True), (2, 5, False), (3, 5, True), (10, 21, False), (11, 21, True)],
)
def test_more_than_half_excludes_half(count: int, whole: int, reached: bool) -> None:
    assert more_than(count, whole) is reached


@pytest.mark.parametrize(
    ("count", "is_valid"),
    [
        (PARTY, True),
        (replace(PARTY, attended=15, issued=15, returned=15, valid=15), False),
        (replace(PARTY, returned=17), False),
        (replace(PARTY, returned=15, valid=15), True),
        (VILLAGE, True),
        (replace(VILLAGE, attended=150), False),
        (replace(VILLAGE, due=302), False),  # exactly half is not more than half
        (replace(VILLAGE, issued=149), False),
    ],
)
def test_when_a_meeting_is_valid(count: Count, is_valid: bool) -> None:
    assert (not rules.why_invalid(count)) is is_valid


def test_every_reason_is_told() -> None:
    bad = replace(PARTY, attended=15, issued=15, returned=16)

    assert len(rules.why_invalid(bad)) == 2


@pytest.mark.parametrize(
    ("count", "kind", "votes", "enough"),
    [
        (PARTY, MeetingKind.FIRST, 10, False),  # half of the 20 due, not of the 16 present
        (PARTY, MeetingKind.FIRST, 11, True),
        (PARTY, MeetingKind.RUNOFF, 10, False),
        (VILLAGE, MeetingKind.FIRST, 75, False),
        (VILLAGE, MeetingKind.FIRST, 76, True),  # more than half of the 151 who voted
        (VILLAGE, MeetingKind.RUNOFF, 49, False),
        (VILLAGE, MeetingKind.RUNOFF, 50, True),  # a third of the 150 ballots cast
    ],
)
def test_how_many_votes_elect(count: Count, kind: str, votes: int, enough: bool) -> None:
    assert rules.enough_votes(votes, count, kind=kind) is enough


@pytest.mark.parametrize(
    ("votes", "seats", "elected"),
    [
        ((90, 80, 76), 2, ("a", "b")),
        ((90, 80, 80), 2, ("a",)),  # the last seat is claimed by two
        ((80, 80, 80), 2, ()),
        ((80, 80, 75), 2, ("a", "b")),  # c has not enough votes
        ((75, 75, 75), 2, ()),
        ((90, 80, 76), 0, ()),
    ],
)
def test_the_most_votes_hold_the_seats(
    votes: tuple[int, ...], seats: int, elected: tuple[str, ...]
) -> None:
    tallies = [Tally(name, P.VC_MEMBER, n) for name, n in zip("abc", votes, strict=True)]

    found = rules.elected_for(
        P.VC_MEMBER, tallies, seats=seats, count=VILLAGE, kind=MeetingKind.FIRST
    )

    assert found == elected


def test_whoever_is_chosen_director_takes_no_seat_of_a_member() -> None:
    seats = {P.VC_DIRECTOR: 1, P.VC_MEMBER: 2}
    tallies = [
        Tally("a", P.VC_DIRECTOR, 90), Tally("b", P.VC_DIRECTOR, 59),
        Tally("a", P.VC_MEMBER, 100), Tally("b", P.VC_MEMBER, 95), Tally("c", P.VC_MEMBER, 76),
    ]  # fmt: skip

    outcome = rules.outcome_of(VILLAGE, tallies, seats=seats, kind=MeetingKind.FIRST)

    assert outcome.elected == (("a", "vc_director"), ("b", "vc_member"), ("c", "vc_member"))
    assert rules.seats_left(seats, outcome.elected) == {}


def test_an_invalid_meeting_elects_nobody() -> None:
    count = replace(VILLAGE, attended=150, issued=150)

    outcome = rules.outcome_of(
        count, [Tally("a", P.VC_DIRECTOR, 140)], seats={P.VC_DIRECTOR: 1}, kind=MeetingKind.FIRST
    )

    assert not outcome.is_valid
    assert outcome.elected == ()


def test_seats_that_nobody_won_are_left() -> None:
    assert rules.seats_left({"vc_member": 3, "vc_director": 1}, [("a", "vc_member")]) == {
        "vc_member": 2,
        "vc_director": 1,
    }


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"due": 0, "attended": 0, "issued": 0}, "election.due"),
        ({"attended": 302}, "election.attended"),
        ({"issued": 152}, "election.issued"),
        ({"valid": 151}, "election.valid"),
    ],
)
def test_numbers_that_contradict_one_another_are_refused(
    changed: dict[str, int], code: str
) -> None:
    found = rules.refuse_count(replace(VILLAGE, **changed), [], seats={})  # type: ignore[arg-type]

    assert code in codes(found)


def test_nobody_has_more_votes_than_there_are_ballots() -> None:
    seats = {P.VC_DIRECTOR: 1}
    over = [Tally("a", P.VC_DIRECTOR, 150)]
    together = [Tally("a", P.VC_DIRECTOR, 90), Tally("b", P.VC_DIRECTOR, 60)]

    assert codes(rules.refuse_count(VILLAGE, over, seats=seats)) == [
        "election.votes", "election.votes_of_post",
    ]  # fmt: skip
    assert codes(rules.refuse_count(VILLAGE, together, seats=seats)) == ["election.votes_of_post"]
    assert not rules.refuse_count(VILLAGE, together[:1], seats=seats)


@pytest.mark.parametrize(
    ("seats", "refused"),
    [
        ({"vc_director": 1, "vc_member": 2}, []),
        ({"vc_director": 1, "vc_deputy": 1, "vc_member": 5}, []),
        ({"vc_director": 1, "vc_member": 1}, ["change.vc_seats"]),
        ({"vc_director": 1, "vc_member": 7}, ["change.vc_seats"]),
        ({"vc_director": 2, "vc_member": 2}, ["change.one_head"]),
        ({"party_secretary": 2}, ["change.one_head"]),
        ({"party_secretary": 1, "party_committee_member": 2}, []),
        ({}, ["change.no_seats"]),
    ],
)
def test_how_many_are_chosen(seats: dict[str, int], refused: list[str]) -> None:
    assert codes(rules.refuse_seats(seats)) == refused


@pytest.mark.parametrize(
    ("post", "seats", "stand", "allowed"),
    [
        ("vc_member", 3, 3, False),
        ("vc_member", 3, 4, True),
        ("vc_director", 1, 1, False),
        ("vc_director", 1, 2, True),
        ("party_committee_member", 3, 3, False),
        ("party_committee_member", 3, 4, True),
        ("party_committee_member", 5, 6, True),
        ("party_committee_member", 6, 7, False),  # a fifth of six is more than one
        ("party_secretary", 1, 0, False),
        ("party_secretary", 1, 1, True),
    ],
)
def test_more_stand_than_there_are_seats(post: str, seats: int, stand: int, allowed: bool) -> None:
    assert (not rules.refuse_slate({post: seats}, {post: stand})) is allowed


@pytest.mark.parametrize(
    ("listed_on", "refused"),
    [
        (date(2026, 2, 10), []),
        (date(2026, 2, 11), ["election.voter_list_late"]),
        (None, ["election.voter_list"]),
    ],
)
def test_the_list_of_voters_hangs_for_twenty_days(
    listed_on: date | None, refused: list[str]
) -> None:
    found = rules.refuse_voter_list(listed_on, held_on=date(2026, 3, 2))

    assert codes(found) == refused


RECALL = rules.Recall(
    voters=300, proposers=60, representatives=30, proposing_representatives=0, voted=151,
    in_favour=76,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"proposers": 59}, ["recall.proposal"]),
        ({"proposers": 0, "proposing_representatives": 10}, []),
        ({"proposers": 0, "proposing_representatives": 9}, ["recall.proposal"]),
        ({"proposers": 0, "representatives": 0}, ["recall.proposal"]),
        ({"voted": 150, "in_favour": 76}, ["recall.turnout"]),
        ({"in_favour": 75}, ["recall.votes"]),
    ],
)
def test_a_recall_by_the_voters(changed: dict[str, int], refused: list[str]) -> None:
    assert codes(rules.refuse_recall(replace(RECALL, **changed))) == refused
