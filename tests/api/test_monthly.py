"""A village's month by a program: the same steps, hands and scopes as on the pages."""

from __future__ import annotations

from typing import Any

from lingyan.common import clock
from lingyan.platform.indicators import registry
from tests.api.programs import data, program
from tests.briefings.monthly_scene import CODES, OPENED, monthly
from tests.world import World


def codes(answer: Any) -> list[str]:
    return [one["code"].rpartition(".")[2] for one in data(answer)["reasons"]]


def test_a_month_is_filled_sent_sent_back_and_approved(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "INDICATORS", {})
    monthly(world)
    with clock.at(OPENED):
        village, town = program(world.pine_secretary), program(world.north_org)
        assert village.get("/monthly-periods").status_code == 403
        [month] = data(town.get("/monthly-periods"))["items"]
        assert (month["month"], month["owed"], month["to_fill"]) == ("2026-02-01", 2, 2)
        [mine] = data(village.get(f"/monthly-reports?period={month['id']}"))["items"]
        where = f"/monthly-reports/{mine['id']}"
        seen = village.get(where)
        assert [one["code"] for one in data(seen)["answers"]] == list(CODES)
        stranger = program(world.south_org)
        assert stranger.get(where).status_code == 404
        assert stranger.post(f"{where}/steps", {"act": "approve"}).status_code == 404

        wrong = village.patch(where, {"answers": [
            {"code": CODES[0], "text": "六十"}, {"code": "YB-1", "number": 1},
        ]})  # fmt: skip
        assert (wrong.status_code, codes(wrong)) == (409, ["kind", "not_asked"])
        said = [{"code": CODES[0], "number": 60}, {"code": CODES[1], "number": 0}]
        kept = village.patch(where, {"answers": said}, If_Match=seen.headers["ETag"])
        assert kept.status_code == 200, kept.content
        old = village.patch(where, {"answers": said}, If_Match=seen.headers["ETag"])
        assert old.status_code == 412
        missing = village.post(f"{where}/steps", {"act": "submit"})
        assert (missing.status_code, codes(missing)) == (409, ["incomplete"])
        village.patch(where, {"answers": [{"code": CODES[2], "is_so": True}]})
        sent = data(village.post(f"{where}/steps", {"act": "submit"}))
        assert (sent["state"], sent["answers"][0]["number"]) == ("submitted", 60)

        bare = town.post(f"{where}/steps", {"act": "return"})
        assert (bare.status_code, codes(bare)) == (409, ["reason_missing"])
        back = data(town.post(f"{where}/steps", {"act": "return", "reason": "与台账不符"}))
        assert (back["state"], back["reason"]) == ("returned", "与台账不符")
        village.post(f"{where}/steps", {"act": "submit"})
        assert data(town.post(f"{where}/steps", {"act": "approve"}))["state"] == "approved"
        county = program(world.officer)
        assert data(county.post(f"{where}/steps", {"act": "lock"}))["state"] == "locked"
        said_why = {"act": "correct", "reason": "漏报一户"}
        made = data(village.post(f"{where}/steps", said_why))
        assert (made["version"], made["state"]) == (2, "draft")
