"""Signing in with an API key, and out again."""

from __future__ import annotations

import re

from flask import Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import FeeError
from fee_service.http.refusals import noted, require_patience
from fee_service.web.compare_page import comparison
from fee_service.web.desk_page import form_page
from fee_service.web.estimating import estimate
from fee_service.web.filling_in import Form
from fee_service.web.languages import _, page_language
from fee_service.web.saying import message
from fee_service.web.sessions import seated, sign_in, sign_out
from fee_service.web.shell import blueprint, page

KEPT = "kept."
# A path from the root. Two slashes would begin another host's name; browsers take a backslash for a slash and leave
# out what cannot be seen.
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@blueprint.get("/sign-in")
def sign_in_page() -> AnyResponse:
    """Ask for a key."""
    if seated() is not None:
        return redirect(_inside(request.args.get("next")))
    return page("sign_in.html", next=request.args.get("next", "/"))


@blueprint.post("/sign-in")
def sign_in_now() -> AnyResponse:
    """Begin a session and go on where it was needed, with everything that was typed."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name.startswith(KEPT)]
    typed: Form = MultiDict((name.removeprefix(KEPT), value) for name, value in kept)
    key = request.form.get("key", "")
    if "lang" in request.form:  # only the language is to be another
        return page("sign_in.html", kept=_kept(typed), next=request.form.get("next", "/"))
    require_patience()
    try:
        if not key.strip():
            return _again(typed, _("Enter your API key."))
        sign_in(key)
    except FeeError as error:
        refusal = noted(error)
        if refusal is not error:
            raise refusal from error
        return _again(typed, message(error.faults[0], page_language()))
    if typed and request.form.get("next") == url_for("web.compare_page"):
        return comparison(typed)
    if typed:
        return form_page(typed, estimate(typed))
    return redirect(_inside(request.form.get("next")), 303)


@blueprint.post("/sign-out")
def sign_out_now() -> AnyResponse:
    """End the session."""
    sign_out()
    return redirect(url_for("web.sign_in_page"), 303)


def _again(typed: Form, wrong: str) -> Response:
    return page("sign_in.html", 422, kept=_kept(typed), wrong=wrong, next=request.form.get("next", "/"))


def _kept(typed: Form) -> list[tuple[str, str]]:
    return list(typed.items(multi=True))


def _inside(wanted: str | None) -> str:
    """An address of this service; the desk for any other, and for what is none."""
    address = wanted or "/"
    is_own = OWN_ADDRESS.fullmatch(address) is not None
    return address if is_own else "/"
