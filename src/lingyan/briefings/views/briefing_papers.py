"""A briefing as it is printed, as a Word file, and as a bundle that is checked elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from lingyan.briefings.exports.issued import bundle_of, digest_of, file_name, paper_of, word_of
from lingyan.briefings.models import Briefing
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.rules.briefing_words import PUBLIC
from lingyan.briefings.rules.briefings import READERS
from lingyan.briefings.rules.bundle import write_bundle
from lingyan.briefings.rules.paper import title_lines, written_day
from lingyan.common.document import WORD
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.files import attached

ZIP = "application/zip"
LIST = "list"


@page(*READERS)
def briefing_print(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    briefing = queries.get_briefing(request.actor, briefing_id)
    paper = paper_of(briefing, request.actor)
    context = {
        "briefing": briefing,
        "paper": paper,
        "title_lines": title_lines(paper.title),
        "day": written_day(paper.signed_on) if paper.signed_on else "",
        "shows_list": LIST in request.GET,
        "digest": digest_of(briefing) if briefing.state in PUBLIC else "",
    }
    return render(request, "briefings/briefing_print.html", context)


@page(*READERS)
def briefing_word(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    briefing = queries.get_briefing(request.actor, briefing_id)
    content = word_of(briefing, request.actor, shows_list=LIST in request.GET)
    return attached(content, WORD, file_name(briefing, ".docx"))


@page(*READERS)
def briefing_bundle(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    """Of what was issued, and of nothing that may still change."""
    briefing = _issued(request, briefing_id)
    return attached(write_bundle(bundle_of(briefing)), ZIP, file_name(briefing, ".zip"))


def _issued(request: ActedRequest, briefing_id: UUID) -> Briefing:
    briefing = queries.get_briefing(request.actor, briefing_id)
    if briefing.state not in PUBLIC:
        raise Http404
    return briefing
