"""What is typed about a person of the pool: declaration, evidence, removal?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from lingyan.common.pages import Flaw
from lingyan.directory.imports.naming import Names
from lingyan.directory.models import Person, Place
from lingyan.posting import rules
from lingyan.posting.actions.pool import Declaration, EvidenceRow
from lingyan.posting.models import PoolEntry

if TYPE_CHECKING:
    PersonChoice = forms.ModelChoiceField[Person]
else:
    PersonChoice = forms.ModelChoiceField

NOT_DECLARED = ("", "未申报")
SEPARATORS = str.maketrans("，,；; /", "、、、、、、")
COMMAS = str.maketrans("，,；;", "、、、、")
RESULTS = ("result_1", "result_2", "result_3")


def date_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class VillagesField(forms.CharField):
    """Villages by name, looked up among those that the reader may name."""

    names: Names

    def clean(self, value: Any) -> list[Place]:
        text = super().clean(value)
        found, flaws = [], []
        for name in filter(None, text.translate(SEPARATORS).split("、")):
            one = self.names.villages.one(name)
            if isinstance(one, Flaw):
                flaws.append(f"{name}：{one.reason}，{one.mend}")
            else:
                found.append(one)
        if flaws:
            raise forms.ValidationError(flaws)
        return found


VILLAGES = ("refused_villages", "business_villages", "recall_village")


GROUPS = (
    ("基本申报", ("person", "category", "source", "wanted_kinds", "grassroots_years", *RESULTS,
                  "languages")),
    ("资格条件", ("full_member_since", "retires_on", "health", "discipline", "sanction_until")),
    ("以前的派驻和召回", ("posted_elsewhere", "last_posting_until", "recalled_on",
                          "recall_village", "recall_ground")),
    ("回避和困难", ("relatives_named", "business_villages", "refused_villages", "refusal_reason",
                    "distance_minutes_max", "hardship", "remark")),
)  # fmt: skip


class DeclarationForm(forms.Form):
    """What the unit declares; whatever is left empty counts as 未申报."""

    category = forms.ChoiceField(
        label="入库类别", choices=[("", "请选择"), *rules.PoolCategory.choices()]
    )
    health = forms.ChoiceField(
        label="健康状况", choices=[NOT_DECLARED, *rules.HealthState.choices()], required=False,
        help_text="只写能否驻村，不写病情；只有组织部和本单位能看到",
    )  # fmt: skip
    discipline = forms.ChoiceField(
        label="纪律情况", choices=[NOT_DECLARED, *rules.DisciplineState.choices()],
        required=False, help_text="只有组织部和本单位能看到",
    )  # fmt: skip
    sanction_until = date_field(
        "处分影响期至", help_text="影响期的最后一天；只有组织部和本单位能看到"
    )
    full_member_since = date_field("转正日期", help_text="党龄由此算起；不填按入党日期满一年推算")
    retires_on = date_field("预计退休日期", help_text="不填按出生日期和性别推算")
    source = forms.ChoiceField(
        label="人选来源",
        choices=[("", "按单位类别"), *rules.CandidateSource.choices()],
        required=False,
    )
    grassroots_years = forms.IntegerField(
        label="基层工作年数", min_value=0, max_value=50, initial=0, help_text="满几年填几"
    )
    result_1 = forms.ChoiceField(
        label="去年考核", choices=[NOT_DECLARED, *rules.YearlyResult.choices()], required=False
    )
    result_2 = forms.ChoiceField(
        label="前年考核", choices=[NOT_DECLARED, *rules.YearlyResult.choices()], required=False
    )
    result_3 = forms.ChoiceField(
        label="大前年考核", choices=[NOT_DECLARED, *rules.YearlyResult.choices()], required=False
    )
    languages = forms.CharField(
        label="掌握的民族语言", required=False, max_length=60, help_text="多种用顿号分开；没有不填"
    )
    distance_minutes_max = forms.IntegerField(
        label="单程最多分钟", required=False, min_value=10, max_value=600,
        help_text="家庭有困难、不能太远的填写",
    )  # fmt: skip
    hardship = forms.CharField(
        label="困难说明", required=False, max_length=200, help_text="不写病情和家人姓名"
    )
    wanted_kinds = forms.MultipleChoiceField(
        label="可任岗位", choices=rules.Role.choices(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="不选为均可",
    )  # fmt: skip
    posted_elsewhere = forms.BooleanField(
        label="另有派驻", required=False, help_text="现有派驻不在本系统里的勾选；勾选后不参加选派"
    )
    last_posting_until = date_field("上次派驻结束", help_text="系统里没有的派驻填写")
    recalled_on = date_field("召回日期", help_text="曾被召回的填写")
    recall_village = VillagesField(
        label="召回村", required=False, max_length=60, help_text="村名，或 村名（乡镇）"
    )
    recall_ground = forms.ChoiceField(
        label="召回情形", choices=[NOT_DECLARED, *rules.RecallGround.choices()], required=False,
        help_text="只有组织部和本单位能看到",
    )  # fmt: skip
    relatives_named = forms.CharField(
        label="在村任职的近亲属", required=False, max_length=200,
        help_text="还没有登记近亲属关系的写姓名和关系，如 王甲一（父亲）；多人用顿号分开",
    )  # fmt: skip
    refused_villages = VillagesField(
        label="不愿去的村", required=False, max_length=200, help_text="多个村用顿号分开，须写明理由"
    )
    refusal_reason = forms.CharField(label="不愿去的理由", required=False, max_length=200)
    business_villages = VillagesField(
        label="有经济往来的村", required=False, max_length=200,
        help_text="本人或亲属有未了结合同、债权或项目的村",
    )  # fmt: skip
    remark = forms.CharField(label="备注", required=False, max_length=200)

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in VILLAGES:
            field = self.fields[name]
            assert isinstance(field, VillagesField)
            field.names = names

    def clean_recall_village(self) -> Place | None:
        villages: list[Place] = self.cleaned_data["recall_village"]
        if len(villages) > 1:
            raise forms.ValidationError("请只写一个村")
        return villages[0] if villages else None

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under the questions that they answer."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in GROUPS
        ]

    @staticmethod
    def initial_of(entry: PoolEntry, names: Names) -> dict[str, Any]:
        plain = set(DeclarationForm.base_fields) - {*RESULTS, *VILLAGES, "languages"}
        initial = {name: getattr(entry, name) for name in plain}
        villages = {str(one.pk): one for one in names.places}
        for name in ("refused_villages", "business_villages"):
            initial[name] = _written(villages.get(one) for one in getattr(entry, name))
        initial["recall_village"] = _written([entry.recall_village])
        initial["relatives_named"] = "、".join(entry.relatives_named)
        initial["languages"] = "、".join(entry.languages)
        initial.update(zip(RESULTS, entry.yearly_results, strict=False))
        return initial

    def declaration(self) -> Declaration:
        given = dict(self.cleaned_data)
        results = [given.pop(name) for name in RESULTS]
        given["yearly_results"] = tuple(result for result in results if result)
        parts = given["languages"].translate(SEPARATORS).split("、")
        given["languages"] = tuple(part for part in parts if part)
        given["wanted_kinds"] = tuple(given["wanted_kinds"])
        named = given["relatives_named"].translate(COMMAS).split("、")
        given["relatives_named"] = tuple(one.strip() for one in named if one.strip())
        for name in ("refused_villages", "business_villages"):
            given[name] = tuple(str(village.pk) for village in given[name])
        given.pop("person", None)
        return Declaration(**given)


def _written(villages: Iterable[Place | None]) -> str:
    """Names that read back as the same villages."""
    return "、".join(f"{one}（{one.parent}）" for one in villages if one)


class PersonField(PersonChoice):
    def label_from_instance(self, obj: Any) -> str:
        """Name, unit and number tell people of one name apart; nothing private does."""
        return f"{obj.name}（{obj.unit or '无单位'}，{obj.number}）"


class RecommendForm(DeclarationForm):
    """Whom the unit recommends, with the declaration."""

    person = PersonField(
        Person.objects.none(),
        label="人员",
        empty_label="请选择本单位人员",
        help_text="名单里没有的，请先在“人员”中登记",
    )
    field_order = ("person",)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class EvidenceForm(forms.Form):
    capability = forms.ChoiceField(label="能力", choices=rules.Capability.choices())
    text = forms.CharField(
        label="佐证",
        max_length=200,
        help_text="什么岗位、项目或资格，如“县委组织部组织科科员”；不写病情、家事",
    )
    since = date_field("起", help_text="按任职时间计算的能力必须填写")
    until = date_field("止", help_text="仍在任的不填；从这一天起不再任职")
    level = forms.TypedChoiceField(
        label="等级",
        choices=[("", "按规则计算"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")],
        coerce=int,
        required=False,
        empty_value=None,
        help_text="群众工作、法治、财会、文旅、农技填写",
    )

    def row(self, person: Person) -> EvidenceRow:
        return EvidenceRow(person=person, **self.cleaned_data)


class RemoveForm(forms.Form):
    removal_reason = forms.ChoiceField(label="出库原因", choices=rules.RemovalReason.choices())
    note = forms.CharField(
        label="说明", required=False, max_length=200, help_text="会记入操作留痕，不写病情和案情"
    )
