"""Where are the pages on which one pair asks another for its part?"""

from __future__ import annotations

from django.urls import path

from lingyan.pairing.views import invitations

ONE = "invitations/<uuid:pair_invitation_id>"

INVITATION_PATTERNS = [
    path("invitations/", invitations.pair_invitation_list, name="pair_invitation_list"),
    path(f"{ONE}/", invitations.pair_invitation, name="pair_invitation"),
    path(f"{ONE}/withdraw/", invitations.pair_invitation_withdraw, name="pair_invitation_withdraw"),
    path("activities/<uuid:activity_id>/ask/", invitations.activity_ask, name="activity_ask"),
    path("funds/<uuid:pair_fund_id>/ask/", invitations.pair_fund_ask, name="pair_fund_ask"),
]
