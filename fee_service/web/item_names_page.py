"""What texts on invoices are for: what is told for each supplier, and a form to tell or take back more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fee_service.errors import FeeError
from fee_service.finance import listing_item_names, telling_item_names
from fee_service.http.context import the_desk
from fee_service.strict_json import Data
from fee_service.web.item_meanings import meanings, says_of, words_of
from fee_service.web.languages import page_language
from fee_service.web.reconciled import filters_of
from fee_service.web.saying import message
from fee_service.web.shell import blueprint, call, page
from schemas import load
from schemas.item_names import ItemNamesQuerySchema, ItemNamesSchema

ON_A_PAGE = 20  # suppliers
FILTERS = ("supplier", "text")
FORGOTTEN = "forgotten"  # what was told of a text holds no more
Told = tuple[str, str, str, str]  # supplier, text, specification, meaning as the value of a form


@blueprint.get("/item-names")
def item_names_page() -> Response:
    """The names that the filters want, by supplier."""
    return _page()


def _page(status: int = 200, told: FeeError | None = None) -> Response:
    typed = filters_of(request.args, FILTERS)
    found: Data = {"suppliers": [], "next_cursor": None, "understood": None, "suggestions": []}
    wrong = [] if told is None else [message(fault, page_language()) for fault in told.faults]
    try:
        found = _found(typed)
    except FeeError as error:
        if error.status >= 500:
            raise
        status, wrong = error.status, [*wrong, *(message(fault, page_language()) for fault in error.faults)]
    following = found["next_cursor"]
    return page(
        "item_names.html",
        status,
        suppliers=[{**each, "names": [_shown(name) for name in each["names"]]} for each in found["suppliers"]],
        understood=words_of(found["understood"]) if found["understood"] else None,
        likely=[_shown(each) for each in found["suggestions"]],
        is_filtered=bool(typed),
        next_page=_address(**typed, cursor=following) if following else None,
        meanings=meanings(),
        form={**request.args, **request.form},
        errors={},
        wrong=wrong,
    )


def _address(**wanted: Any) -> str:
    return url_for("web.item_names_page", **wanted)


def _found(typed: dict[str, str]) -> Data:
    cursor = {"cursor": request.args["cursor"]} if "cursor" in request.args else {}
    loaded = load(ItemNamesQuerySchema, {**typed, "limit": str(ON_A_PAGE), **cursor})
    if loaded.faults:
        raise FeeError(loaded.faults)
    return listing_item_names.list_item_names(the_desk(), loaded.values, call())


def _shown(name: Data) -> Data:
    return {**name, "words": words_of(name)}


@blueprint.get("/item-names.yaml")
def item_names_file() -> Response:
    """All that holds now, as the file that is taken back."""
    content = listing_item_names.written_item_names(the_desk(), None, call())
    answer = Response(content, content_type="application/yaml")
    answer.headers["Content-Disposition"] = 'attachment; filename="item-names.yaml"'
    return answer


@blueprint.post("/item-names")
def tell_item_name() -> AnyResponse:
    """Keep what a text is for, or that what was told of it holds no more; then the names of its supplier."""
    supplier = request.form.get("told_supplier", "").strip()
    text = request.form.get("told_text", "").strip()
    told = (supplier, text, request.form.get("told_specification", "").strip(), request.form.get("meaning", ""))
    try:
        tell([told])
    except FeeError as error:
        if error.status >= 500:
            raise
        return _page(error.status, error)
    return redirect(url_for("web.item_names_page", supplier=supplier), 303)


def tell(told: Iterable[Told]) -> None:
    """Keep names of several suppliers, all or none. Raises FeeError (409, 422) and StorageError."""
    suppliers: dict[str, list[Data]] = {}
    for supplier, text, specification, meaning in told:
        says = {"forgotten": True} if meaning == FORGOTTEN else says_of(meaning)
        suppliers.setdefault(supplier, []).append({"text": text, "specification": specification or None, **says})
    body = {"suppliers": [{"supplier": supplier, "names": names} for supplier, names in suppliers.items()]}
    telling_item_names.tell(the_desk(), load(ItemNamesSchema, body), call())


def told_in_form() -> Sequence[Told]:
    """The names of the form of a preview that somebody has chosen a meaning for."""
    fields = (request.form.getlist(name) for name in ("supplier", "text", "specification", "meaning"))
    return [told for told in zip(*fields, strict=False) if told[3]]
