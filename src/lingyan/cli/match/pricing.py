"""Is every exchange priced without being asked for, and who is told if it is not?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lingyan.cli.speaking import Speaker

if TYPE_CHECKING:
    from lingyan_matching import Graph, Plan
    from lingyan_matching.said import Said

PAIRS_PRICED = 60_000
"""Up to so many eligible pairs (a county) it is done within the time of the command."""


def wants_prices(graph: Graph, wanted: str) -> bool:
    """What --reasons asks for."""
    if wanted == "auto":
        return len(graph.edge_person) <= PAIRS_PRICED
    return wanted == "full"


def found_by_solver(plan: Plan) -> bool:
    """Whether there are no prices to explain with: each question would be solved by itself."""
    return plan.certificate.get("kind") == "bound"


def unpriced(graph: Graph, plan: Plan, *, wanted: str) -> tuple[Said, ...]:
    """The sentence of a plan without prices, so that nobody takes an empty cell for 0."""
    from lingyan_matching.said import Said

    if found_by_solver(plan):
        return (
            Said(
                "没有逐一计算坚持派人的代价，空着不是 0：方案由求解器算定，换一个人都要重新求解。"
                "要知道哪一个，写进“指定”工作表再算一次，两次相比就是代价。",
                "exchanges were not priced, an empty cell is not 0: a solver found this plan; "
                "put the person into the sheet of pins, solve again, and compare both plans.",
            ),
        )
    if not wants_prices(graph, wanted):
        return (
            Said(
                "没有逐一计算坚持派人的代价，空着不是 0；需要时加 --reasons full。",
                "exchanges were not priced, an empty cell is not 0; add --reasons full if wanted.",
            ),
        )
    return ()


def tell_unpriced(graph: Graph, options: Any, say: Speaker) -> None:
    """Name the option where a large round was left unpriced."""
    if options.reasons != "auto" or wants_prices(graph, "auto") or options.format == "json":
        return
    print(
        say(
            "表较大，没有逐一计算改动的代价；需要时加 --reasons full。",
            "a large round: exchanges were not priced; add --reasons full if wanted.",
        )
    )
