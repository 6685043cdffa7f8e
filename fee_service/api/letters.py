"""What to ask for of one invoice of a reconciliation: the correction as JSON, the letter as PDF."""

from __future__ import annotations

import hashlib
from typing import cast

import orjson
from flask import Blueprint, Response, current_app

from fee_service.api.replies import JSON
from fee_service.documents.letter import letter, letter_of
from fee_service.documents.press import Press
from fee_service.errors import Fault, FeeError
from fee_service.http.body import query
from fee_service.http.context import call, editions, the_desk
from fee_service.http.files import PATIENCE
from fee_service.http.language import language
from fee_service.reconciliation import asked_for
from fee_service.wording import OneLanguage
from schemas.fields import shown
from schemas.letters import LetterQuerySchema

blueprint = Blueprint("letters", __name__, url_prefix="/v1/reconciliations/<job_id>")


@blueprint.get("/corrections/<invoice_number>")
def correction_of_invoice(job_id: str, invoice_number: str) -> Response:
    """Show the correction to ask for."""
    query()
    told = asked_for.correction(the_desk(), job_id, invoice_number, call())
    return Response(orjson.dumps(told), content_type=JSON)


@blueprint.get("/letters/<invoice_number>.pdf")
def letter_about_invoice(job_id: str, invoice_number: str) -> Response:
    """Send the letter that asks for the correction."""
    wanted: OneLanguage = query(LetterQuerySchema).get("lang") or ("en" if language() == "en" else "ko")
    told = asked_for.of_invoice(the_desk(), job_id, invoice_number, call())
    supplier = editions().onboarding.contacts[0].label
    asked = letter_of(
        told.lines,
        editions(),
        told.run,
        told.day,
        supplier_name=supplier.ko if wanted == "ko" else supplier.en,
        customer_name=told.customer,
    )
    if asked is None:
        raise FeeError([Fault("invoice_is_right", "", {"value": shown(invoice_number)})], asked_for.NOT_FOUND)
    press = cast(Press, current_app.extensions["press"])
    key = hashlib.sha256(orjson.dumps(["letter", told.run, invoice_number, told.customer, wanted])).digest()
    content = press.document(key, lambda: letter(asked, wanted, editions()), PATIENCE)
    response = Response(content, content_type="application/pdf")
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in invoice_number)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
