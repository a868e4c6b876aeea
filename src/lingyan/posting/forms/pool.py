"""What is typed about a person of the pool: declaration, evidence, removal?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from lingyan.directory.models import Person
from lingyan.posting import rules
from lingyan.posting.actions.pool import Declaration, EvidenceRow
from lingyan.posting.models import PoolEntry

if TYPE_CHECKING:
    PersonChoice = forms.ModelChoiceField[Person]
else:
    PersonChoice = forms.ModelChoiceField

NOT_DECLARED = ("", "未申报")
SEPARATORS = str.maketrans("，,；; /", "、、、、、、")
RESULTS = ("result_1", "result_2", "result_3")


def date_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


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
    remark = forms.CharField(label="备注", required=False, max_length=200)

    @staticmethod
    def initial_of(entry: PoolEntry) -> dict[str, Any]:
        names = set(DeclarationForm.base_fields) - {*RESULTS, "languages"}
        initial = {name: getattr(entry, name) for name in names}
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
        given.pop("person", None)
        return Declaration(**given)


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
