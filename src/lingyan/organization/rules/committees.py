"""Who sits on which body of a village, what is missing, and what must not be together?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.choices import Choice
from lingyan.common.periods import add_months
from lingyan.directory.rules import BARRED_FROM_SUPERVISION
from lingyan.directory.rules import OfficerPost as Post
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE
from lingyan.organization.rules.terms import TermKind


class Body(Choice):
    """依据：1.5 职务表的分组。"""

    PARTY = "party", "村党组织"
    VC = "vc", "村（居）民委员会"
    SUPERVISION = "supervision", "村务监督委员会"
    COLLECTIVE = "collective", "集体经济组织"
    STAFF = "staff", "文书和报账员"
    SELF_GOVERNMENT = "self_government", "村民小组和村民代表"


POSTS: Mapping[Body, tuple[Post, ...]] = {
    Body.PARTY: (Post.PARTY_SECRETARY, Post.PARTY_DEPUTY, Post.PARTY_COMMITTEE_MEMBER),
    Body.VC: (
        Post.VC_DIRECTOR, Post.COMMUNITY_DIRECTOR, Post.VC_DEPUTY, Post.COMMUNITY_DEPUTY,
        Post.VC_MEMBER, Post.COMMUNITY_MEMBER,
    ),
    Body.SUPERVISION: (Post.SUP_DIRECTOR, Post.SUP_MEMBER),
    Body.COLLECTIVE: (
        Post.COOP_CHAIR, Post.COOP_VICE, Post.COOP_DIRECTOR, Post.COOP_SUP_CHAIR,
        Post.COOP_SUPERVISOR,
    ),
    Body.STAFF: (Post.CLERK, Post.CASHIER),
    Body.SELF_GOVERNMENT: (Post.GROUP_LEADER, Post.VILLAGER_REP),
}  # fmt: skip
BODY_OF: Mapping[str, Body] = {post.value: body for body, posts in POSTS.items() for post in posts}
# 村务监督委员会任期与村民委员会相同 (R-1-20), 村民代表也是 (R-1-22).
TERM_OF: Mapping[Body, TermKind] = {
    Body.PARTY: TermKind.PARTY,
    Body.VC: TermKind.VC,
    Body.SUPERVISION: TermKind.VC,
    Body.SELF_GOVERNMENT: TermKind.VC,
    Body.COLLECTIVE: TermKind.COOP,
}
TWO_COMMITTEES = frozenset(post.value for body in (Body.PARTY, Body.VC) for post in POSTS[body])
DIRECTORS = frozenset({Post.VC_DIRECTOR.value, Post.COMMUNITY_DIRECTOR.value})
BOARD = frozenset({Post.COOP_CHAIR.value, Post.COOP_VICE.value, Post.COOP_DIRECTOR.value})
SUPERVISORS = frozenset({Post.COOP_SUP_CHAIR.value, Post.COOP_SUPERVISOR.value})
READERS = (*STAFF, *LEADER, *TOWN, "town_leader", *VILLAGE, "county_discipline", "upper_viewer")
FIGURE_READERS = (*READERS, "county_office")
KEEPERS = (*STAFF, "town_org")
VACANCY_MONTHS = 3  # cadre.secretary_vacancy_months
BRANCH_COMMITTEE_FROM = 7
NORMALLY_LEAST, NORMALLY_MOST = 3, 7


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post on a day, as far as the rules ask."""

    person: str
    name: str
    post: str
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as it should be: `red` must be mended, the rest is to be looked at."""

    rule: str
    text: str
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class Committee:
    """A village on a day: who holds what, who is related, since when the secretary is missing."""

    holders: Sequence[Holder]
    is_community: bool = False
    relatives: Collection[frozenset[str]] = ()
    branch_members: int | None = None
    secretary_left_on: date | None = None

    def of(self, posts: Collection[str]) -> list[Holder]:
        return [one for one in self.holders if one.post in posts]

    def people(self, posts: Collection[str]) -> dict[str, str]:
        """Names by person: each once, whatever number of these posts they hold (R-1-17)."""
        return {one.person: one.name for one in self.of(posts)}


def members(committee: Committee) -> dict[str, str]:
    """两委成员: distinct persons of both committees. 依据：R-1-17。"""
    return committee.people(TWO_COMMITTEES)


def one_shoulder(holders: Iterable[Holder]) -> str | None:
    """Who is secretary and director at once, computed from the posts. 依据：R-1-19。"""
    found = list(holders)
    secretaries = {one.person for one in found if one.post == Post.PARTY_SECRETARY}
    both = sorted(secretaries & {one.person for one in found if one.post in DIRECTORS})
    return both[0] if both else None


def three_in_one(holders: Iterable[Holder]) -> bool:
    """三职一肩挑: 理事长 as well. 依据：R-1-19。"""
    found = list(holders)
    person = one_shoulder(found)
    return person is not None and any(
        one.person == person and one.post == Post.COOP_CHAIR for one in found
    )


def vacant_posts(committee: Committee) -> tuple[Post, ...]:
    """Of the posts of which a village has one, those that nobody holds (IND-1-09)."""
    director = Post.COMMUNITY_DIRECTOR if committee.is_community else Post.VC_DIRECTOR
    held = {one.post for one in committee.holders}
    wanted = (Post.PARTY_SECRETARY, director)
    return tuple(post for post in wanted if post.value not in held)


def is_long_vacant(left_on: date, today: date, months: int = VACANCY_MONTHS) -> bool:
    """Three months, or what the county says, without a secretary (R-1-23, W01)."""
    return today > add_months(left_on, months)


def findings(
    committee: Committee, *, today: date, vacant_months: int = VACANCY_MONTHS
) -> tuple[Finding, ...]:
    """Everything about the bodies of a village that is not as the rules want it."""
    return (
        *_vacancies(committee, today, vacant_months),
        *_party(committee),
        *_village_committee(committee),
        *_supervision(committee),
        *_collective(committee),
    )


def _vacancies(committee: Committee, today: date, months: int) -> list[Finding]:
    found = []
    for post in vacant_posts(committee):
        left = committee.secretary_left_on if post == Post.PARTY_SECRETARY else None
        if left is None:
            found.append(Finding("R-1-23", f"{post.label}空缺"))
        else:
            days = (today - left).days
            found.append(
                Finding(
                    "R-1-23", f"{post.label}空缺 {days} 天", is_long_vacant(left, today, months)
                )
            )
    return found


def _party(committee: Committee) -> list[Finding]:
    """依据：R-1-13。"""
    count, members = len(committee.people(POSTS[Body.PARTY])), committee.branch_members
    if members is None or not count:
        return []
    if members >= BRANCH_COMMITTEE_FROM and not NORMALLY_LEAST <= count <= NORMALLY_MOST:
        return [
            Finding(
                "R-1-13",
                f"正式党员 {members} 人，应设支部委员会（3 至 5 人，最多 7 人），现有 {count} 人",
            )
        ]
    if members < BRANCH_COMMITTEE_FROM and count > 2:
        return [
            Finding("R-1-13", f"正式党员 {members} 人，不足 7 人的设书记 1 人、必要时副书记 1 人")
        ]
    return []


def _village_committee(committee: Committee) -> list[Finding]:
    """依据：R-1-18、VAL-06。"""
    held = committee.of(POSTS[Body.VC])
    people = {one.person for one in held}
    has_woman = any(one.gender == "female" for one in held)
    if people and not (3 <= len(people) <= 7 and has_woman):
        name = "居民" if committee.is_community else "村民"
        return [
            Finding(
                "VAL-06",
                f"{name}委员会应由3至7人组成，且应有妇女成员；"
                f"现有 {len(people)} 人，{'有' if has_woman else '没有登记'}妇女成员",
                is_red=True,
            )
        ]
    return []


def _related(
    committee: Committee, first: Collection[str], second: Collection[str]
) -> list[tuple[str, str]]:
    """Pairs of near relatives of whom one is in the first posts and the other in the second."""
    ones, others = committee.people(first), committee.people(second)
    return sorted(
        {
            (name, other)
            for person, name in ones.items()
            for key, other in others.items()
            if person != key and frozenset((person, key)) in committee.relatives
        }
    )


def _supervision(committee: Committee) -> list[Finding]:
    """依据：R-1-20、VAL-07。"""
    posts = [post.value for post in POSTS[Body.SUPERVISION]]
    people = committee.people(posts)
    if not people:
        return []
    found = []
    if not 3 <= len(people) <= 5:
        found.append(
            Finding("R-1-20", f"村务监督委员会应有 3 至 5 人，现有 {len(people)} 人", is_red=True)
        )
    secretary = committee.people((Post.PARTY_SECRETARY,))
    director = committee.people((Post.SUP_DIRECTOR,))
    if not director:
        found.append(Finding("R-1-20", "村务监督委员会没有主任"))
    if set(director) & set(secretary):
        found.append(Finding("R-1-20", "村党组织书记原则上不兼任村务监督委员会主任"))
    barred = committee.people(BARRED_FROM_SUPERVISION)
    found += [
        Finding(
            "R-1-20",
            f"{name}是村委会成员、文书、报账员或理事长，不能任村务监督委员会成员",
            is_red=True,
        )
        for person, name in sorted(people.items())
        if person in barred
    ]
    found += [
        Finding("VAL-07", f"村务监督委员会成员须回避近亲属：{name}与{other}", is_red=True)
        for name, other in _related(committee, posts, POSTS[Body.VC])
    ]
    return found


def _collective(committee: Committee) -> list[Finding]:
    """依据：R-1-21。"""
    board, supervisors = committee.people(BOARD), committee.people(SUPERVISORS)
    found = []
    if board and not (3 <= len(board) <= 7 and len(board) % 2):
        found.append(
            Finding("R-1-21", f"理事会应为 3 至 7 人的单数，现有 {len(board)} 人", is_red=True)
        )
    money = {Post.CLERK.value, Post.CASHIER.value}
    barred = {*board, *committee.people(money)}
    found += [
        Finding("R-1-21", f"理事之间须回避近亲属：{name}与{other}", is_red=True)
        for name, other in _related(committee, BOARD, BOARD)
        if name < other
    ]
    found += [
        Finding("R-1-21", f"{name}是理事或财务人员，不能任监事", is_red=True)
        for person, name in sorted(supervisors.items())
        if person in barred
    ]
    found += [
        Finding("R-1-21", f"监事须回避理事和财务人员的近亲属：{name}与{other}", is_red=True)
        for name, other in _related(committee, SUPERVISORS, BOARD | money)
    ]
    return found
