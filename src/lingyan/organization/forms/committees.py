"""What do people write about posts, terms, Party organizations and reserve cadres?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.directory.forms.records import PlaceField, one_person
from lingyan.directory.models import PartyOrganization, Person, Place, Unit
from lingyan.directory.rules import EndReason, OfficeMethod, OfficerPost, Source, SourceCategory
from lingyan.directory.rules.organizations import OrganizationDomain, OrganizationKind
from lingyan.organization.forms.rectification import day_field, text_field
from lingyan.organization.rules.terms import TermKind
from lingyan.platform.accounts.actor import Scope

EMPTY = ("", "请选择")


class SourcesForm(forms.Form):
    """One line for each of the four kinds: what is written there is the evidence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in SourceCategory:
            self.fields[kind.value] = forms.CharField(
                label=f"{kind.label}的佐证",
                max_length=100,
                required=False,
                help_text="属于这一类的写明佐证（证书、证明、台账），不属于的空着",
            )

    def sources(self) -> tuple[Source, ...]:
        said = ((kind.value, self.cleaned_data[kind.value].strip()) for kind in SourceCategory)
        return tuple(Source(kind, text) for kind, text in said if text)


class SeatForm(SourcesForm):
    """A post in this village."""

    person = forms.CharField(
        label="人员", max_length=40, help_text="姓名或人员编号；没有登记的先登记人员"
    )
    post = forms.ChoiceField(label="职务", choices=[EMPTY, *OfficerPost.choices()])
    on = day_field("任职日期")
    method = forms.ChoiceField(label="任职方式", choices=[EMPTY, *OfficeMethod.choices()])
    full_time = forms.BooleanField(label="专职", required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope

    def clean_person(self) -> Person:
        return one_person(self._scope, self.cleaned_data["person"])


class LeaveForm(forms.Form):
    on = day_field("离任日期", "从这一天起不再任职")
    reason = forms.ChoiceField(label="离任原因", choices=[EMPTY, *EndReason.choices()])


class TermForm(forms.Form):
    village = PlaceField(Place.objects.none(), label="村（社区）", empty_label="请选择")
    kind = forms.ChoiceField(label="班子", choices=[EMPTY, *TermKind.choices()])
    number = forms.IntegerField(label="第几届", min_value=1, max_value=99)
    since = day_field("起始日期", "选举产生之日")
    until = day_field("结束日期", "只对已经结束的一届填写；填新一届时，上一届自动结束")
    document_number = forms.CharField(label="文号", max_length=60, required=False)

    def __init__(self, *args: Any, villages: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = False
        _offer(self, "village", villages)


class OrganizationForm(forms.Form):
    name = forms.CharField(label="党组织名称", max_length=80)
    kind = forms.ChoiceField(label="类型", choices=[EMPTY, *OrganizationKind.choices()])
    domain = forms.ChoiceField(label="领域", choices=[EMPTY, *OrganizationDomain.choices()])
    place = PlaceField(Place.objects.none(), label="所在地", empty_label="请选择")
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="所在单位", required=False, help_text="单位里的党组织填写"
    )
    parent = forms.ModelChoiceField(
        PartyOrganization.objects.none(), label="上级党组织", required=False
    )
    member_count = forms.IntegerField(label="正式党员数", min_value=0, max_value=9999)

    def __init__(
        self,
        *args: Any,
        places: QuerySet[Place],
        units: QuerySet[Unit],
        parents: QuerySet[PartyOrganization],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("place", places), ("unit", units), ("parent", parents)):
            _offer(self, name, rows)


class OrganizationStepForm(forms.Form):
    """A step; what this act does not ask for is not offered."""

    on = day_field("生效日期")
    document_number = forms.CharField(label="批复文号", max_length=60, required=False)
    merged_into = forms.ModelChoiceField(
        PartyOrganization.objects.none(), label="并入的党组织", required=False
    )
    text = text_field("说明", required=False, most=200)

    def __init__(
        self,
        *args: Any,
        into: QuerySet[PartyOrganization],
        without: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())
        _offer(self, "merged_into", into)
        for name in without:
            del self.fields[name]


class CountForm(forms.Form):
    member_count = forms.IntegerField(label="正式党员数", min_value=0, max_value=9999)


class ReserveForm(SourcesForm):
    village = PlaceField(Place.objects.none(), label="村（社区）", empty_label="请选择")
    person = forms.CharField(
        label="人员", max_length=40, help_text="姓名或人员编号；没有登记的先登记人员"
    )
    found_on = day_field("发现日期")

    def __init__(self, *args: Any, scope: Scope, villages: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        _offer(self, "village", villages)

    def clean_person(self) -> Person:
        return one_person(self._scope, self.cleaned_data["person"])


class ReserveStepForm(forms.Form):
    on = day_field("日期")
    text = forms.CharField(max_length=120)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.initial.setdefault("on", clock.today())


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
