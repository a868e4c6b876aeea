"""How does a county make, change and withdraw the templates of its briefings?"""

from __future__ import annotations

from django.db import transaction

from lingyan.briefings.models import BriefingTemplate, TemplateEdition
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.rules import briefings as rules
from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

NAME_TAKEN = Refusal("briefings.template.name_taken", "本县已有这个名称的模板")
CHANGED_MEANWHILE = Refusal(
    "briefings.template.changed_meanwhile", "您打开以后，别人改过这个模板；请看过改动再保存"
)
WRONG_ROLE = Refusal("briefings.template.wrong_role", "您的角色不能修改简报模板")


@transaction.atomic
def make_template(
    *, name: str, series: str, title: str, text: str, key: str = "", actor: Actor
) -> BriefingTemplate:
    """A template of the county's own; `key` where it takes the place of one of the product's."""
    county = queries.county_here(actor)
    _refuse_text(text, actor)
    same = BriefingTemplate.objects.filter(county=county, name=name)
    refuse([NAME_TAKEN] if same.exists() else ())
    template = BriefingTemplate.objects.create(
        county=county, key=key, name=name, series=series, title=title, text=text
    )
    _keep_edition(template, actor)
    record(
        "briefings.template.made",
        actor=actor,
        subject=template,
        changes={"name": [None, name], "version": [None, 1]},
    )
    return template


def _refuse_text(text: str, actor: Actor) -> None:
    refuse([] if actor.role in rules.WRITERS else [WRONG_ROLE])
    mistakes = queries.check_as_template(text, actor)
    refuse(Refusal(one.refusal.code, str(one)) for one in mistakes)


def _keep_edition(template: BriefingTemplate, actor: Actor) -> None:
    TemplateEdition.objects.create(
        template=template, number=template.version, title=template.title, text=template.text,
        saved_by_id=actor.user_id, saved_by_name=actor.name, saved_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def save_template(
    template: BriefingTemplate,
    *,
    name: str,
    series: str,
    title: str,
    text: str,
    version: int,
    actor: Actor,
) -> BriefingTemplate:
    """The next edition; briefings that began with an earlier one keep their text."""
    template = BriefingTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    _refuse_text(text, actor)
    refuse([CHANGED_MEANWHILE] if version != template.version else ())
    others = BriefingTemplate.objects.filter(county_id=template.county_id, name=name)
    refuse([NAME_TAKEN] if others.exclude(pk=template.pk).exists() else ())
    written = {"name": name, "series": series, "title": title, "text": text}
    changes = {
        key: [getattr(template, key), new]
        for key, new in written.items()
        if getattr(template, key) != new
    }
    if not changes:
        return template
    for key, (_, new) in changes.items():
        setattr(template, key, new)
    template.version += 1
    template.save(update_fields=[*changes, "version"])
    _keep_edition(template, actor)
    changes.pop("text", None)  # every edition is kept whole
    record(
        "briefings.template.edited",
        actor=actor,
        subject=template,
        changes={"version": [version, template.version], **changes},
    )
    return template


@transaction.atomic
def turn_template(template: BriefingTemplate, *, actor: Actor) -> BriefingTemplate:
    """Withdraw one that is offered, or offer one that was withdrawn."""
    template = BriefingTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    refuse([] if actor.role in rules.WRITERS else [WRONG_ROLE])
    before = template.withdrawn_on
    template.withdrawn_on = None if before else clock.today()
    template.save(update_fields=["withdrawn_on"])
    record(
        "briefings.template.offered" if before else "briefings.template.withdrawn",
        actor=actor,
        subject=template,
        changes={"withdrawn_on": [before, template.withdrawn_on]},
    )
    return template
