"""Leak class 6: what stands behind a figure, what goes out as a file, what a job has made."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from lingyan.platform.exchange.registry import KINDS
from lingyan.platform.jobs.models import Job
from tests.access.probing import BUSINESS
from tests.api.programs import Program, program
from tests.furnished import Furnished, body, cells, spoken

pytestmark = pytest.mark.slow


def text_of(answer: object) -> str:
    content_type = answer.headers["Content-Type"]  # type: ignore[attr-defined]
    if "spreadsheet" in content_type:
        return cells(answer.content)  # type: ignore[attr-defined]
    return body(answer)


@pytest.mark.parametrize("role", BUSINESS)
def test_no_export_by_page_or_program_holds_a_row_of_the_world(
    house: Furnished, next_door: dict[str, Program], role: str
) -> None:
    names, round_id = house.names(), house.ids["round_id"]
    client, caller = house.client(house.next_door[role]), next_door[role]
    for code, kind in KINDS.items():
        for option in ("?purpose=名册核对", f"?purpose=名册核对&option={round_id}"):
            page = client.get(reverse("exchange_export", args=[code]) + option)
            sheet = caller.get(f"/sheets/{code}/export{option}")
            for answer in (page, sheet):
                assert answer.status_code in (200, 404, 422)
                assert not spoken(answer, names), code
            allowed = kind.exported_by(house.next_door[role])
            assert (page.status_code != 404) == (sheet.status_code != 404) == allowed, code


def test_a_hidden_round_as_the_option_of_an_export_is_like_one_of_nobody(
    house: Furnished, next_door: dict[str, Program]
) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for code, kind in KINDS.items():
        if not kind.option_label:
            continue
        answers = [
            next_door["county_org_staff"].get(
                f"/sheets/{code}/export?purpose=名册核对&option={one}"
            )
            for one in (house.ids["round_id"], nobody)
        ]
        texts = [
            one.content.decode().replace(str(house.ids["round_id"]), "").replace(nobody, "")
            for one in answers
        ]
        assert answers[0].status_code == answers[1].status_code == 422, code
        assert texts[0] == texts[1], code


def test_a_hidden_round_as_the_option_of_an_import_is_refused(
    house: Furnished, next_door: dict[str, Program]
) -> None:
    client = house.client(house.next_door["county_org_staff"])
    for code, kind in KINDS.items():
        if not (kind.option_label and kind.imported_by(house.next_door["county_org_staff"])):
            continue
        file = io.BytesIO("姓名\n".encode())
        file.name = "a.csv"
        answer = client.post(
            reverse("exchange_upload", args=[code]),
            {"file": file, "option": str(house.ids["round_id"])},
        )
        assert answer.status_code == 422, code


def test_an_export_within_the_county_holds_only_the_towns_own_rows(house: Furnished) -> None:
    for code, kind in KINDS.items():
        for who in ("south_org", "unit_admin"):
            actor = getattr(house.world, who)
            if not kind.exported_by(actor) or kind.option_label:
                continue
            text = text_of(
                house.client(actor).get(
                    reverse("exchange_export", args=[code]) + "?purpose=名册核对"
                )
            )
            hidden = ["松树村", "溪口村"] if who == "south_org" else ["钱甲四", "县第一小学"]
            assert not [name for name in hidden if name in text], f"{code} {who}"


def test_the_result_of_a_job_is_opened_by_its_own_rules(house: Furnished) -> None:
    """Where a job leads is said to its starter alone, and the page behind asks again."""
    job = Job.objects.get(pk=house.ids["job_id"])
    Job.objects.filter(pk=job.pk).update(
        state="done", result_url=reverse("round_detail", args=[house.ids["round_id"]])
    )

    assert program(house.world.officer).get(f"/jobs/{job.pk}").status_code == 200
    assert program(house.world.second_officer).get(f"/jobs/{job.pk}").status_code == 404
    answer = house.client(house.next_door["county_org_staff"]).get(
        reverse("round_detail", args=[house.ids["round_id"]])
    )
    assert answer.status_code == 404


def test_import_files_and_their_rows_are_read_by_nobody_below_or_beside(house: Furnished) -> None:
    import_id = house.ids["import_id"]
    for who in ("south_org", "unit_admin", "stranger"):
        caller = program(getattr(house.world, who))
        for path in ("", "/rows", "/reasons"):
            assert caller.get(f"/imports/{import_id}{path}").status_code == 404, who
    assert program(house.world.officer).get(f"/imports/{import_id}").status_code == 200
