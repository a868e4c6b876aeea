"""`lingyan match pairing`: villages and units in, a proved plan of pairings out."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from lingyan.common.workbook import DEMO_BANNER, read_workbook
from lingyan_matching import build, parse_instance, solve
from tests.cli.books import Desk, Rows, book

VILLAGES: Rows = (
    ("村", "乡镇", "主导产业", "需要资金", "最多单位", "不愿意的单位", "现结对单位"),
    ("罗盘村", "龙泉乡", "旅游", 4, None, None, "县文旅局"),
    ("毕城村", "白马镇", "养殖", 2, 2, "县文旅局", None),
    ("大窝村", "三墩乡", "茶叶", None, None, None, None),
)
UNITS: Rows = (
    ("单位", "所在乡镇", "行业", "资金", "最多结对", "主动要求的村", "愿意的村"),
    ("县文旅局", "东乡街道", "旅游", 3, 2, "罗盘村", None),
    ("县农业农村局", "东乡街道", "茶叶、养殖", 4, 2, None, "大窝村"),
)


class PairDesk(Desk):
    """The same desk with villages and units on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder, capsys)
        self.villages(VILLAGES)
        self.units(UNITS)

    def villages(self, rows: Rows, **more: Rows) -> None:
        book(self.folder / "villages.xlsx", {"村": rows, **more})

    def units(self, rows: Rows, **more: Rows) -> None:
        book(self.folder / "units.xlsx", {"单位": rows, **more})

    def match(self, *more: object) -> tuple[int, str, str]:
        words: list[object] = ["match", "pairing", *self.books(), "--out", self.out]
        return self.run(*words, *more)

    def books(self) -> list[object]:
        words: list[object] = ["--villages", self.folder / "villages.xlsx"]
        words += ["--units", self.folder / "units.xlsx"]
        if (self.folder / "rules.xlsx").exists():
            words += ["--rules", self.folder / "rules.xlsx"]
        return words


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> PairDesk:
    return PairDesk(tmp_path, capsys)


