"""`lingyan match instance`: a neutral instance in, a plan with its certificate out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lingyan_matching as engine
from lingyan.cli.files import write_file
from lingyan.cli.speaking import Speaker, WrongInput, print_json
from lingyan.common import clock
from lingyan_matching.said import english_of


def run_instance(options: Any, say: Speaker) -> int:
    """Solve; the plan names the instance by its SHA-256 and is self-contained."""
    try:
        problem = engine.load_instance(options.instance)
        plan = engine.solve(
            engine.build(problem),
            mode=options.mode,
            seed=options.seed,
            goals=_goals(options, say),
            base_plan=engine.load_plan(options.base) if options.base else None,
        )
    except engine.BadInstance as bad:
        raise bad_instance(bad, say) from bad
    created = clock.now().isoformat(timespec="seconds")
    document = engine.plan_to_json(plan, problem, run={"created": created})
    out = Path(options.out)
    write_file(out, lambda path: engine.write_plan(path, document), say)
    _tell(plan, out, options, say)
    return 0


def _goals(options: Any, say: Speaker) -> list[str] | None:
    """The goals in order; a plan that is stable for one side has none to choose."""
    if not (options.goals or options.base):
        return None
    if options.mode in ("stable-people", "stable-posts"):
        raise WrongInput(
            say(
                f"{options.mode} 方式没有目标次序；请去掉 --goals 和 --base，或改用 total。",
                f"mode {options.mode} knows neither --goals nor --base; leave them out, "
                "or use mode total.",
            ),
        )
    return [goal.strip() for goal in options.goals.split(",")] if options.goals else None


def bad_instance(bad: engine.BadInstance, say: Speaker) -> WrongInput:
    """What is wrong with an instance or a plan, line by line."""
    english = say.language == "en"
    details = [
        {
            "where": error.where,
            "reason": error.what_en if english else error.what,
            "mend": error.mend_en if english else error.mend,
        }
        for error in bad.errors
    ]
    lines = [error.text(say.language) for error in bad.errors]
    return WrongInput(*lines, details=details)


def _tell(plan: engine.Plan, out: Path, options: Any, say: Speaker) -> None:
    goals = [
        {"name": goal.name, "value": goal.value, "bound": goal.bound, "proved": goal.proved}
        for goal in plan.goals
    ]
    if options.format == "json":
        print_json(
            {
                "ok": True,
                "plan": plan.id,
                "snapshot_sha256": plan.snapshot_sha256,
                "assignments": len(plan.assignments),
                "goals": goals,
                "files": [str(out)],
            }
        )
        return
    print(say(f"安排 {len(plan.assignments)} 项。", f"{len(plan.assignments)} assignments."))
    for goal in goals:
        print(f"  {goal['name']}: {goal['value']} / {goal['bound']} ({goal['proved']})")
    for note in plan.notes:
        print(say(note, english_of(note)))
    print(say(f"已写出 {out}", f"written: {out}"))
