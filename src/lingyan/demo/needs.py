"""What do the demo's villages need? Some through a health check, most as an import brings them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from lingyan.demo.cast import Cast
from lingyan.directory.models import Place
from lingyan.posting.actions import health_checks as checks
from lingyan.posting.actions.need_lists import (
    NeedItemRow,
    NeedListRow,
    create_need_lists,
    issue_need_lists,
)
from lingyan.posting.models import NeedList
from lingyan.posting.rules import CheckItem, NeedDomain, VillageType
from lingyan.posting.rules.assessments import CAPABILITIES_OF_ITEM

MAIN_TYPES = (VillageType.WEAK_ORG, VillageType.WEAK_INDUSTRY, VillageType.HIGH_DISPUTE)
DOMAIN_OF_TYPE = {
    VillageType.WEAK_ORG: NeedDomain.TEAM,
    VillageType.WEAK_INDUSTRY: NeedDomain.INDUSTRY,
    VillageType.HIGH_DISPUTE: NeedDomain.GOVERNANCE,
}
SENTENCES = {
    CheckItem.T1: "书记即将卸任，后继人选没有确定",
    CheckItem.T2: "班子学历偏低，分工不清",
    CheckItem.T3: "“三会一课”质量不高",
    CheckItem.T4: "连续两年没有发展党员",
    CheckItem.T5: "后备力量不足",
    CheckItem.I1: "集体收入主要靠补助",
    CheckItem.I2: "主导产业规模小、链条短",
    CheckItem.I3: "缺少合作社和龙头企业带动",
    CheckItem.I4: "旧校舍、林地闲置",
    CheckItem.I5: "项目包装和申报能力弱",
    CheckItem.I6: "技术和销路没有保障",
    CheckItem.G1: "土地和邻里纠纷较多",
    CheckItem.G2: "公开不及时，群众有意见",
    CheckItem.G3: "移风易俗推进慢",
    CheckItem.G4: "治安防范薄弱",
    CheckItem.G5: "办事跑腿多",
}


def issue_needs(
    cast: Cast,
    seats: Sequence[tuple[Place, int, int]],
    *,
    language_of_town: dict[str, str] | None = None,
) -> list[NeedList]:
    """Need lists as an import brings them, for (village, first secretary seats, member seats)."""
    random = cast.people.random
    rows = [
        _need_row(random, village, first, members, (language_of_town or {}))
        for village, first, members in seats
    ]
    lists = create_need_lists(rows, actor=cast.officer)
    issue_need_lists(lists, actor=cast.officer)
    return _as_stored(lists)


def _as_stored(lists: Sequence[NeedList]) -> list[NeedList]:
    found = NeedList.objects.filter(pk__in=[one.pk for one in lists])
    return list(found.select_related("village__parent").order_by("village__path"))


def _need_row(
    random: Random, village: Place, first: int, members: int, languages: dict[str, str]
) -> NeedListRow:
    types = _types(random)
    language = languages.get(village.parent.name if village.parent else "", "")
    return NeedListRow(
        village=village,
        village_types=tuple(one.value for one in types),
        first_secretary_seats=first,
        member_seats=members,
        language=language,
        remark="能讲当地语言" if language else "",
        items=tuple(_items(random, types)),
    )


def _types(random: Random) -> list[VillageType]:
    types = [random.choice(MAIN_TYPES)]
    if random.random() < 0.3:
        types.append(random.choice([one for one in MAIN_TYPES if one not in types]))
    if random.random() < 0.4:
        types.append(random.choice((VillageType.KEY_TASK, VillageType.POVERTY_LIFTED)))
    return types


def _items(random: Random, types: Sequence[VillageType]) -> list[NeedItemRow]:
    domain = DOMAIN_OF_TYPE[types[0]]
    main = random.sample([item for item in CheckItem if item.domain is domain], 2)
    other = random.choice([item for item in CheckItem if item.domain is not domain])
    return [
        NeedItemRow(
            item.domain.value,
            random.choice((3, 4)) if item in main else random.choice((1, 2)),
            tuple(one.value for one in CAPABILITIES_OF_ITEM[item]),
            item=item.value,
            text=SENTENCES[item],
        )
        for item in (*main, other)
    ]


def check_villages(cast: Cast, seats: Sequence[tuple[Place, int, int]]) -> list[NeedList]:
    """The long way: the town assesses, the departments review, the county confirms and issues."""
    random = cast.people.random
    found = []
    for village, first, members in seats:
        assert village.parent is not None
        town = cast.town(village.parent)
        check = checks.start_health_check(village, actor=town)
        answers = _answers(random, first, members)
        check = checks.save_health_check(check, actor=town, answers=answers)
        found.append(checks.submit_health_check(check, actor=town))
    checks.start_joint_reviews(found, actor=cast.officer)
    opinion = "同意研判意见，产业类需求建议与年度项目衔接。"
    checks.record_opinions(found, actor=cast.agri, text=opinion)
    checks.confirm_health_checks(found, actor=cast.officer, summary="经部门会商，按需求程度确认。")
    lists = list(
        NeedList.objects.filter(health_check__in=found, state=NeedList.State.CONFIRMED)
        .select_related("village__parent")
        .order_by("village__path")
    )
    issue_need_lists(lists, actor=cast.officer)
    return _as_stored(lists)


def draft_checks(
    cast: Cast, villages: Sequence[Place], *, submitted: int, in_review: int = 0
) -> None:
    """Checks that are still under way: the first ones submitted, the others drafts.

    Of those submitted the first are in joint review and wait for the second department.
    """
    random = cast.people.random
    reviewed = []
    for number, village in enumerate(villages):
        assert village.parent is not None
        town = cast.town(village.parent)
        check = checks.start_health_check(village, actor=town)
        checks.save_health_check(check, actor=town, answers=_answers(random, 1, 1))
        if number < submitted:
            check = checks.submit_health_check(check, actor=town)
        if number < in_review:
            reviewed.append(check)
    if reviewed:
        checks.start_joint_reviews(reviewed, actor=cast.officer)


def _answers(random: Random, first: int, members: int) -> checks.Answers:
    """A village with one domain in need: its items high, the others low."""
    domain = random.choice(list(NeedDomain))
    scores = {
        item.value: random.choice((2, 3, 4)) if item.domain is domain else random.choice((0, 1, 2))
        for item in CheckItem
    }
    return checks.Answers(
        scores=scores,
        texts={item: SENTENCES[CheckItem(item)] for item, score in scores.items() if score >= 2},
        first_secretary_seats=first,
        member_seats=members,
        profile_remark="熟悉农村工作，能吃苦",
    )
