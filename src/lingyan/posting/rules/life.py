"""Who moves a posting on from appointment to its end, and what must hold (2.6)?"""

from __future__ import annotations

from lingyan.common.flow import Transition, fan_in
from lingyan.posting.rules.hands import (
    ADMIN,
    HAND_OVER,
    LEADER,
    STAFF,
    SYSTEM,
    TOWN,
    UNIT,
)
from lingyan.posting.rules.words import IN_POST, POST_HELD, PostingState

_S = PostingState
AT_WORK = (_S.ACTIVE.value, _S.EXTENDED.value)
HELD = tuple(state.value for state in PostingState if state in POST_HELD)
POSTED_NOW = tuple(state.value for state in PostingState if state in IN_POST)
RECALLABLE = tuple(state for state in POSTED_NOW if state != _S.RECALL_PENDING)
RECALL_PROPOSERS = (*STAFF, "town_secretary")

POSTING_FLOW: tuple[Transition, ...] = (
    Transition("", "appoint", "appointed", ADMIN, "选派", "批次已发文，有文号", "2.6"),
    Transition("appointed", "train", "trained", STAFF, "登记岗前培训", "培训不少于 16 学时", "2.6"),
    Transition("trained", "arrive", "active", TOWN, "确认到岗",
               "人身意外伤害保险覆盖整个任期，党组织关系已开始转接", "2.6"),
    *fan_in(AT_WORK,
            Transition("", "leave", "on_leave", (*TOWN, *STAFF, *SYSTEM), "请假离村",
                       "请假已批准，已到请假第一天", "R-2-23")),
    Transition("on_leave", "return", "active", (*TOWN, "village_secretary", "village_org"),
               "销假", "本人已返岗", "R-2-23"),
    *fan_in((*AT_WORK, "on_leave"),
            Transition("", "suspend", "suspended", STAFF, "暂停履职",
                       "写明原因（健康、接受调查），明确代理人", "2.6")),
    Transition("suspended", "resume", "active", STAFF, "恢复履职", "写明依据", "2.6"),
    *fan_in(("active", "term_appraised"),
            Transition("", "extend", "extended", LEADER, "延期",
                       "写明理由和新的期满日；经办人不是决定人", "2.6")),
    Transition("extended", "continue", "active", (*STAFF, *TOWN), "延期已到位",
               "本人、单位和村都已知悉", "2.6"),
    *fan_in(RECALLABLE,
            Transition("", "propose_recall", "recall_pending", RECALL_PROPOSERS, "提出召回",
                       "已核实，本人已陈述，单位已有意见", "2.10")),
    Transition("recall_pending", "recall", "recalled", LEADER, "决定召回",
               "集体研究决定，附本人陈述", "2.10"),
    Transition("recall_pending", "drop_recall", "active", (*LEADER, *STAFF), "不予召回",
               "写明理由", "2.10"),
    *fan_in(AT_WORK,
            Transition("", "appraise_term", "term_appraised", (*STAFF, *UNIT), "期满考察",
                       "任期届满，或距届满不超过 60 天", "2.6")),
    *fan_in(HELD,
            Transition("", "hand_over", "handed_over", HAND_OVER, "办理交接",
                       "接任者已到任，交接期已满；写明交接清单；村不在软弱涣散整顿中",
                       "R-2-04、G-1")),
    Transition("handed_over", "complete", "completed", ADMIN, "期满离任",
               "交接已办；村不在软弱涣散整顿中", "G-1"),
    *fan_in(HELD,
            Transition("", "transfer", "transferred", LEADER, "调整到其他村",
                       "写明理由，有文号；经办人不是决定人；原村不在软弱涣散整顿中", "G-1")),
    *fan_in(POSTED_NOW,
            Transition("", "cease", "ceased", STAFF, "终止派驻",
                       "去世、被羁押或被开除等，当日办理，有文件", "2.6")),
)  # fmt: skip
