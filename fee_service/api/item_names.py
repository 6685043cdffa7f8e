"""Names of items: what texts on a supplier's invoices are for, told as JSON or YAML."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from fee_service.api.replies import JSON, answer
from fee_service.errors import Fault, FeeError
from fee_service.finance.listing_item_names import list_item_names, written_item_names
from fee_service.finance.telling_item_names import tell
from fee_service.http.body import admit_file, posted, query, sent_file
from fee_service.http.context import call, the_desk
from fee_service.http.yaml_body import TYPES, loaded_yaml
from schemas.fields import shown
from schemas.item_names import ItemNamesFileQuerySchema, ItemNamesQuerySchema, ItemNamesSchema

blueprint = Blueprint("item_names", __name__, url_prefix="/v1")

LARGEST_FILE = 1_000_000  # bytes, as any other body
YAML = TYPES[0]


@blueprint.put("/item-names")
def tell_item_names() -> Response:
    """Tell what texts are for, all or none."""
    kind = admit_file(LARGEST_FILE)
    asking = call()
    if kind is None:
        loaded, _ = posted(ItemNamesSchema)
        return answer(tell(the_desk(), loaded, asking))
    if kind not in TYPES:
        raise FeeError([Fault("unsupported_file_type", "", {"value": shown(kind), "known": TYPES})], 415)
    query()
    return answer(tell(the_desk(), loaded_yaml(sent_file(), ItemNamesSchema), asking))


@blueprint.get("/item-names")
def list_all_item_names() -> Response:
    """List what is told, and say what a text means."""
    page = list_item_names(the_desk(), query(ItemNamesQuerySchema), call())
    return Response(orjson.dumps(page), content_type=JSON)


@blueprint.get("/item-names.yaml")
def write_item_names() -> Response:
    """All that holds now, as a file that is taken back."""
    wishes = query(ItemNamesFileQuerySchema)
    return Response(written_item_names(the_desk(), wishes.get("supplier"), call()), content_type=YAML)
