"""Health checks at every stage, made by the product's own actions."""

from __future__ import annotations

from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.posting import rules
from lingyan.posting.actions.health_checks import (
    Answers,
    confirm_health_check,
    record_opinion,
    save_health_check,
    start_health_check,
    start_joint_review,
    submit_health_check,
)
from lingyan.posting.models import HealthCheck, NeedList
from tests.world import World

SCORES = {item.value: 3 if item.value.startswith("T") else 1 for item in rules.CheckItem}
STAGES = ("draft", "submitted", "joint_review", "confirmed")


def check_at(
    world: World,
    stage: str,
    *,
    village: Place | None = None,
    town: Actor | None = None,
    scores: dict[str, int] | None = None,
) -> HealthCheck:
    """The check of a village (松树村 unless told) that has come as far as `stage`."""
    village, town = village or world.pine, town or world.north_org
    check = start_health_check(village, actor=town)
    answers = Answers(scores=scores or SCORES, texts={"T1": "书记年龄偏大"}, member_seats=2)
    save_health_check(check, actor=town, answers=answers)
    if stage == "draft":
        return fresh(check)
    submit_health_check(check, actor=town)
    if stage == "submitted":
        return fresh(check)
    start_joint_review(check, actor=world.officer)
    if stage == "joint_review":
        return fresh(check)
    record_opinion(check, actor=world.agri, text="产业基础一般")
    confirm_health_check(check, actor=world.officer, summary="班子软弱", village_types=["weak_org"])
    return fresh(check)


def need_list_of(check: HealthCheck) -> NeedList:
    return check.need_lists.get()


def fresh(check: HealthCheck) -> HealthCheck:
    return HealthCheck.objects.get(pk=check.pk)
