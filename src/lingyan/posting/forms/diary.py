"""How does an entry come in from a page or from a phone, a problem, a report's remark?"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from lingyan.platform.photos.forms import PhotosField
from lingyan.posting.models import DiaryEntry, NeedItem
from lingyan.posting.rules import diary as rules
from lingyan.posting.rules import problems as problem_rules
from lingyan.posting.rules.burden import LONGEST, SHORTEST
from lingyan.posting.rules.diary_sync import Sent
from lingyan.posting.rules.diary_words import Duty, ProblemOwner
from lingyan.posting.rules.reports import REMARK_MAX

PHONE_FIELDS = tuple(name for name in rules.FIELDS if name != "withdrawn")
SENT_MAX = 50


def day_input(**attributes: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})


class EntryForm(forms.Form):
    """One entry; the hidden fields make a second sending of the same page harmless."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    entry = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label="做了什么",
        max_length=rules.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写做了什么，一句话就够"},
    )
    duty = forms.ChoiceField(
        label="职责任务", choices=Duty.choices(), widget=forms.RadioSelect,
        error_messages={"required": "请选一项职责任务"},
    )  # fmt: skip
    happened_on = forms.DateField(
        label="日期", widget=day_input(),
        error_messages={"invalid": "日期不对，请写成 2026-03-05 这样的日期"},
    )  # fmt: skip
    with_whom = forms.CharField(label="和谁一起", required=False, max_length=rules.WITH_MAX)
    households = forms.IntegerField(
        label="走访户数", required=False, min_value=0, max_value=rules.HOUSEHOLDS_MAX,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    need = forms.ChoiceField(label="对应的需求", required=False)
    photos = PhotosField(label="照片", required=False)

    def __init__(self, *args: Any, needs: Iterable[NeedItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "不对应具体需求"), *((str(one.pk), str(one)) for one in needs)]
        self.fields["need"].choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def sent(self) -> Sent:
        said = self.cleaned_data
        base = _base_of(said["base"])
        return Sent(str(said["number"]), str(said["entry"]), values_of(said), base)


def fresh_form(needs: Iterable[NeedItem], today: date) -> EntryForm:
    number = uuid.uuid4()
    initial = {"number": number, "entry": number, "happened_on": today}
    return EntryForm(needs=needs, initial=initial)


def edit_form(entry: DiaryEntry, needs: Iterable[NeedItem]) -> EntryForm:
    values = phone_values(entry)
    initial = {
        **values,
        "number": uuid.uuid4(),
        "entry": entry.pk,
        "base": json.dumps(values, ensure_ascii=False),
    }
    return EntryForm(needs=needs, initial=initial)


def phone_values(entry: DiaryEntry) -> dict[str, Any]:
    """What a phone keeps of an entry: the base of its next correction."""
    return {name: entry.values[name] for name in PHONE_FIELDS}


def values_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one entry in one form, wherever they come from."""
    households = said.get("households")
    day = rules.day_of(said)  # 20260305 means the same day, and must not look like a change
    return {
        "happened_on": day.isoformat() if day else str(said.get("happened_on") or ""),
        "duty": str(said.get("duty") or ""),
        "text": str(said.get("text") or "").replace("\r\n", "\n").strip(),
        "with_whom": str(said.get("with_whom") or "").strip(),
        "need": str(said.get("need") or ""),
        "households": int(households) if isinstance(households, int) else 0,
    }


def _base_of(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    return values_of(found) if isinstance(found, dict) else None


class BadSending(ValueError):  # noqa: N818 - it names the thing
    """What came is not what our own page sends."""


def parse_sending(body: bytes) -> tuple[str, list[Sent]]:
    """Whose backlog it is, and its entries in order; raises `BadSending`."""
    try:
        told = json.loads(body)
        owner, sent = str(told["owner"]), told["sent"]
        assert isinstance(sent, list)
        assert len(sent) <= SENT_MAX
        return owner, [_sent(one) for one in sent]
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadSending from error


def _sent(one: Mapping[str, Any]) -> Sent:
    base = one.get("base")
    if "\x00" in json.dumps(one, ensure_ascii=False) or "\\u0000" in json.dumps(one):
        raise BadSending
    return Sent(
        str(uuid.UUID(str(one["number"]))),
        str(uuid.UUID(str(one["entry"]))),
        values_of(one["values"]),
        values_of(base) if isinstance(base, dict) else None,
        _seconds(one.get("seconds")),
    )


def _seconds(told: object) -> int | None:
    """Half an hour at most, as everywhere; a phone that says nothing sensible is not counted."""
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        return None
    return max(SHORTEST, min(told, LONGEST))


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="为什么撤回", max_length=rules.REASON_MAX,
        error_messages={"required": "请写明撤回的理由"},
    )  # fmt: skip


class ProblemForm(forms.Form):
    """What is wrong, who works on it, until when."""

    text = forms.CharField(
        label="什么问题", max_length=problem_rules.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    found_on = forms.DateField(label="发现日期", widget=day_input())
    owner = forms.ChoiceField(
        label="由谁承办", choices=ProblemOwner.choices(), widget=forms.RadioSelect
    )
    due_on = forms.DateField(label="办结期限", widget=day_input())


class ProblemTextForm(forms.Form):
    text = forms.CharField(
        label="办理情况", max_length=problem_rules.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ProblemAgainForm(ProblemTextForm):
    """A reason, and who goes on with it until when."""

    text = forms.CharField(
        label="理由", max_length=problem_rules.TEXT_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ChoiceField(
        label="由谁承办", choices=ProblemOwner.choices(), widget=forms.RadioSelect
    )
    due_on = forms.DateField(label="办结期限", widget=day_input())


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label="本人说明（可不写）", required=False, max_length=REMARK_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
