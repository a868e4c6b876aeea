"""Which sheets fill terms, Party organizations and reserve cadres, through the ordinary actions?"""

from lingyan.organization.imports import party_organizations, reserve, terms

KINDS = (terms.KIND, party_organizations.KIND, reserve.KIND)

__all__ = ["KINDS"]
