"""What do people type about a task?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve

from lingyan.common import clock
from lingyan.platform.photos.forms import PhotosField
from lingyan.supervision.forms.fields import day_field, text_field
from lingyan.supervision.rules.tasks import LINK_MAX, LINKS_MAX, PHOTOS_MAX, TEXT_MAX

Choices = Sequence[tuple[str, str]]
USUAL_DAYS = 30


class RaiseForm(forms.Form):
    """Who is to do what until when: a town or a village is asked by its office."""

    place = forms.ChoiceField(label="交给哪里", help_text="选乡镇或村，由那里的组织委员、书记接收")
    what = text_field("事项", "要办什么，办到什么程度", most=TEXT_MAX)
    due_on = day_field("办结期限")
    is_evidence_required = forms.BooleanField(label="报结时须附佐证", required=False)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *places]
        self.initial.setdefault("due_on", clock.today() + timedelta(days=USUAL_DAYS))


class AnswerForm(forms.Form):
    """What was done and what shows it: words, photos, or records of this system."""

    text = text_field("办理情况", "怎样办的，结果怎样", most=TEXT_MAX)
    evidence = text_field("佐证", "文件、台账的名称和存放处", required=False, most=TEXT_MAX)
    photos = PhotosField(
        label="佐证照片", required=False, help_text=f"现场或文件的照片，最多 {PHOTOS_MAX} 张"
    )
    links = forms.CharField(
        label="相关记录的网址", required=False, max_length=LINKS_MAX * (LINK_MAX + 60),
        help_text=f"从浏览器地址栏复制本系统里那条记录的网址，一行一条，最多 {LINKS_MAX} 条",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, is_evidence_required: bool, host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host = host
        if is_evidence_required:
            self.fields["evidence"].help_text = "必须有佐证：写在这里、传照片或贴网址，有一样就行"

    def clean_links(self) -> list[str]:
        lines = [one.strip() for one in self.cleaned_data["links"].splitlines() if one.strip()]
        return list(dict.fromkeys(self._path_of(one) for one in lines))

    def _path_of(self, address: str) -> str:
        """The path alone, of a page that is there; anything else is nobody's record."""
        found = urlsplit(address)
        if found.netloc in ("", self.host) and found.scheme in ("", "http", "https"):
            with suppress(Resolver404):
                resolve(found.path)
                return found.path
        raise forms.ValidationError("不是本系统里记录的网址，请从浏览器的地址栏复制")


class RemarkForm(forms.Form):
    text = text_field("意见", "会留在办理记录里", most=TEXT_MAX)


class NoteForm(forms.Form):
    text = text_field("意见", "可以不写", required=False, most=TEXT_MAX)


class PlainForm(forms.Form):
    """Nothing to say: the button is the act."""
