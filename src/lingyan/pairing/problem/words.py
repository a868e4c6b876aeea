"""How are goals, gains, losses and shortages of a pairing said in plain Chinese?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lingyan.pairing.problem.build import PairingProblem
from lingyan.pairing.rules import Answer, UnitFacts, VillageFacts, may_pair, pair_results
from lingyan_matching import Plan

PRIORITY_LABELS: Mapping[int, str] = {1: "优先", 2: "其他", 3: "其他（靠后）"}
NAMES_SHOWN = 6


def priority_label(priority: int) -> str:
    return PRIORITY_LABELS.get(priority, f"第 {priority} 级")


def goal_label(name: str) -> str:
    """What a goal of the engine is called on a page."""
    kind, _, klass = name.partition("-")
    if kind == "villages":
        return f"{priority_label(int(klass))}的村有结对单位"
    return {"bounds": "双方最少数", "score": "总结对分"}.get(kind, name)


def goal_unit(name: str) -> str:
    kind = name.partition("-")[0]
    return {"villages": "个", "bounds": "对", "score": "分"}.get(kind, "")


def gain_text(gains: Iterable[tuple[str, int]]) -> str:
    """双方最少数少满足 1 对，总结对分多 35 分: goal by goal, in their order."""
    texts = []
    for name, gain in gains:
        if not gain:
            continue
        more = "多" if gain > 0 else "少"
        kind, _, klass = name.partition("-")
        if kind == "bounds":
            texts.append(f"双方最少数{more}满足 {abs(gain)} 对")
        elif kind == "villages":
            label = priority_label(int(klass))
            texts.append(f"{label}的村{more} {abs(gain)} 个有结对单位")
        else:
            texts.append(f"总结对分{more} {abs(gain)} 分")
    return "，".join(texts) or "各项目标都不变"


# --- who is left, and why -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Short:
    """A unit or village with fewer pairs than its lower number, or with none at all."""

    side: str
    id: str
    name: str
    pairs: int
    lower: int
    upper: int
    may: int
    reason: str

    @property
    def is_below(self) -> bool:
        return self.pairs < self.lower


def shorts_of(problem: PairingProblem, plan: Plan) -> list[Short]:
    """Everybody without a pair or below the lower number, each with its own reason."""
    held: dict[str, set[str]] = {}
    for row in plan.assignments:
        held.setdefault(row.person, set()).add(row.post)
        held.setdefault(row.post, set()).add(row.person)
    return [
        *(_short(problem, one, held) for one in problem.villages if _is_short(one, held)),
        *(_short(problem, one, held) for one in problem.units if _is_short(one, held)),
    ]


Held = Mapping[str, set[str]]
Node = UnitFacts | VillageFacts


def _is_short(one: Node, held: Held) -> bool:
    return len(held.get(one.id, ())) < max(one.lower, min(1, one.upper))


def _short(problem: PairingProblem, one: Node, held: Held) -> Short:
    is_unit = isinstance(one, UnitFacts)
    side, others = ("unit", "村") if is_unit else ("village", "单位")
    partners: tuple[Node, ...] = problem.villages if is_unit else problem.units
    own = held.get(one.id, set())
    may = [other for other in partners if may_pair(pair_results(*_as_pair(one, other)))]
    if may:
        reason = _full_text(may, others, own, held)
    else:
        reason = _closed_text(
            others,
            len(partners),
            refused=[p.name for p in partners if p.answers.get(one.id) == Answer.REFUSED],
            refuses=[p.name for p in partners if one.answers.get(p.id) == Answer.REFUSED],
            banned=[p.name for p in partners if _is_banned(*_as_pair(one, p))],
        )
    return Short(side, one.id, one.name, len(own), one.lower, one.upper, len(may), reason)


def _as_pair(one: Node, other: Node) -> tuple[UnitFacts, VillageFacts]:
    if isinstance(one, UnitFacts):
        assert isinstance(other, VillageFacts)
        return one, other
    assert isinstance(other, UnitFacts)
    return other, one


def _is_banned(unit: UnitFacts, village: VillageFacts) -> bool:
    return unit.id in village.bans


def _full_text(may: Sequence[Node], others: str, own: set[str], held: Held) -> str:
    """Somebody might be paired with it, but is not."""
    left = [one for one in may if one.id not in own]
    if not left:
        names = listed([one.name for one in may])
        return f"可结对的{others}只有 {len(may)} 个（{names}），都已与它结对"
    spare = [one.name for one in left if len(held.get(one.id, ())) < one.upper]
    if spare:
        return f"可结对的{others}里 {listed(spare)}还有名额，但多结一对会使排在前面的目标变差"
    names = listed([one.name for one in left])
    return f"可结对的另外 {len(left)} 个{others}（{names}）名额都已结给更合适的一方"


def _closed_text(
    others: str, count: int, *, refused: list[str], refuses: list[str], banned: list[str]
) -> str:
    """Who shut the door: the others, this side itself, or the county."""
    if not count:
        return f"没有参加的{others}"
    parts = []
    if refused:
        parts.append(f"{listed(refused)}不愿意与它结对")
    if refuses:
        parts.append(f"它不愿意与{listed(refuses)}结对")
    if banned:
        parts.append(f"县里排除了{listed(banned)}")
    return f"{count} 个{others}一个也不能结对：{'；'.join(parts)}"


def listed(names: list[str]) -> str:
    if len(names) <= NAMES_SHOWN:
        return "、".join(names)
    return f"{'、'.join(names[:NAMES_SHOWN])}等 {len(names)} 个"


def hall_texts(plan: Plan, names: Mapping[str, str]) -> list[str]:
    """Which crowds want more than the others can take, as the certificate proves by counting."""
    texts = []
    for claim in plan.certificate.get("hall", ()):
        own, other = ("村", "单位") if claim["side"] == "posts" else ("单位", "村")
        members = [names.get(one, one) for one in claim["members"]]
        partners = [names.get(one, one) for one in claim["partners"]]
        if not partners:
            texts.append(
                f"{listed(members)}还至少要结对 {claim['wanted']} 次，但没有一个{other}可以结对。"
            )
            continue
        texts.append(
            f"这 {len(members)} 个{own}（{listed(members)}）最少还要结对 {claim['wanted']} 次，"
            f"可结对的 {len(partners)} 个{other}（{listed(partners)}）"
            f"合起来最多承担 {claim['can_take']} 次，差 {claim['wanted'] - claim['can_take']} 次。"
        )
    return texts


def unknown_towns(problem: PairingProblem) -> list[str]:
    """Units of which nobody knows where they sit: their nearness counts as unknown."""
    return [unit.name for unit in problem.units if unit.town is None and unit.point is None]
