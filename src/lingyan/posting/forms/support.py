"""What do people type about standards, insurance, funds, payments, help and honours?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
from lingyan.platform.ui.fields import MoneyField
from lingyan.posting.forms.life import TodayForm, day_field, next_day, text_field
from lingyan.posting.rules.support import PAID_MONTHLY
from lingyan.posting.rules.support_words import (
    RECORDED,
    CareerKind,
    HelpKind,
    HelpOwner,
    HonorKind,
    HonorLevel,
)


def line_field(
    label: str, help_text: str = "", *, most: int = 60, required: bool = True
) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=most, required=required)


class PolicyForm(forms.Form):
    policy_number = line_field("保单号")
    insured_since = day_field("生效日")
    insured_last_day = day_field("最后一天", "应接上前一份，中间不断档")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, last = cleaned.get("insured_since"), cleaned.get("insured_last_day")
        if since and last and last < since:
            self.add_error("insured_last_day", "最后一天不能早于生效日")
        return cleaned

    @property
    def until(self) -> date:
        return next_day(self.cleaned_data["insured_last_day"])


class ReasonForm(forms.Form):
    reason = line_field("原因", "会留在记录里", most=150)


class WaiveForm(forms.Form):
    reason = line_field("原因", "会列入县里当月的关口放行月报", most=150)
    document_number = line_field("批准文件", "文号，或会议纪要的名称和日期", most=60)


class RecordForm(TodayForm):
    item = forms.ChoiceField(
        label="项目", choices=[(one.value, one.label) for one in RECORDED],
        widget=forms.RadioSelect,
    )  # fmt: skip
    on = day_field("日期")
    by_whom = line_field("体检的医院，或慰问的单位和人", most=80)
    text = line_field("说明", "体检不写结果", most=200, required=False)


class BudgetForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2015, max_value=2100)
    amount = MoneyField(label="预算金额")


class SpendForm(TodayForm):
    happened_on = day_field("日期")
    amount = MoneyField(label="金额")
    text = line_field("用途", most=200)
    receipt_number = line_field("票据号", "发票或收据的号码")
    handled_by = line_field("经办人", "不能是登记台账的人", most=40)


def months_back(count: int = 12) -> list[tuple[str, str]]:
    """The months that have ended, the latest first."""
    first, found = clock.today().replace(day=1), []
    for _ in range(count):
        first = (first - ONE_DAY).replace(day=1)
        found.append((f"{first:%Y-%m}", f"{first.year} 年 {first.month} 月"))
    return found


class MakeListForm(forms.Form):
    item = forms.ChoiceField(label="项目", choices=[(one.value, one.label) for one in PAID_MONTHLY])
    month = forms.ChoiceField(label="月份")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = months_back()

    @property
    def month_on(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


class CorrectionForm(forms.Form):
    right_amount = MoneyField(label="应发金额", help_text="元；一分不应发的写 0")
    reason = line_field("原因", "会写在更正的那一行里", most=150)


class PayForm(TodayForm):
    paid_on = day_field("支付日期")
    voucher_number = line_field("支付凭证号")


class HelpForm(forms.Form):
    kind = forms.ChoiceField(label="哪方面的困难", choices=HelpKind.choices())
    text = text_field("有什么困难", "只有承办的一方和县委组织部看得到", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = 500  # type: ignore[attr-defined]  # a text field


class AcceptForm(forms.Form):
    due_on = day_field("办理期限")


class HelpTextForm(forms.Form):
    text = text_field("情况", "写给提出困难的同志看", rows=4)


class PassOnForm(forms.Form):
    owner = forms.ChoiceField(label="转给谁", choices=HelpOwner.choices())
    text = text_field("理由", rows=3)

    def __init__(self, *args: Any, but: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, label) for code, label in HelpOwner.choices() if code != but]


class HonorForm(forms.Form):
    level = forms.ChoiceField(label="级别", choices=HonorLevel.choices())
    kind = forms.ChoiceField(label="类别", choices=HonorKind.choices())
    title = line_field("称号", "例如：最美第一书记", most=80)
    text = text_field("主要事迹", required=False, rows=4)


class CareerForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=CareerKind.choices())
    position = line_field("拟任职务、职级", most=80)
    text = text_field("说明", required=False)


class SettleForm(TodayForm):
    outcome = forms.ChoiceField(
        label="结果", choices=[("grant", "通过"), ("refuse", "不通过")], widget=forms.RadioSelect
    )
    decided_on = day_field("决定日期")
    document_number = line_field("文号", "通过的须填写", required=False)
    answer = line_field("意见", "不通过的须写明", most=200, required=False)

    @property
    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return {"grants": said.pop("outcome") == "grant", **said}
