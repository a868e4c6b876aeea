"""What do people type about sums, problems and demonstration sites of pairs?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from lingyan.common import clock
from lingyan.pairing.forms.pairings import day_field, text_field
from lingyan.pairing.models import FundClaim
from lingyan.pairing.rules.ledger_words import FundSource, FundStage, ProblemChannel, ProblemKind
from lingyan.platform.ui.fields import MoneyField

Choices = Sequence[tuple[str, str]]


class TodayForm(forms.Form):
    """A form whose day is mostly today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField) and field.required:
                self.initial.setdefault(name, clock.today())


def pairs_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="哪对结对",
        help_text="几对共同的都选上，只算一次",
        widget=forms.CheckboxSelectMultiple,
    )


class OfPairsForm(TodayForm):
    """Something of one or several pairs of a village; a single pair is chosen already."""

    pairings = pairs_field()
    is_another = forms.BooleanField(label="是另一笔，仍要登记", required=False)

    def __init__(self, *args: Any, pairs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pairings"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(pairs)
        if len(pairs) == 1:
            self.initial.setdefault("pairings", [pairs[0][0]])

    def asks_whether_another(self) -> bool:
        """Whether the last try found something that looks the same."""
        codes = {one.code for one in self.errors.as_data().get("is_another", ())}
        return any(code and code.endswith(".twin") for code in codes)

    def visible_fields(self) -> list[forms.BoundField]:
        """The box "it is another one" stands there only when the question came up."""
        shown = self.asks_whether_another() or self["is_another"].data
        return [one for one in super().visible_fields() if one.name != "is_another" or shown]


class FundForm(OfPairsForm):
    source = forms.ChoiceField(label="资金来源", choices=FundSource.choices())
    project = forms.CharField(label="用在哪个项目", max_length=120, help_text="例如：村道硬化")
    village = forms.TypedChoiceField(
        label="用在哪个村", required=False, coerce=UUID, empty_value=None,
        help_text="选了几个村的结对时要选：资金只记在这一个村",
    )  # fmt: skip
    shared_project = forms.ChoiceField(label="对应的共建项目", required=False)
    stage = forms.ChoiceField(
        label="这一笔是", choices=FundStage.choices(), initial=FundStage.ARRIVED.value,
        widget=forms.RadioSelect,
    )  # fmt: skip
    amount = MoneyField(label="金额")
    happened_on = day_field("日期")
    evidence = forms.CharField(
        label="依据", max_length=120, help_text="协议、文件或凭证的编号，没有的写明是什么材料"
    )

    def __init__(
        self, *args: Any, projects: Choices = (), villages: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        where = self.fields["village"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = [("", "就是结对的村"), *villages]
        if len(villages) < 2:
            del self.fields["village"]
        field = self.fields["shared_project"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "没有对应的"), *projects]
        if not projects:
            del self.fields["shared_project"]


class EntryForm(TodayForm):
    stage = forms.ChoiceField(
        label="这一笔是", choices=FundStage.choices(), widget=forms.RadioSelect
    )
    amount = MoneyField(label="金额")
    happened_on = day_field("日期")
    evidence = forms.CharField(label="依据", max_length=120, help_text="协议、文件或凭证的编号")
    text = forms.CharField(label="说明", max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=150, help_text="会留在记录里")


class ClaimForm(forms.Form):
    pairing = forms.ChoiceField(label="由谁认领", widget=forms.RadioSelect)

    def __init__(self, *args: Any, claimants: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pairing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(claimants)
        if len(claimants) == 1:
            self.initial.setdefault("pairing", claimants[0][0])


class SplitForm(forms.Form):
    """One sum for each who has a part; all left empty means equal parts."""

    def __init__(
        self, *args: Any, parts: Sequence[tuple[FundClaim, Decimal]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for claim, part in parts:
            self.fields[str(claim.pk)] = MoneyField(
                label=str(claim), required=False, initial=f"{part:.2f}"
            )

    @property
    def parts(self) -> dict[UUID, Decimal] | None:
        given = {UUID(key): amount for key, amount in self.cleaned_data.items() if amount}
        return given or None


class ProblemForm(OfPairsForm):
    kind = forms.ChoiceField(label="哪方面的问题", choices=ProblemKind.choices())
    text = text_field("是什么问题", most=500)
    channel = forms.ChoiceField(
        label="从哪里听到的", choices=ProblemChannel.choices(), widget=forms.RadioSelect,
        initial=ProblemChannel.VISIT.value,
    )  # fmt: skip
    raised_by = forms.CharField(label="提出的群众", max_length=40, required=False)
    raised_on = day_field("提出日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_another"].label = "是另一件，仍要登记"


class AcceptForm(forms.Form):
    due_on = day_field("办理期限")


class StepTextForm(forms.Form):
    text = text_field("情况", most=500)


class ConfirmForm(TodayForm):
    beneficiaries = forms.CharField(
        label="确认的受益群众", max_length=200, help_text="至少一名，几名之间空一格；本人确认过才写"
    )
    confirmed_on = day_field("确认日期")


class JoinForm(forms.Form):
    source = forms.ChoiceField(label="哪一条是同一件事", widget=forms.RadioSelect)

    def __init__(self, *args: Any, found: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(found)


class SiteForm(TodayForm):
    name = forms.CharField(label="示范点名称", max_length=80)
    zone = forms.CharField(label="重点区域", max_length=80, required=False)
    pairings = forms.MultipleChoiceField(
        label="结对", widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="只列最近一次年度考评不低于 90 分的；按住 Ctrl 可选几对",
    )  # fmt: skip
    named_on = day_field("命名日期")
    document_number = forms.CharField(label="文号", max_length=60)

    def __init__(self, *args: Any, pairs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pairings"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(pairs)


class RevokeForm(TodayForm):
    reason = forms.CharField(label="取消的原因", max_length=150)
    revoked_on = day_field("取消日期")
