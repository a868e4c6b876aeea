"""How is a gain or a loss of the county said: posts by class first, then points?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lingyan.posting.problem.build import filling_label

PRIORITY_LABELS: Mapping[int, str] = {1: "第一优先", 2: "第二优先", 3: "其他"}
GOAL_LABELS: Mapping[str, str] = {
    "lower": "必须配备的名额",
    "score": "总匹配度",
    "changes": "与调整前相比的变动",
    "blocking": "不稳定互选",
}


def priority_label(priority: int) -> str:
    """How urgent a village is."""
    return PRIORITY_LABELS.get(priority, f"第 {priority} 级")


def goal_label(name: str) -> str:
    """What a goal of the engine is called on a page."""
    if name.startswith("class-"):
        return f"{filling_label(int(name.removeprefix('class-')))}配备"
    return GOAL_LABELS.get(name, name)


def gain_text(by_class: Mapping[int, int], points: int) -> str:
    """Gains are positive: seats in all, where they differ by class also that, then points."""
    seats = sum(by_class.values())
    text = f"全县{more_or_less(seats)}配 {abs(seats)} 个岗位" if seats else "配备人数不变"
    touched = [
        f"{filling_label(klass)}{more_or_less(gain)} {abs(gain)} 个"
        for klass, gain in by_class.items()
        if gain
    ]
    if touched:
        text += f"（{'、'.join(touched)}）"
    if not (seats or touched or points):
        return "配备人数和总匹配度都不变"
    if not points:
        return f"{text}，总匹配度不变"
    return f"{text}，总匹配度{more_or_less(points)} {abs(points)} 分"


def loss_text(amounts: Mapping[str, int]) -> str:
    """全县少配 1 个岗位，总匹配度多 35 分: goal by goal, posts by class first, then points."""
    by_class = {
        int(name.removeprefix("class-")): -amount
        for name, amount in amounts.items()
        if name.startswith("class-")
    }
    text = gain_text(by_class, -amounts.get("score", 0))
    if blocking := amounts.get("blocking_pairs", 0):
        text += f"，另有 {blocking} 对更愿意选对方却不能如愿"
    if changes := amounts.get("changes", 0):
        text += f"，与调整前相比{more_or_less(changes)}变动 {abs(changes)} 处"
    if lower := amounts.get("lower", 0):
        text = f"必须配备的名额{more_or_less(-lower)} {abs(lower)} 个，{text}"
    return text


def more_or_less(gain: int) -> str:
    return "多" if gain > 0 else "少"


def stored_price_text(price: Mapping[str, Any]) -> str:
    """The price of an adjustment as it was stored with it."""
    by_class = {
        int(goal["name"].removeprefix("class-")): goal["after"] - goal["before"]
        for goal in price.get("goals", [])
        if goal["name"].startswith("class-")
    }
    return gain_text(by_class, price.get("points", 0))


def stored_people_moved(price: Mapping[str, Any]) -> int:
    return len({move["person"] for move in price.get("moves", [])})
