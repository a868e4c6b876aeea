"""What do people type in a round of pairing, from opening it to the decision?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from lingyan.common import clock
from lingyan.directory.models import Place
from lingyan.pairing.matching.pricing import Option
from lingyan.pairing.models import PairRoundUnit, PairRoundVillage
from lingyan.pairing.rules import PairWeights, Resource
from lingyan.pairing.rules import rounds as rules
from lingyan.pairing.rules.rounds import FixKind, Side, Statement

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LEVELS = (("0", "0 没有"), ("1", "1 很少"), ("2", "2 一般"), ("3", "3 较强"), ("4", "4 很强"))
NEEDED = (("0", "0 不需要"), ("1", "1 较轻"), ("2", "2 一般"), ("3", "3 较急"), ("4", "4 急需"))
WORDS = re.compile(r"[、，,；;/\s]+")
WORDS_MAX, WORD_MAX = 10, 20


def words_of(text: str) -> tuple[str, ...]:
    """Words as they are typed, parted by whatever stands between them."""
    return tuple(dict.fromkeys(word for word in WORDS.split(text.strip()) if word))


class RoundForm(forms.Form):
    """A new round; what is set here is frozen with it."""

    name = forms.CharField(
        label="批次名称", max_length=80, help_text="例如：2026 年机关与村结对共建"
    )
    due_on = forms.DateField(
        label="填报截止日期", widget=DATE, required=False, help_text="只作提醒；到期后仍可填报"
    )
    seat = forms.ModelChoiceField(
        label="县直单位所在乡镇",
        queryset=Place.objects.none(),
        required=False,
        empty_label="不填",
        help_text="登记在县里的单位按这个乡镇算远近；个别单位不在这里的，由单位自己填",
    )
    middle = forms.IntegerField(
        label="多少人以上的单位可结对 2 个村", initial=rules.SIZE_STEPS[1][0], min_value=1,
        max_value=100_000,
    )  # fmt: skip
    large = forms.IntegerField(
        label="多少人以上的单位可结对 3 个村", initial=rules.SIZE_STEPS[2][0], min_value=1,
        max_value=100_000, help_text="没有登记人数的单位按 3 个；单位填报时可以改，最多 5 个",
    )  # fmt: skip
    seed = forms.IntegerField(
        label="抽签种子",
        initial=1,
        min_value=1,
        max_value=2_000_000_000,
        help_text="分数完全相同时按公开的抽签排先后；同样的数据和种子总得到同样的方案",
    )

    def __init__(self, data: QueryDict | None, *, towns: QuerySet[Place]) -> None:
        super().__init__(data)
        self.fields["seat"].queryset = towns  # type: ignore[attr-defined]  # a choice of records
        usual = PairWeights()
        for name, label in rules.WEIGHT_LABELS.items():
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=label, initial=getattr(usual, name), min_value=0, max_value=100
            )
        self.fields["renewal"] = forms.IntegerField(
            label="保留现有结对加分", initial=usual.renewal, min_value=0,
            max_value=rules.RENEWAL_MAX,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        weights = [cleaned.get(f"weight_{name}") for name in rules.WEIGHT_LABELS]
        given = [one for one in weights if one is not None]
        if len(given) == len(weights) and sum(given) != 100:
            self.add_error("weight_near", f"四项权重之和应为 100，现为 {sum(given)}")
        middle, large = cleaned.get("middle"), cleaned.get("large")
        if middle and large and middle >= large:
            self.add_error("large", "可结对 3 个村的人数应多于可结对 2 个村的人数")
        return cleaned

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self._advanced]

    @property
    def advanced_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self._advanced]

    @property
    def advanced_bad(self) -> bool:
        return any(field.errors for field in self.advanced_fields)

    @property
    def _advanced(self) -> set[str]:
        weights = {f"weight_{name}" for name in rules.WEIGHT_LABELS}
        return weights | {"renewal", "middle", "large", "seed"}

    def settings(self, *, matrix: Iterable[Sequence[Any]] = ()) -> dict[str, Any]:
        cleaned = self.cleaned_data
        weights = {name: cleaned[f"weight_{name}"] for name in rules.WEIGHT_LABELS}
        return rules.round_settings(
            weights=PairWeights(**weights, renewal=cleaned["renewal"]),
            steps=((0, 1), (cleaned["middle"], 2), (cleaned["large"], 3)),
            matrix=[(sector, industry, points) for sector, industry, points in matrix],
        )


class _StatementForm(forms.Form):
    """Words, five levels, bounds: five minutes at most."""

    words = forms.CharField(required=False, max_length=200)

    def __init__(
        self, data: QueryDict | None, *, side: Side, labels: Mapping[str, str],
        choices: Sequence[tuple[str, str]], initial: Mapping[str, Any],
    ) -> None:  # fmt: skip
        super().__init__(data, initial=dict(initial))
        self.fields["words"].label = labels["words"]
        self.fields["words"].help_text = labels["hint"]
        for one in Resource:
            self.fields[one.value] = forms.ChoiceField(label=one.label, choices=choices)
        most = rules.statement_most(side)
        self.fields["lower"] = forms.IntegerField(
            label=labels["lower"], min_value=0, max_value=most
        )
        self.fields["upper"] = forms.IntegerField(
            label=labels["upper"], min_value=0, max_value=most
        )
        self.fields["remark"] = forms.CharField(
            label="说明", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
        )

    def clean_words(self) -> tuple[str, ...]:
        words = words_of(self.cleaned_data["words"])
        if len(words) > WORDS_MAX or any(len(word) > WORD_MAX for word in words):
            raise forms.ValidationError(f"最多写 {WORDS_MAX} 个，每个不超过 {WORD_MAX} 个字")
        return words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        lower, upper = cleaned.get("lower"), cleaned.get("upper")
        if lower is not None and upper is not None and lower > upper:
            self.add_error("lower", f"最少 {lower} 大于最多 {upper}，请改小最少数或改大最多数")
        return cleaned

    def statement(self) -> Statement:
        cleaned = self.cleaned_data
        levels = {one.value: int(cleaned[one.value]) for one in Resource}
        return Statement(cleaned["words"], levels, cleaned["lower"], cleaned["upper"])

    @property
    def level_fields(self) -> list[forms.BoundField]:
        return [self[one.value] for one in Resource]

    @property
    def bound_fields(self) -> list[forms.BoundField]:
        return [self["lower"], self["upper"]]


class UnitStatementForm(_StatementForm):
    def __init__(
        self, data: QueryDict | None, *, joined: PairRoundUnit, towns: QuerySet[Place]
    ) -> None:
        super().__init__(
            data,
            side=Side.UNIT,
            labels={
                "words": "行业",
                "hint": "单位的行业或业务，多个用顿号分开，如：农业、水利",
                "lower": "最少结对几个村",
                "upper": "最多结对几个村",
            },
            choices=LEVELS,
            initial=_initial(joined.sectors, joined.resources, joined),
        )
        self.fields["town"] = forms.ModelChoiceField(
            label="所在乡镇", queryset=towns, required=False, empty_label="按登记的所在地",
            initial=joined.town_id, help_text="办公地点所在的乡镇，用来算与村的远近",
        )  # fmt: skip


class VillageStatementForm(_StatementForm):
    def __init__(self, data: QueryDict | None, *, joined: PairRoundVillage) -> None:
        super().__init__(
            data,
            side=Side.VILLAGE,
            labels={
                "words": "主导产业",
                "hint": "主导产业或最需要的行业，多个用顿号分开，如：茶叶、养殖",
                "lower": "最少需要几个单位",
                "upper": "最多接受几个单位",
            },
            choices=NEEDED,
            initial=_initial(joined.industries, joined.needs, joined),
        )


def _initial(
    words: Iterable[str], levels: Mapping[str, int], joined: PairRoundUnit | PairRoundVillage
) -> dict[str, Any]:
    return {
        "words": "、".join(words),
        **{one.value: str(levels.get(one.value, 0)) for one in Resource},
        "lower": joined.lower,
        "upper": joined.upper,
        "remark": joined.remark,
    }


class FixForm(forms.Form):
    """指定 or 排除 one pair of the round."""

    kind = forms.ChoiceField(label="方式", choices=FixKind.choices(), initial=FixKind.PIN)
    reason = forms.CharField(
        label="理由", max_length=rules.REASON_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: QueryDict | None, *, units: Iterable[PairRoundUnit],
        villages: Iterable[PairRoundVillage],
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.fields["unit"] = forms.ChoiceField(
            label="单位",
            choices=[("", "请选择"), *((str(one.unit_id), str(one.unit)) for one in units)],
        )
        self.fields["village"] = forms.ChoiceField(
            label="村",
            choices=[
                ("", "请选择"),
                *(
                    (str(one.village_id), f"{one.village.parent or ''}{one.village}")
                    for one in villages
                ),
            ],
        )
        self.order_fields(["kind", "unit", "village", "reason"])


class NothingForm(forms.Form):
    """A step that needs nothing but the press."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="会留在办理记录里",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label="决定意见",
        max_length=1000,
        help_text="写明对方案的决定；系统方案只是建议，由会议或负责同志决定",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decided_on = forms.DateField(label="决定日期", widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("decided_on", clock.today())


class ChangeForm(forms.Form):
    """The reason and the outcome picked among those shown."""

    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="写明为什么不照系统方案，会记入调整记录",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None, *, options: Sequence[Option]) -> None:
        super().__init__(data)
        self.fields["outcome"] = forms.ChoiceField(
            choices=[(option.fingerprint, option.key) for option in options],
            error_messages={
                "required": "请选择一种结果",
                "invalid_choice": "方案已有变化，请按现在显示的代价重新选择",
            },
        )

    @property
    def picked(self) -> str:
        return self["outcome"].value() or ""


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="写明为什么撤回这次调整",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
