"""Where are the pages of rounds of pairing, of statements and of plans?"""

from __future__ import annotations

from django.urls import path

from lingyan.pairing.views import rounds, statements, workbench

ROUND = "rounds/<uuid:pair_round_id>"
UNIT = "round-units/<uuid:pair_unit_id>"
VILLAGE = "round-villages/<uuid:pair_village_id>"
PLAN = "plans/<uuid:pair_plan_id>"


ROUND_PATTERNS = [
    path("rounds/", rounds.pair_round_list, name="pair_round_list"),
    path("rounds/open/", rounds.pair_round_open, name="pair_round_open"),
    path(f"{ROUND}/", rounds.pair_round_detail, name="pair_round_detail"),
    path(f"{ROUND}/steps/<slug:act>/", rounds.pair_round_step, name="pair_round_step"),
    path(f"{ROUND}/units/", rounds.pair_round_units, name="pair_round_units"),
    path(f"{ROUND}/units/add/", rounds.pair_round_units_add, name="pair_round_units_add"),
    path(f"{ROUND}/units/remove/", rounds.pair_round_units_remove, name="pair_round_units_remove"),
    path(f"{ROUND}/villages/", rounds.pair_round_villages, name="pair_round_villages"),
    path(f"{ROUND}/villages/add/", rounds.pair_round_villages_add, name="pair_round_villages_add"),
    path(
        f"{ROUND}/villages/remove/",
        rounds.pair_round_villages_remove,
        name="pair_round_villages_remove",
    ),
    path(f"{ROUND}/fixes/", rounds.pair_round_fixes, name="pair_round_fixes"),
    path(f"{ROUND}/fixes/add/", rounds.pair_round_fix, name="pair_round_fix"),
    path("fixes/<uuid:pair_fix_id>/remove/", rounds.pair_fix_remove, name="pair_fix_remove"),
    path(f"{ROUND}/matrix/", rounds.pair_round_matrix, name="pair_round_matrix"),
    path(f"{ROUND}/villages.xlsx", rounds.pair_round_village_book, name="pair_round_village_book"),
    path(f"{ROUND}/units.xlsx", rounds.pair_round_unit_book, name="pair_round_unit_book"),
    path("statements/", statements.pair_statement_list, name="pair_statement_list"),
    path(f"{UNIT}/", statements.pair_unit_statement, name="pair_unit_statement"),
    path(f"{UNIT}/answers/", statements.pair_unit_answers, name="pair_unit_answers"),
    path(f"{VILLAGE}/", statements.pair_village_statement, name="pair_village_statement"),
    path(f"{VILLAGE}/answers/", statements.pair_village_answers, name="pair_village_answers"),
    path(f"{PLAN}/", workbench.pair_workbench, name="pair_workbench"),
    path(f"{PLAN}/list/", workbench.pair_plan_list, name="pair_plan_list"),
    path(
        f"{PLAN}/villages/<uuid:village_id>/",
        workbench.pair_workbench_village,
        name="pair_workbench_village",
    ),
    path(
        f"{PLAN}/villages/<uuid:village_id>/prices/",
        workbench.pair_workbench_prices,
        name="pair_workbench_prices",
    ),
    path(
        f"{PLAN}/villages/<uuid:village_id>/<uuid:unit_id>/",
        workbench.pair_workbench_pair,
        name="pair_workbench_pair",
    ),
    path(
        f"{PLAN}/units/<uuid:unit_id>/", workbench.pair_workbench_unit, name="pair_workbench_unit"
    ),
    path(f"{PLAN}/change/", workbench.pair_plan_change, name="pair_plan_change"),
    path(f"{PLAN}/undo/", workbench.pair_plan_undo, name="pair_plan_undo"),
    path(f"{PLAN}/left/", workbench.pair_plan_left, name="pair_plan_left"),
    path(f"{PLAN}/compare/", workbench.pair_plan_compare, name="pair_plan_compare"),
    path(
        f"{PLAN}/compare/<uuid:other_id>/",
        workbench.pair_plan_compare,
        name="pair_plan_compare_with",
    ),
    path(f"{PLAN}/verification/", workbench.pair_plan_verification, name="pair_plan_verification"),
    path(f"{PLAN}/plan.xlsx", workbench.pair_plan_workbook, name="pair_plan_workbook"),
    path(f"{PLAN}/print/", workbench.pair_plan_print, name="pair_plan_print"),
    path(f"{PLAN}/plan.json", workbench.pair_plan_json, name="pair_plan_json"),
]
