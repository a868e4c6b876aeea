"""Whatever a page offers, programs can do as well, or the guide says why not."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver

import lingyan.api.operations
from lingyan.api.gate import OPERATED
from lingyan.config.access import patterns

ROOT = Path(__file__).parents[2]
OPERATIONS = Path(lingyan.api.operations.__file__).parent

# Under the words of the guide's table: pages that are for people only.
NOT_OFFERED = {
    "登录和本人账号": {
        "account_login", "account_logout", "account_inactive", "mfa_authenticate",
        "identity_sign_in", "identity_return", "socialaccount_login_cancelled",
        "privacy_notice", "mfa_index", "session_end", "account_reauthenticate",
        "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes", "own_password", "choose_role",
    },
    "令牌": {"token_list", "token_create", "token_revoke", "all_tokens", "all_tokens_revoke"},
    "账号、授权、代理和核对": {
        "account_list", "account_create", "account", "account_reset_password",
        "account_set_active", "account_unlock", "account_reset_factor", "account_sign_out",
        "account_identity", "account_handout", "account_review", "account_close_idle",
        "role_end", "granted_list", "granted_end", "delegation_list", "delegation_end",
        "access_table", "access_export",
    },
    "查看完整证件号和电话": {"person_reveal"},
    "登记去世、调离等人员变动": {"person_depart"},
    "登记县里定的标准": {"county_settings"},
    "合并重复人员、办理区划变更": {
        "duplicate_list", "duplicate", "duplicate_tell_apart", "merge_list", "merge_undo",
        "place_change", "place_change_create", "place_change_undo",
    },
    "工作台上的调整": {
        "workbench", "workbench_round", "workbench_village", "workbench_prices",
        "workbench_pair", "workbench_person", "plan_change", "plan_price", "plan_undo",
        "plan_shortages", "plan_compare", "plan_compare_with", "plan_verification", "plan_print",
        "round_stable_best",
    },
    "表格里两边都改过的": {"exchange_merge"},
    "大批量导出的申请和批准、到期清理": {
        "clearing_confirm", "clearing_propose", "clearing_withdraw", "exchange_approve",
        "exchange_ask", "exchange_clearing", "exchange_refuse", "exchange_request",
        "exchange_request_file", "exchange_requests",
    },
    "月报内容、开始月份、成批锁定和填报表": {
        "monthly_form", "monthly_form_edit", "monthly_open", "monthly_change", "monthly_lock",
        "monthly_table", "monthly_export", "monthly_period",
    },
    "只为看的页面": {
        "worklist", "menu", "search", "own_readers", "health_check_suggest", "healthz", "readyz",
        "as_at", "as_at_export", "audit_export",
        "data_checks", "data_check", "data_check_run", "data_checks_export",
        "dashboard", "figure_trend", "figure_export",
    },
}  # fmt: skip

# The life of a posting, by the first word of each page's name; there will be more of them.
LIFE = "派驻期间的日记、请假、脱岗、报告、问题和各步"
OF_SUPPORT = {
    "support", "insurance", "fund", "payment", "correction", "help", "honor", "career",
}  # fmt: skip
OF_APPRAISAL = {"appraisal", "ballot"}
OF_RECALL = {"recall", "vacancy", "replacement"}
OF_LIFE = {
    "absence", "burden", "diary", "leave", "liaison", "life", "posting", "presence", "problem",
    "report", "sign", "step", "task", "visit",
}  # fmt: skip

# Every page of the module; programs take part by sheets.
BY_MODULE = {
    "组织联建的批次、结对、活动、资金、问题和考评": "lingyan.pairing.",
    "党组织、换届、整顿和述职评议": "lingyan.organization.",
    "督查任务、约谈和关口": "lingyan.supervision.",
    "简报和简报模板": "lingyan.briefings.views.brief",
}


def is_of_life(name: str) -> bool:
    return name.split("_", maxsplit=1)[0] in OF_LIFE | OF_SUPPORT | OF_APPRAISAL | OF_RECALL


def offered() -> set[str]:
    """The functions of pages whose roles an operation takes."""
    source = "".join(path.read_text() for path in OPERATIONS.glob("*.py"))
    # Adding one line to a list is part of what the whole list takes: PUT /wishes, /intentions.
    return set(re.findall(r"roles_of\(\s*\w+\.(\w+)\s*\)", source)) | {"wish_add", "intention_add"}


def of_modules() -> set[str]:
    """The pages of these modules, whatever they are called."""
    return {
        str(pattern.name)
        for _, pattern in patterns(get_resolver())
        if pattern.callback.__module__.startswith(tuple(BY_MODULE.values()))
    }


def pages() -> dict[str, str]:
    """The name of each page, and that of its function."""
    return {
        str(pattern.name): pattern.callback.__name__
        for _, pattern in patterns(get_resolver())
        if pattern.callback.roles != (OPERATED,)
    }


def test_every_page_is_offered_to_programs_or_left_out_on_purpose() -> None:
    left_out = set().union(*NOT_OFFERED.values())
    known = pages()

    assert not left_out - set(known), "no such page any more"
    done = {name for name, function in known.items() if function in offered()}
    assert not done & left_out, "offered by now: take it out of the list and the guide"
    unsaid = {name for name in set(known) - done - left_out - of_modules() if not is_of_life(name)}
    assert not unsaid, "offer it, or say in docs/api.md why not"


def test_the_guide_names_what_is_left_out() -> None:
    guide = (ROOT / "docs" / "api.md").read_text()

    groups = (*NOT_OFFERED, LIFE, *BY_MODULE)
    assert [group for group in groups if f"| {group} |" not in guide] == []
