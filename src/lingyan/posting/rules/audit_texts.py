"""How does the history say in Chinese what was done in 精准选派?"""

from __future__ import annotations

NEEDS_TEXTS = {
    "posting.health_check.started": "建立村情体检",
    "posting.health_check.saved": "保存体检草稿",
    "posting.health_check.submitted": "提交体检",
    "posting.health_check.returned": "退回体检",
    "posting.health_check.review_started": "送部门会商",
    "posting.health_check.opinion": "填写农业农村局会商意见",
    "posting.health_check.confirmed": "确认体检和村类型",
    "posting.health_check.issued": "体检需求清单已下达",
    "posting.health_check.superseded": "体检被新的体检更新",
    "posting.need_list.created": "登记需求清单",
    "posting.need_list.drafted": "由体检生成需求清单",
    "posting.need_list.changed": "修改需求清单",
    "posting.need_list.issued": "下达需求清单",
    "posting.need_list.superseded": "需求清单被新清单更新",
    "posting.pool.recommended": "单位推荐人选",
    "posting.pool.created": "登记储备人选",
    "posting.pool.declared": "修改申报情况",
    "posting.pool.reviewed": "审核推荐人选",
    "posting.pool.admitted": "人选入库",
    "posting.pool.selected": "人选已选派",
    "posting.pool.returned": "人选期满返回",
    "posting.pool.removed": "人选出库",
    "posting.evidence.recorded": "登记能力佐证",
    "posting.evidence.verified": "核实能力佐证",
}

AUDIT_TEXTS = {**NEEDS_TEXTS}
