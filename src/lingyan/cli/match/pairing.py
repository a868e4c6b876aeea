"""`lingyan match pairing`: from villages and units to a proved plan of pairings."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lingyan.cli.files import read_book, unreadable, write_whole, wrong_cells
from lingyan.cli.match.posting import write_book, write_json
from lingyan.cli.match.pricing import tell_unpriced, wants_prices
from lingyan.cli.match.rounds import day_of, read_rules
from lingyan.cli.speaking import Speaker, print_json
from lingyan.common import clock

if TYPE_CHECKING:
    from lingyan.pairing.problem import PairingProblem
    from lingyan.pairing.problem.from_sheets import PairingInput
    from lingyan_matching import Plan

LEFT_SHOWN = 10


def run_pairing(options: Any, say: Speaker) -> int:
    """Read, build, solve, write both files, say what came out."""
    import lingyan_matching as engine
    from lingyan.pairing.problem.document import plan_document, plan_parts
    from lingyan.pairing.problem.reasons import names_of, reasons_of_all
    from lingyan.pairing.problem.words import hall_texts
    from lingyan_matching.residual import residual_of

    day = day_of(options.as_of, say)
    found = read_pairing_round(options, say)
    problem = found.problem
    graph = engine.build(problem.problem)
    plan = engine.solve(graph, mode="pairing", seed=options.seed)
    shortage = "\n".join(hall_texts(plan, names_of(problem)))
    reasons = {}
    if wants_prices(graph, options.reasons):
        residual = residual_of(graph, plan, lots=True)
        reasons = reasons_of_all(problem, graph, plan, residual=residual)
    document = plan_document(
        problem,
        plan,
        as_of=day.isoformat(),
        engine=reasons,
        notes=found.notes,
        created=clock.now().isoformat(timespec="seconds"),
    )
    parts = plan_parts(problem, plan, notes=found.notes, shortage=shortage, engine=reasons)
    paths = write_whole(
        Path(options.out),
        {
            "plan.xlsx": partial(write_book, parts, found.banner),
            "plan.json": partial(write_json, document, found.banner),
        },
        say,
    )
    _tell(document, paths, options, say)
    if options.format != "json":
        _tell_left(problem, plan, shortage, say)
    tell_unpriced(graph, options, say)
    return 0


def _tell_left(problem: PairingProblem, plan: Plan, shortage: str, say: Speaker) -> None:
    """Who is left below the lower number or without a pair, each with the reason; first a few."""
    from lingyan.pairing.problem.words import shorts_of

    for line in shortage.splitlines():
        print(say(f"最少数满足不了：{line}", f"lower numbers that cannot be met: {line}"))
    left = shorts_of(problem, plan)
    for one in left[:LEFT_SHOWN]:
        print(
            say(
                f"未足数：{one.name} 结对 {one.pairs}，最少 {one.lower}；{one.reason}。",
                f"short: {one.name} has {one.pairs} pairs of at least {one.lower}, may be paired "
                f"with {one.may}: {one.reason}",
            )
        )
    if len(left) > LEFT_SHOWN:
        more = len(left) - LEFT_SHOWN
        print(
            say(
                f"还有 {more} 个未足数的，见 plan.xlsx 的“未足数及原因”。",
                f"{more} more are in plan.xlsx.",
            )
        )


def read_pairing_round(options: Any, say: Speaker) -> PairingInput:
    """Read --villages, --units and --rules and build the problem."""
    from lingyan.common.pages import BadSheets
    from lingyan.common.workbook import UnreadableFile
    from lingyan.pairing.problem.from_sheets import read_pairing
    from lingyan.pairing.sheets import EXTRA_SHEETS

    villages = read_book(options.villages, say)
    same = options.units == options.villages
    units = villages if same else read_book(options.units, say)
    rules = read_rules(options.rules, EXTRA_SHEETS, say)
    try:
        return read_pairing(villages, units, rules)
    except BadSheets as bad:
        raise wrong_cells(bad.errors, say) from bad
    except UnreadableFile as error:
        name = Path(options.villages).name
        raise unreadable(name, error, say) from error


def _tell(document: dict[str, Any], paths: list[Path], options: Any, say: Speaker) -> None:
    from lingyan_matching.said import english_of

    figures = document["figures"]
    if options.format == "json":
        print_json(
            {
                "ok": True,
                "plan": document["id"],
                "figures": figures,
                "goals": document["goals"],
                "remarks": [say(note, english_of(note)) for note in document["remarks"]],
                "files": [str(path) for path in paths],
            }
        )
        return
    print(
        say(
            f"结对 {figures['pairs']} 对：{figures['units_paired']}/{figures['units']} 个单位，"
            f"{figures['villages_paired']}/{figures['villages']} 个村；"
            f"结对分合计 {figures['points_total']}，已证明最优。",
            f"{figures['pairs']} pairs: {figures['units_paired']} of {figures['units']} units, "
            f"{figures['villages_paired']} of {figures['villages']} villages; "
            f"{figures['points_total']} points, proved optimal.",
        )
    )
    for note in document["remarks"]:
        print(say(f"请留意：{note}", f"note: {english_of(note)}"))
    print(say("已写出：", "written: ") + say("、", ", ").join(str(path) for path in paths))
