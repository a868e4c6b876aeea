"""What is typed of an activity, mostly on a phone and in under a minute?"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.directory.models import Person, Place
from lingyan.pairing.actions.activities import Said
from lingyan.pairing.forms.pairings import day_field
from lingyan.pairing.models import PairActivity, Pairing
from lingyan.pairing.rules import activities as rules
from lingyan.pairing.rules.activity_words import (
    ActivityKind,
    ActivityMode,
    ActivityState,
    Attendance,
    CheckOutcome,
)
from lingyan.pairing.rules.words import Goal
from lingyan.platform.photos.forms import PhotosField

BETWEEN = re.compile(r"[\s,，、;；。]+")


def _heads(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=rules.HEADS_MAX, help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def keys_of(person: Person) -> str:
    """By what a page finds somebody while typing."""
    return f"{person.name} {person.pinyin} {person.initials}"


class ActivityForm(forms.Form):
    """One activity, planned or held; `number` makes a second sending of the same page harmless."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    state = forms.ChoiceField(
        label="这场活动", widget=forms.RadioSelect, initial=ActivityState.HELD,
        choices=((ActivityState.HELD, "已经开展"), (ActivityState.PLANNED, "列入计划")),
    )  # fmt: skip
    pairings = forms.MultipleChoiceField(
        label="哪一对结对", widget=forms.CheckboxSelectMultiple,
        help_text="一场活动服务几对，就勾几对，只记这一次",
        error_messages={"required": "请选这次活动服务哪一对结对"},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="类别", choices=ActivityKind.choices(), widget=forms.RadioSelect,
        error_messages={"required": "请选活动类别"},
    )  # fmt: skip
    has_oath = forms.BooleanField(
        label="重温了入党誓词", required=False,
        help_text="主题党日“重温入党誓词 服务乡村振兴”要勾上",
    )  # fmt: skip
    day = day_field("日期")
    mode = forms.ChoiceField(
        label="方式", choices=ActivityMode.choices(), widget=forms.RadioSelect,
        initial=ActivityMode.OFFLINE,
    )  # fmt: skip
    place = forms.ChoiceField(label="在哪里", required=False, help_text="线上的活动不用选")
    hours = forms.DecimalField(
        label="用了几小时", required=False, max_digits=5, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
    )  # fmt: skip
    people = forms.MultipleChoiceField(
        label="单位参加的人", required=False, widget=forms.CheckboxSelectMultiple
    )
    online = forms.MultipleChoiceField(required=False)
    names = forms.CharField(
        label="找人", required=False, max_length=400,
        help_text="写姓名或拼音首字母，几个人用空格隔开；也可以在下面勾",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )  # fmt: skip
    villagers = _heads("村里来了多少人", "党员和群众合计，一个数")
    summary = forms.CharField(
        label="做了什么", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        max_length=rules.TEXT_MAX, help_text="一句话就够",
    )  # fmt: skip
    photos = PhotosField(label="照片", required=False, help_text="可以不传，不计入考评")
    venue = forms.CharField(label="具体地点", required=False, max_length=rules.VENUE_MAX)
    beneficiaries = _heads("受益人数", "不清楚可以不填")
    goals = forms.MultipleChoiceField(
        label="对应的共建目标", required=False, choices=Goal.choices(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    is_another = forms.BooleanField(
        label="这是另一场", required=False, help_text="同一天同一对结对确实办了两场同类活动时才勾"
    )
    reason = forms.CharField(
        label="为什么更正", required=False, max_length=rules.REASON_MAX,
        help_text="原来的内容会留着",
    )  # fmt: skip

    FURTHER = ("venue", "beneficiaries", "goals")

    def __init__(
        self,
        *args: Any,
        pairs: Sequence[Pairing],
        people: Sequence[Person],
        places: Iterable[Place],
        activity: PairActivity | None = None,
        holds: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.activity, self.all_people = activity, list(people)
        self._choose("pairings", [(str(one.pk), one) for one in pairs])
        self._choose("people", [(str(one.pk), one.name) for one in people])
        self._choose("online", [(str(one.pk), one.name) for one in people])
        self._choose("place", [("", "请选择"), *((str(one.pk), str(one)) for one in places)])
        if activity is not None:
            del self.fields["state"]
        shown = {one.pk for one in pairs}
        if activity is not None and any(one.pk not in shown for one in activity.pairings.all()):
            self.fields["pairings"].required = False  # others stay when the own pair leaves
        self.asks_reason = activity is not None and activity.state == ActivityState.HELD
        self.becomes = self._becomes(activity, holds)
        if not self.asks_reason:
            del self.fields["reason"]
        if activity is not None and not holds:
            del self.fields["photos"]
        for name in ("people", "pairings"):
            self.initial[name] = [str(one) for one in self.initial.get(name) or ()]

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @staticmethod
    def _becomes(activity: PairActivity | None, holds: bool) -> str:
        if activity is None or holds:
            return ActivityState.HELD
        return activity.state

    @property
    def ticked(self) -> set[str]:
        return set(map(str, self["people"].value() or ()))

    @property
    def ticked_online(self) -> set[str]:
        return set(map(str, self["online"].value() or ()))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Everybody who may be ticked, with the marks that were set."""
        ticked, online = self.ticked, self.ticked_online
        return [
            {
                "person": one,
                "keys": keys_of(one),
                "is_on": str(one.pk) in ticked,
                "is_online": str(one.pk) in online,
            }
            for one in self.all_people
        ]

    @property
    def opens_further(self) -> bool:
        return any(self[name].value() or self[name].errors for name in self.FURTHER)

    def clean_names(self) -> list[str]:
        """Those who were typed: each word means exactly one."""
        found, wrong = [], []
        for word in filter(None, BETWEEN.split(self.cleaned_data["names"])):
            meant = _meant(word, self.all_people)
            if len(meant) == 1:
                found.append(str(meant[0].pk))
            elif meant:
                names = "、".join(f"{one.name}（{one.job_title or one.number}）" for one in meant)
                wrong.append(f"“{word}”可能是{names}，请在下面勾")
            else:
                wrong.append(f"结对单位里没有找到“{word}”，请核对姓名")
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean_hours(self) -> int | None:
        hours: Decimal | None = self.cleaned_data["hours"]
        if hours is None:
            return None
        minutes = int(hours * 60)
        if not 0 < minutes <= rules.DAY_MINUTES:
            raise forms.ValidationError("时长应在 0 到 24 小时之间，例如 2 或 1.5")
        return minutes

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        mode = given["mode"]
        people = dict.fromkeys([*given["people"], *given["names"]])
        return Said(
            kind=given["kind"],
            mode=mode,
            day=given["day"],
            pairings=[uuid.UUID(one) for one in given["pairings"]],
            place=uuid.UUID(given["place"])
            if given["place"] and mode != ActivityMode.ONLINE
            else None,
            venue=given["venue"].strip(),
            minutes=given["hours"],
            has_oath=given["has_oath"],
            goals=given["goals"],
            villagers=given["villagers"] or 0,
            beneficiaries=given["beneficiaries"] or 0,
            summary=given["summary"].replace("\r\n", "\n").strip(),
            people={
                uuid.UUID(one): _attendance(mode, is_online=one in given["online"])
                for one in people
            },
            is_another=given["is_another"],
        )


def _attendance(mode: str, *, is_online: bool) -> str:
    online = mode == ActivityMode.ONLINE or (mode == ActivityMode.MIXED and is_online)
    return (Attendance.ONLINE if online else Attendance.SPOT).value


def _meant(word: str, people: Iterable[Person]) -> list[Person]:
    """A full name, a number, or all initials."""
    people = list(people)
    by_name = [one for one in people if word in (one.name, one.number)]
    return by_name or [one for one in people if one.initials == word.lower()]


def fresh_initial(pairs: Sequence[Pairing], asked: str) -> dict[str, Any]:
    """A pair that the address names, or the only one, is ticked already."""
    keys = [str(one.pk) for one in pairs]
    chosen = [asked] if asked in keys else keys[:1] if len(keys) == 1 else []
    villages = {one.village_id for one in pairs if str(one.pk) in chosen}
    return {
        "number": uuid.uuid4(),
        "day": clock.today(),
        "pairings": chosen,
        "place": str(next(iter(villages))) if villages else "",
    }


def initial_of(activity: PairActivity, *, holds: bool = False) -> dict[str, Any]:
    people = list(activity.participants.all())
    return {
        "number": activity.pk,
        "version": activity.version,
        "pairings": [one.pk for one in activity.pairings.all()],
        "kind": activity.kind,
        "has_oath": activity.has_oath,
        "day": min(activity.day, clock.today()) if holds else activity.day,
        "mode": activity.mode,
        "place": str(activity.place_id or ""),
        "hours": activity.hours,
        "people": [one.person_id for one in people],
        "online": [str(one.person_id) for one in people if one.attendance == Attendance.ONLINE],
        "villagers": activity.villagers or None,
        "summary": activity.summary,
        "venue": activity.venue,
        "beneficiaries": activity.beneficiaries or None,
        "goals": activity.goals,
    }


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="为什么取消", max_length=rules.REASON_MAX,
        error_messages={"required": "请写明理由"},
    )  # fmt: skip


class CheckForm(forms.Form):
    outcome = forms.ChoiceField(
        label="查的结果", choices=CheckOutcome.choices(), widget=forms.RadioSelect,
        error_messages={"required": "请选查的结果"},
    )  # fmt: skip
    text = forms.CharField(
        label="情况", required=False, max_length=rules.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="退回修改的要写明哪里不对",
    )  # fmt: skip
