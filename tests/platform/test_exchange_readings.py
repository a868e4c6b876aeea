"""Whoever takes a file with people's data away is named in the history of each of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.platform.audit.models import AuditEntry, FurtherSubject
from lingyan.platform.audit.reading import list_looks
from lingyan.platform.exchange import downloads, exporting
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS
from tests.furnished import ISSUED_ON, furnish
from tests.platform.sheets import brought_in, sent, workbook
from tests.world import World

# The first row is wrong, the second says something new, and the third is nobody whom we know.
ROWS = [
    ("李甲一", "县财政局", "没有这种状态", "良好"),
    ("王甲二", "县财政局", "在库", "健康"),
    ("吴甲七", "县财政局", "在库", "健康"),
]
FILE = workbook(("姓名", "单位", "入库状态", "健康状况"), ROWS)


@pytest.mark.parametrize("page", ["exchange_file", "exchange_reasons"])
def test_the_files_of_an_import_name_everybody_who_stands_on_them(world: World, page: str) -> None:
    run = sent("people", FILE, world.officer)
    assert run.state == "refused"

    answer = world.client(world.officer).get(reverse(page, args=[run.pk]))

    assert answer.status_code == 200
    for person in (world.li, world.wang):
        assert [one.text for one in list_looks(person, most=5)] == ["下载导入的原表"]
    assert not list_looks(world.zhao, most=5)


def test_the_original_of_what_was_imported_names_them_too(world: World) -> None:
    run = brought_in("people", workbook(("姓名", "单位"), [("李甲一", "县财政局")]), world.officer)

    world.client(world.officer).get(reverse("exchange_file", args=[run.pk]))

    assert [one.reader for one in list_looks(world.li, most=5)] == ["陈乙一"]


def test_every_kind_that_names_people_names_them_when_its_files_are_taken(world: World) -> None:
    furnish(world)
    told = {}
    actors = {actor.role: actor for actor in reversed(world.everyone)}
    with clock.at(ISSUED_ON):
        for kind in KINDS.values():
            actor = next(actors[one] for one in kind.import_roles if one in actors)
            for option, _ in kind.options(actor) or [("", "")]:
                run = out_and_back(kind.code, option, actor)
                exported, taken = (
                    people_of(one) for one in (last("written"), taken_by(run, actor))
                )
                assert exported == taken, kind.code
                told[kind.code] = len(exported)

    naming = {"people", "officers", "relatives", "wishes", "intentions", "accounts", "presence",
              "insurance", "support_records", "honors", "village_reserve"}  # fmt: skip
    assert {code for code, count in told.items() if count} == naming


def out_and_back(code: str, option: str, actor: Any) -> Import:
    target = io.BytesIO()
    exporting.export_records(KINDS[code], target, option=option, actor=actor, purpose="名册核对")
    return sent(code, target.getvalue(), actor, option=option)


def last(act: str) -> AuditEntry:
    entry = AuditEntry.objects.filter(action__endswith=f".{act}").order_by("-number").first()
    assert entry is not None
    return entry


def taken_by(run: Import, actor: Any) -> AuditEntry:
    downloads.read_original(run, actor=actor)
    return last("file_read")


def people_of(entry: AuditEntry) -> set[str]:
    further = FurtherSubject.objects.filter(entry_number=entry.number)
    return set(further.values_list("subject_id", flat=True))
