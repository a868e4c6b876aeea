"""What is typed about places, units, people, officers and relatives?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.directory import queries, rules
from lingyan.directory.actions.people import PersonRow
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.rules.departures import DOCUMENT_MAX, REGISTERED
from lingyan.platform.accounts.actor import EVERYTHING, Scope

if TYPE_CHECKING:
    PlaceChoice = forms.ModelChoiceField[Place]
else:
    PlaceChoice = forms.ModelChoiceField

EMPTY = ("", "未填")
HOMES = {
    "native_place": "籍贯",
    "household_place": "户籍地",
    "grown_up_place": "成长地",
    "residence_place": "居住地",
}


def date_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def one_person(scope: Scope, text: str) -> Person:
    """The person that was meant, or a sentence that says how to tell the candidates apart."""
    found = queries.find_people(scope, text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(f"没有找到“{text}”，请核对姓名或编号，或先在“人员”中登记")
    named = "、".join(f"{one.name}（{one.unit or one.place}，{one.number}）" for one in found[:5])
    raise forms.ValidationError(f"有 {len(found)} 人同名：{named}。请填写人员编号")


def one_place(text: str) -> Place | None:
    """A town or village by its name; anywhere in the register, since people come from anywhere."""
    if not text.strip():
        return None
    found = queries.find_places(EVERYTHING, text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(f"没有找到“{text}”，请写乡镇名或村名；县外的不填")
    named = "、".join(f"{one.parent or ''}{one.short_name}" for one in found[:5])
    raise forms.ValidationError(f"有 {len(found)} 个同名：{named}。请在前面加上乡镇")


class PlaceField(PlaceChoice):
    def label_from_instance(self, obj: Any) -> str:
        """A village stands under its town, since two towns may have villages of one name."""
        if obj.level == rules.PlaceLevel.VILLAGE and obj.parent:
            return f"{obj.parent.short_name} {obj.short_name}"
        return str(obj.short_name)


class PlaceForm(forms.Form):
    """Changing a place; its level and where it lies stay."""

    name = forms.CharField(label="全称", max_length=80, help_text="如 罗盘村村民委员会")
    short_name = forms.CharField(label="简称", max_length=80, help_text="页面上显示，如 罗盘村")
    village_kind = forms.ChoiceField(
        label="村类别",
        choices=[EMPTY, *rules.VillageKind.choices()],
        required=False,
        help_text="只对村（社区）填写",
    )
    code = forms.RegexField(
        r"^\d{12}$", label="统计用区划代码", required=False, help_text="12 位；可不填",
        error_messages={"invalid": "区划代码应为 12 位数字"},
    )  # fmt: skip
    code_edition = forms.CharField(
        label="代码版本", max_length=10, required=False, help_text="如 2020"
    )


class NewPlaceForm(forms.Form):
    code = forms.RegexField(
        r"^\d{12}$", label="统计用区划代码",
        help_text="12 位；级别和上级由代码判断，请先登记上级",
        error_messages={"invalid": "区划代码应为 12 位数字"},
    )  # fmt: skip
    name = forms.CharField(label="全称", max_length=80, help_text="如 罗盘村村民委员会")
    edition = forms.CharField(label="代码版本", max_length=10, help_text="如 2020，与上级相同")


class AdjoiningForm(forms.Form):
    first = PlaceField(Place.objects.none(), label="乡镇", empty_label="请选择")
    second = PlaceField(Place.objects.none(), label="相邻乡镇", empty_label="请选择")

    def __init__(self, *args: Any, towns: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, towns, "first", "second")


class CalendarForm(forms.Form):
    day = date_field("日期", required=True)
    is_workday = forms.TypedChoiceField(
        label="这一天",
        choices=[("no", "休息"), ("yes", "上班")],
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(
        label="说明", max_length=60, required=False, help_text="如 国庆节、调休上班"
    )


class UnitForm(forms.Form):
    name = forms.CharField(label="单位全称", max_length=100)
    category = forms.ChoiceField(label="类别", choices=rules.UnitCategory.choices())
    place = PlaceField(
        Place.objects.none(), label="所在地", empty_label="请选择", help_text="县直单位选县"
    )
    credit_code = forms.CharField(
        label="统一社会信用代码", max_length=18, required=False, help_text="18 位；没有的不填"
    )
    sector = forms.CharField(
        label="行业", max_length=40, required=False, help_text="如 农业、教育、金融"
    )
    industry = forms.CharField(
        label="产业", max_length=60, required=False, help_text="主要产业，如 茶叶、畜牧"
    )
    headcount = forms.IntegerField(label="在职人数", required=False, min_value=0, max_value=100_000)

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, places, "place")


class PersonForm(forms.Form):
    NOT_HELD = ("village", "id_number", "phone", "conflict_reason")

    name = forms.CharField(label="姓名", max_length=40)
    number = forms.CharField(
        label="人员编号", max_length=20, required=False,
        help_text="不填由系统编号；不要用身份证号或电话",
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="工作单位", required=False, empty_label="没有单位",
        help_text="村干部没有单位的，填下面的“所在村”",
    )  # fmt: skip
    village = forms.CharField(
        label="所在村", required=False, max_length=80, help_text="有单位的不填，如 龙泉乡罗盘村"
    )
    job_title = forms.CharField(label="职务", max_length=60, required=False)
    rank = forms.CharField(label="职级", max_length=30, required=False, help_text="如 四级主任科员")
    gender = forms.ChoiceField(
        label="性别", choices=[EMPTY, *rules.Gender.choices()], required=False
    )
    birth_on = date_field("出生日期")
    political_status = forms.ChoiceField(
        label="政治面貌", choices=[EMPTY, *rules.PoliticalStatus.choices()], required=False
    )
    party_joined_on = date_field("入党日期", help_text="成为预备党员的日期")
    work_started_on = date_field("参加工作日期")
    education = forms.CharField(label="学历", max_length=20, required=False)
    ethnicity = forms.CharField(label="民族", max_length=20, required=False)
    native_place = forms.CharField(label="籍贯", required=False, max_length=80)
    household_place = forms.CharField(label="户籍地", required=False, max_length=80)
    grown_up_place = forms.CharField(label="成长地", required=False, max_length=80)
    residence_place = forms.CharField(
        label="居住地", required=False, max_length=80, help_text="写乡镇或村；县外的不填"
    )
    id_number = forms.CharField(
        label="身份证号", required=False, max_length=18,
        help_text="可不填；加密保存，只用来避免重复登记。不改的留空",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    conflict_reason = forms.CharField(
        label="与身份证号不一致的理由", required=False, max_length=200,
        help_text="出生日期、性别与身份证号一致的不填；档案确实不一致的写明依据，记入操作留痕",
    )  # fmt: skip
    phone = forms.RegexField(
        r"^1\d{10}$", label="手机", required=False, help_text="可不填；加密保存。不改的留空",
        error_messages={"invalid": "手机号应为 11 位数字"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, units: QuerySet[Unit], may_overrule: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not may_overrule:
            del self.fields["conflict_reason"]
        _choose_from(self, units, "unit")
        for home in HOMES:
            setattr(self, f"clean_{home}", lambda home=home: one_place(self.cleaned_data[home]))

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        names = set(PersonForm.base_fields) - {*HOMES, *PersonForm.NOT_HELD}
        initial = {name: getattr(person, name) for name in names}
        for home in HOMES:
            place = getattr(person, home)
            initial[home] = place_text(place) if place else ""
        if person.unit is None and person.place.level == rules.PlaceLevel.VILLAGE:
            initial["village"] = place_text(person.place)
        return initial

    def clean_village(self) -> Place | None:
        return one_place(self.cleaned_data["village"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("unit") and not given.get("village") and not self.errors:
            self.add_error("unit", "请选择工作单位，或填写所在村")
        return given

    def values(self) -> dict[str, Any]:
        """As the record holds them; the place is that of the unit, else the village."""
        given = {name: self.cleaned_data[name] for name in self.fields if name not in self.NOT_HELD}
        village, unit = self.cleaned_data["village"], given["unit"]
        return {**given, "place": unit.place if unit else village}

    def row(self) -> PersonRow:
        given = self.cleaned_data
        return PersonRow(
            id_number=given["id_number"],
            phone=given["phone"],
            conflict_reason=self.reason(),
            **self.values(),
        )

    def reason(self) -> str:
        """Only who may overrule the number is asked for a reason."""
        return str(self.cleaned_data.get("conflict_reason", ""))


def place_text(place: Place) -> str:
    """A name that leads back to the same place: the town stands before the village."""
    if place.level == rules.PlaceLevel.VILLAGE and place.parent:
        return f"{place.parent.short_name}{place.short_name}"
    return place.short_name


class OfficerForm(forms.Form):
    village = PlaceField(Place.objects.none(), label="村（社区）", empty_label="请选择")
    person = forms.CharField(
        label="人员", max_length=40, help_text="姓名或人员编号；没有登记的先在“人员”中登记"
    )
    post = forms.ChoiceField(label="职务", choices=rules.OfficerPost.choices())
    since = date_field("任职日期", required=True)
    until = date_field("离任日期", help_text="现任的不填；从这一天起不再任职")

    def __init__(self, *args: Any, scope: Scope, villages: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        _choose_from(self, villages, "village")

    def clean_person(self) -> Person:
        return one_person(self._scope, self.cleaned_data["person"])


class DepartureForm(forms.Form):
    kind = forms.ChoiceField(
        label="变动",
        choices=[(one.value, one.label) for one in REGISTERED],
        help_text="调到县内其他单位的不在这里登记：修改“工作单位”即可",
    )
    on = date_field("日期", required=True)
    document = forms.CharField(
        label="文件或证明", max_length=DOCUMENT_MAX, help_text="没有的写“无文件”"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today


class EndOfficeForm(forms.Form):
    until = date_field("离任日期", required=True, help_text="从这一天起不再任职")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = clock.today


class RelativeForm(forms.Form):
    other = forms.CharField(label="亲属", max_length=40, help_text="姓名或人员编号")
    relation = forms.ChoiceField(
        label="关系", choices=rules.Relation.choices(), help_text="对方是本人的什么人"
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope

    def clean_other(self) -> Person:
        return one_person(self._scope, self.cleaned_data["other"])


def _choose_from(form: forms.Form, rows: QuerySet[Any], *names: str) -> None:
    for name in names:
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows
