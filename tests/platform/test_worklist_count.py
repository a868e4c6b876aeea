"""Is the count beside the worklist one question, worded once, and never an old answer?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingyan.common import clock
from lingyan.platform.accounts.actor import NOTHING, Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.ui import worklist
from lingyan.platform.ui.worklist import Waiting, count_waiting

ACTOR = Actor(user_id=1, name="王秋", role="reader", role_label="读者", scope=NOTHING)
WORDED: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    WORDED.clear()
    worklist._QUESTIONS.clear()


def users(name: str) -> Waiting:
    return Waiting("个账号", "看一看", User.objects.filter(name=name), "/")


def three_kinds(actor: Actor) -> Iterable[Waiting]:
    """Two that the database is asked for, and one that can never have a row."""
    WORDED.append(actor.name)
    nobody = Waiting("个空集", "", User.objects.none(), "/")
    return users("李春"), users("王秋 100%"), nobody


def one_of_the_county(actor: Actor) -> Iterable[Waiting]:
    """The wording itself hangs on a row, as a number that the county may set."""
    WORDED.append(actor.name)
    wanted = User.objects.filter(username="wanted").values_list("name", flat=True).first()
    return (users(wanted or ""),)


def user(username: str, name: str) -> User:
    return User.objects.create(username=username, name=name)


@pytest.mark.django_db
def test_one_question_counts_the_kinds_that_have_a_row() -> None:
    user("one", "李春")

    with CaptureQueriesContext(connection) as asked:
        assert count_waiting(three_kinds, ACTOR) == 1

    assert len(asked) == 1


@pytest.mark.django_db
def test_the_wording_is_kept_and_the_answer_is_not() -> None:
    assert count_waiting(three_kinds, ACTOR) == 0

    user("one", "李春")
    user("two", "王秋 100%")

    assert count_waiting(three_kinds, ACTOR) == 2
    assert len(WORDED) == 1
    with clock.at(clock.now() + timedelta(hours=1)):
        count_waiting(three_kinds, ACTOR)
    assert len(WORDED) == 2, "what days and hours bring along is worded anew"


@pytest.mark.django_db
def test_a_wording_that_hangs_on_a_row_is_not_kept() -> None:
    wanted = user("wanted", "李春")
    assert count_waiting(one_of_the_county, ACTOR) == 1

    User.objects.filter(pk=wanted.pk).update(name="")
    user("other", "李春")

    assert count_waiting(one_of_the_county, ACTOR) == 1, "the nameless one, not 李春"
    User.objects.filter(pk=wanted.pk).update(name="王秋")
    User.objects.exclude(pk=wanted.pk).delete()
    assert count_waiting(one_of_the_county, ACTOR) == 1
    assert len(WORDED) == 3


@pytest.mark.django_db
def test_a_person_has_a_question_of_their_own_and_few_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worklist, "KEPT_QUESTIONS", 2)
    for number in range(5):
        other = Actor(user_id=number, name=f"{number}", role="r", role_label="", scope=NOTHING)
        count_waiting(three_kinds, other)

    assert WORDED == ["0", "1", "2", "3", "4"]
    assert len(worklist._QUESTIONS) <= 2
