"""Where are the pages of sums, problems and demonstration sites?"""

from __future__ import annotations

from django.urls import path

from lingyan.pairing.views import pair_funds, pair_problems, sites

FUND = "funds/<uuid:pair_fund_id>"
PROBLEM = "problems/<uuid:pair_problem_id>"

LEDGER_PATTERNS = [
    path("funds/", pair_funds.pair_fund_list, name="pair_fund_list"),
    path("funds/export.xlsx", pair_funds.pair_fund_export, name="pair_fund_export"),
    path("funds/add/", pair_funds.pair_fund_add, name="pair_fund_add"),
    path(f"{FUND}/", pair_funds.pair_fund_detail, name="pair_fund_detail"),
    path(f"{FUND}/entry/", pair_funds.pair_fund_entry, name="pair_fund_entry"),
    path(f"{FUND}/claim/", pair_funds.pair_fund_claim, name="pair_fund_claim"),
    path(f"{FUND}/split/", pair_funds.pair_fund_split, name="pair_fund_split"),
    path(
        "funds/entries/<uuid:pair_entry_id>/correct/",
        pair_funds.pair_fund_correct,
        name="pair_fund_correct",
    ),
    path(
        "funds/claims/<uuid:fund_claim_id>/drop/", pair_funds.pair_fund_drop, name="pair_fund_drop"
    ),
    path("problems/", pair_problems.pair_problem_list, name="pair_problem_list"),
    path("problems/export.xlsx", pair_problems.pair_problem_export, name="pair_problem_export"),
    path("problems/add/", pair_problems.pair_problem_add, name="pair_problem_add"),
    path(f"{PROBLEM}/", pair_problems.pair_problem_detail, name="pair_problem_detail"),
    path(f"{PROBLEM}/claim/", pair_problems.pair_problem_claim, name="pair_problem_claim"),
    path(f"{PROBLEM}/join/", pair_problems.pair_problem_join, name="pair_problem_join"),
    path(f"{PROBLEM}/<slug:act>/", pair_problems.pair_problem_step, name="pair_problem_step"),
    path(
        "problems/claims/<uuid:problem_claim_id>/drop/",
        pair_problems.pair_problem_drop,
        name="pair_problem_drop",
    ),
    path("sites/", sites.site_list, name="site_list"),
    path("sites/name/", sites.site_name, name="site_name"),
    path("sites/<uuid:site_id>/", sites.site_detail, name="site_detail"),
    path("sites/<uuid:site_id>/revoke/", sites.site_revoke, name="site_revoke"),
]
