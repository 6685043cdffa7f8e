"""pricing_tables/item_names.yaml: the words of invoices, and what each says."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from fee_service.published.item_texts import LONGEST, item_text
from fee_service.published.item_words import CODES
from schemas.edition_fields import Block, Flag, Name, Several, StrictSchema, Words, refusal


class ItemText(Words):
    """A text of an item, of which something is left to compare."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > LONGEST:
            raise refusal("is too long", f"Write {LONGEST} characters at most.")
        if not item_text(text).key():
            raise refusal("holds neither letters nor figures", "Write the text as it stands on invoices.")
        return text


class ItemNameSchema(StrictSchema):
    text = ItemText(required=True)
    fee = Name()
    agreement = Name()
    product = Name()
    option = Name()
    user_type = Name()
    total = Flag(load_default=False)
    ignored = Flag(load_default=False)

    @validates_schema
    def says_one_thing(self, data: dict[str, Any], **_: Any) -> None:
        kinds = [data.get("total"), data.get("ignored"), any(code in data for code in CODES)]
        if sum(map(bool, kinds)) > 1:
            hint = "A total of an invoice, and what is ignored, has no codes; keep one of them."
            raise refusal("says several things", hint, at="text")


class ItemNamesSchema(StrictSchema):
    corrections = Several(ItemText(), required=True)
    names = Several(Block(ItemNameSchema), required=True)