def only(errors: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(errors) == 1, errors
    return errors[0]


def test_two_workbooks_give_pairings(desk: PairDesk) -> None:
    status, out, err = desk.match()

    assert (status, err) == (0, "")
    assert "结对 4 对" in out or "结对 3 对" in out
    pairs = {(line["person"], line["post"]) for line in desk.plan()["assignments"]}
    assert ("县文旅局", "龙泉乡罗盘村") in pairs
    assert ("县农业农村局", "三墩乡大窝村") in pairs
    assert ("县文旅局", "白马镇毕城村") not in pairs
    sheets = read_workbook(desk.out / "plan.xlsx").sheets
    assert list(sheets) == ["方案", "未足数及原因", "汇总指标"]
    (place,) = (n for n, row in enumerate(sheets["方案"].rows) if "结对分" in row)
    head, *rows = sheets["方案"].rows[place:]
    points = [row[head.index("结对分")] for row in rows]
    assert sorted(map(int, points)) == sorted(row["fit"] for row in desk.plan()["assignments"])


def test_the_points_of_a_pair_are_explained(desk: PairDesk) -> None:
    """matching-design 2: (25·near + 25·related + 30·complement + 20·consent)/100 and the bonus."""
    desk.match()

    said = next(said for said in desk.plan()["explanations"] if said["post"] == "龙泉乡罗盘村")

    assert said["fit"]["parts"] == {"near": 600, "related": 1000, "complement": 750, "consent": 300}
    assert said["fit"]["renewal"] == 100
    assert said["fit"]["total"] == (25 * 600 + 25 * 1000 + 30 * 750 + 20 * 300) // 100 + 100
    assert [line["result"] for line in said["eligibility"]] == ["pass", "pass", "pass"]


def test_alone_and_with_the_workbooks_it_holds(desk: PairDesk) -> None:
    desk.match()
    plan = desk.out / "plan.json"

    assert desk.run("match", "verify", plan)[0] == 0
    status, out, _ = desk.run("match", "verify", plan, *desk.books())
    assert status == 0
    assert "villages.xlsx、units.xlsx" in out

    desk.units((*UNITS[:2], ("县农业农村局", "东乡街道", "茶叶", 4, 2, None, "大窝村")))
    assert desk.run("match", "verify", plan, *desk.books())[0] == 1


def test_what_is_made_from_the_workbooks_of_a_demo_says_so_too(desk: PairDesk) -> None:
    desk.units(((DEMO_BANNER,), *UNITS))

    desk.match()

    assert desk.plan()["banner"] == DEMO_BANNER
    for sheet in read_workbook(desk.out / "plan.xlsx").sheets.values():
        assert sheet.rows[0][0] == DEMO_BANNER
    assert desk.verify(*desk.books())[0] == 0


def test_rules_change_weights_matrix_pins_and_bans(desk: PairDesk) -> None:
    desk.rules(
        规则=(("编号", "数值"), ("pair.near", 5), ("pair.complement", 50), ("R06", None)),
        行业相关=(("单位行业", "村产业", "相关程度"), ("旅游", "茶叶", 900)),
        指定=(("单位", "村", "理由"), ("县文旅局", "大窝村", "县里商定")),
        排除=(("单位", "村", "理由"), ("县农业农村局", "罗盘村", "刚结束")),
    )

    assert desk.match()[0] == 0
    plan = desk.plan()
    pinned = [line for line in plan["assignments"] if line["pinned"]]
    assert [(line["person"], line["post"]) for line in pinned] == [("县文旅局", "三墩乡大窝村")]
    assert pinned[0]["pin_reason"] == "县里商定"
    said = next(said for said in plan["explanations"] if said["post"] == "三墩乡大窝村")
    assert said["fit"]["parts"]["related"] == 900
    assert plan["run"]["weights"]["complement"] == 50


def test_more_villages_than_the_units_may_take_are_said(desk: PairDesk) -> None:
    desk.units((UNITS[0][:5], ("县文旅局", None, None, None, 1)))

    status, out, _ = desk.match()

    assert status == 0
    assert "1/3 个村" in out
    rows = read_workbook(desk.out / "plan.xlsx").sheets["未足数及原因"].rows
    assert {row[1] for row in rows[1:]} == {"毕城村", "罗盘村"}


def test_names_alone_are_enough(desk: PairDesk) -> None:
    desk.villages((("村",), ("罗盘村",)))
    desk.units((("单位",), ("县文旅局",)))

    assert desk.match("--lang", "en")[0] == 0
    assert json.loads(desk.match("--format", "json")[1])["figures"]["pairs"] == 1


ONE_UNIT: Rows = (("单位",), ("县文旅局",))


@pytest.mark.parametrize(
    ("villages", "units", "heading", "reason"),
    [
        (VILLAGES, (*UNITS, ("县文旅局",)), "单位", "重复"),
        ((*VILLAGES, ("罗盘村", "龙泉乡")), UNITS, "村", "重复"),
        (
            (("村",), ("甲村",)),
            (("单位", "愿意的村"), ("县文旅局", "天上村")),
            "愿意的村",
            "没有这个村",
        ),
        ((("村", "愿意的单位"), ("甲村", "天上局")), ONE_UNIT, "愿意的单位", "没有这个单位"),
        ((("村", "最少单位", "最多单位"), ("甲村", 2, 1)), ONE_UNIT, "最少单位", "无法满足"),
        (
            (("村", "愿意的单位", "不愿意的单位"), ("甲村", "县文旅局", "县文旅局")),
            ONE_UNIT,
            "不愿意的单位",
            "既写了",
        ),
        (VILLAGES[:1], UNITS, "村", "没有一行"),
    ],
)
def test_bad_input_is_named(
    desk: PairDesk, villages: Rows, units: Rows, heading: str, reason: str
) -> None:
    desk.villages(villages)
    desk.units(units)

    error = only(desk.errors())

    assert error["heading"] == heading
    assert reason in error["reason"]


@pytest.mark.parametrize(
    ("sheets", "reason"),
    [
        ({"指定": (("单位", "村", "理由"), ("县文旅局", "毕城村", "…"))}, "毕城村不愿意"),
        (
            {
                "指定": (
                    ("单位", "村", "理由"),
                    ("县文旅局", "罗盘村", "…"),
                    ("县农业农村局", "罗盘村", "…"),
                )
            },
            "超过上限",
        ),
        ({"规则": (("编号", "数值"), ("pair.near", 90))}, "100"),
        ({"规则": (("编号", "数值"), ("pair.near", None))}, "没有填数值"),
        ({"规则": (("编号", "数值"), ("pair.far", 1))}, "没有这个设置项"),
    ],
)
def test_rules_that_cannot_be(desk: PairDesk, sheets: dict[str, Rows], reason: str) -> None:
    desk.rules(**sheets)

    assert reason in only(desk.errors())["reason"]


# --- reasons ------------------------------------------------------------------------------------


def solved_with(instance: dict[str, Any], **asked: Any) -> Any:
    return solve(build(parse_instance(instance)), mode="pairing", **asked)


def goals_of(plan: Any) -> dict[str, int]:
    return {goal.name: goal.value for goal in plan.goals}


def together_after(instance: dict[str, Any], said: dict[str, Any], change: int) -> bool:
    """Whether the two are a pair once their points have changed and all is solved again."""
    changed = copy.deepcopy(instance)
    edges = changed["edges"]
    for number, (i, g) in enumerate(zip(edges["person"], edges["post"], strict=True)):
        pair = changed["people"][i]["id"], changed["posts"][g]["id"]
        if pair == (said["person"], said["post"]):
            edges["score"][number] += change
    plan = solved_with(changed)
    return (said["person"], said["post"]) in {(row.person, row.post) for row in plan.assignments}


def a_wider_round(desk: PairDesk) -> None:
    """Two units that may take two villages each, and more villages than that."""
    more = (
        ("红山村", "白马镇", "旅游", 3, None, None, None),
        ("绿水村", "三墩乡", "养殖", 1, None, None, None),
    )
    desk.villages((*VILLAGES, *more))


def test_each_pair_names_the_next_best_and_its_price_is_that_of_solving_again(
    desk: PairDesk,
) -> None:
    a_wider_round(desk)
    desk.match()
    plan = desk.plan()
    before = goals_of(solved_with(plan["instance"]))

    compared = 0
    for said in plan["explanations"]:
        priced = [*said["alternatives"], *([] if said["assigned"] else [said])]
        for one in priced:
            pins = [(one["person"], one["post"])]
            after = goals_of(solved_with(plan["instance"], pins=pins))
            lost = {name: before[name] - after[name] for name in one["regret"]}
            assert one["regret"] == lost
            compared += 1
    assert compared > 6


def test_the_stated_points_flip_a_pair_and_one_less_does_not(desk: PairDesk) -> None:
    a_wider_round(desk)
    desk.match()
    plan = desk.plan()

    flipped = 0
    for said in plan["explanations"]:
        (change,) = said["counterfactual"]
        if change["kind"] == "fit":
            sign = -1 if said["assigned"] else 1
            need = change["need"]
            assert together_after(plan["instance"], said, sign * need) is not said["assigned"]
            assert together_after(plan["instance"], said, sign * (need - 1)) is said["assigned"]
            flipped += 1
    assert flipped


def test_a_pairing_is_spoken_of_in_its_own_words(desk: PairDesk) -> None:
    a_wider_round(desk)
    desk.match()

    texts = " ".join(said["text_zh"] for said in desk.plan()["explanations"])
    assert "结对" in texts
    assert "结对分" in texts
    for word in ("派到", "改派", "岗位", "人选", "人才库", "匹配度", "本人"):
        assert word not in texts


def test_a_village_without_a_unit_is_told_the_price_and_what_would_flip_it(desk: PairDesk) -> None:
    a_wider_round(desk)
    desk.match()

    head, *rows = read_workbook(desk.out / "plan.xlsx").sheets["未足数及原因"].rows
    left = [dict(zip(map(str, head), map(str, row), strict=False)) for row in rows]
    told = [one for one in desk.plan()["explanations"] if not one["assigned"]]
    assert told
    assert {one["post_name"] for one in told} <= {line["名称"] for line in left}
    for line in left:
        assert line["最合适的对方"]
        assert "结对" in line["坚持结对的代价"] or "村" in line["坚持结对的代价"]
        assert line["怎样才会结对"]
    assert any("supply" in change for one in told for change in one["counterfactual"])


def test_brief_reasons_leave_the_exchanges_out(desk: PairDesk) -> None:
    desk.match("--reasons", "brief")

    assert not any(said["counterfactual"] for said in desk.plan()["explanations"])


def test_bad_input_is_answered_in_words(desk: PairDesk) -> None:
    """A unit without town, lower numbers that cannot be met, a village that nobody may have."""
    desk.villages(
        (
            ("村", "乡镇", "不愿意的单位"),
            ("罗盘村", "龙泉乡", None),
            ("毕城村", "白马镇", "县文旅局、县农业农村局"),
        )
    )
    desk.units(
        (
            ("单位", "所在乡镇", "最少结对", "最多结对"),
            ("县文旅局", None, 2, 2),
            ("县农业农村局", "东乡街道", 1, 2),
        )
    )

    status, out, err = desk.match()

    assert (status, err) == (0, "")
    assert "1 个单位没有写所在乡镇（县文旅局），地域相邻按不明计 500 分" in out
    assert "最多承担 1 次，差 2 次" in out
    assert (
        "毕城村 结对 0，最少 1；2 个单位一个也不能结对：它不愿意与县农业农村局、县文旅局结对" in out
    )
    assert "县文旅局 结对 0，最少 2；可结对的另外 1 个村（罗盘村）名额都已结给更合适的一方" in out
    assert desk.verify(*desk.books())[0] == 0
    rows = read_workbook(desk.out / "plan.xlsx").sheets["未足数及原因"].rows
    assert any("一个也不能结对" in str(row[6]) for row in rows)
    notes = read_workbook(desk.out / "plan.xlsx").sheets["汇总指标"].rows
    assert "目标：双方最少数" in {row[0] for row in notes}


def test_two_units_of_one_name_are_refused_with_their_rows(desk: PairDesk) -> None:
    desk.units((*UNITS, ("县文旅局", "白马镇", "旅游", 1, 1, None, None)))

    status, _, err = desk.match()

    assert status != 0
    assert "第 4 行“单位”（县文旅局）：与第 2 行重复" in err
    assert not desk.out.exists()
