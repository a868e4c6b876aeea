"""When is a Party organization set up, changed and dissolved, and does it have the right size?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class OrganizationKind(Choice):
    """依据：1.4。"""

    TOWNSHIP_COMMITTEE = "township_committee", "乡镇党委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    GROUP = "group", "党小组"
    LEADING_GROUP = "leading_group", "党组"
    AGENCY_COMMITTEE = "agency_committee", "机关党委"
    CHAIN_BRANCH = "chain_branch", "产业链党支部"


class OrganizationDomain(Choice):
    """依据：1.4。"""

    VILLAGE = "village", "行政村"
    COMMUNITY = "community", "社区"
    TOWNSHIP = "township", "乡镇机关"
    AGENCY = "agency", "机关"
    INSTITUTION = "institution", "事业单位"
    SOE = "soe", "国有企业"
    PRIVATE = "private", "两新组织"
    CHAIN = "chain", "产业链"


class OrganizationState(Choice):
    """依据：1.4 状态表。"""

    PREPARING = "preparing", "筹备"
    ACTIVE = "active", "正常"
    REORGANIZING = "reorganizing", "调整中"
    MERGED = "merged", "已合并"
    DISSOLVED = "dissolved", "已撤销"


STANDING = (OrganizationState.ACTIVE.value, OrganizationState.REORGANIZING.value)
