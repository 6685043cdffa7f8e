"""Names of items: what texts on a supplier's invoices are for, as it is told and as it is answered."""

from __future__ import annotations

from marshmallow import Schema

from fee_service.published.item_texts import LONGEST
from schemas import kinds as a
from schemas.fields import BusinessNumber, Flag, ListOf, Name, Nest, StrictSchema, Whole, Words
from schemas.quote import LONGEST_ID, says
from schemas.stored import MOST_ON_A_PAGE, USUAL_ON_A_PAGE, WrittenWhole

MOST_AT_ONCE = 1_000  # names of a supplier
MOST_SUPPLIERS = 100
SUPPLIER = says("Business number of the supplier.", examples=["999-81-00015"])
TEXT = says("As it stands on the invoice; a month in it is left out.", examples=["주식실시간A 기본료 (소매사업 전용)"])


class ItemNameSchema(StrictSchema):
    """A text, and what it is for."""

    text = Name(LONGEST, required=True, metadata=TEXT)
    specification = Name(LONGEST, allow_none=True, metadata=says("Where the text alone does not decide."))
    fee = Words(LONGEST_ID, allow_none=True, metadata=says("A fee of the price lists.", examples=["base_fee"]))
    agreement = Words(LONGEST_ID, allow_none=True, metadata=says("A contract of the price lists; may be left open."))
    product = Words(LONGEST_ID, allow_none=True, metadata=says("A product.", examples=["securities_a"]))
    option = Words(LONGEST_ID, allow_none=True, metadata=says("Left open, the contract's licence decides."))
    user_type = Words(LONGEST_ID, allow_none=True, metadata=says("Of a usage fee; may be left open."))
    total = Flag(metadata=says("Whether it is the sum of an invoice.", default=False))
    ignored = Flag(metadata=says("Whether it is none of these goods: its lines are not judged.", default=False))
    forgotten = Flag(metadata=says("Whether what was told of this text holds no more.", default=False))


class SupplierNamesSchema(StrictSchema):
    """What is told for one supplier; what was told of other texts goes on."""

    supplier = BusinessNumber(required=True, metadata=SUPPLIER)
    version = Whole(allow_none=True, metadata=says("The version that was seen, 0 of nothing; another one is refused."))
    replace = Flag(metadata=says("Whether all that was told before holds no more.", default=False))
    names = ListOf(Nest(ItemNameSchema), MOST_AT_ONCE, required=True, metadata=says("All or none are taken."))


class ItemNamesSchema(StrictSchema):
    """Names of one supplier, or `suppliers` with those of several; all or none are taken."""

    at_least_one_of = ("supplier", "suppliers")

    supplier = BusinessNumber(metadata=SUPPLIER)
    version = Whole(allow_none=True, metadata=says("The version that was seen, 0 of nothing; another one is refused."))
    replace = Flag(metadata=says("Whether all that was told before holds no more.", default=False))
    names = ListOf(Nest(ItemNameSchema), MOST_AT_ONCE, metadata=says("All or none are taken."))
    suppliers = ListOf(Nest(SupplierNamesSchema), MOST_SUPPLIERS, least=1, metadata=says("In place of all others."))


class ItemNamesQuerySchema(StrictSchema):
    """Which names to list; of a text also what it means now, and the names most like it."""

    supplier = BusinessNumber(metadata=SUPPLIER)
    text = Name(LONGEST, metadata=says("Names that hold this text."))
    specification = Name(LONGEST, metadata=says("Of the line that the text is from."))
    limit = WrittenWhole(1, MOST_ON_A_PAGE, metadata=says("Suppliers on the page.", default=USUAL_ON_A_PAGE))
    cursor = Words(100, metadata=says("`next_cursor` of the page before, with the same filters."))


class ItemNamesFileQuerySchema(StrictSchema):
    """Whose names to write."""

    supplier = BusinessNumber(metadata=SUPPLIER)


# -- answers -------------------------------------------------------------------------------------------


class ToldNameSchema(Schema):
    """A text, and what it is for; codes that are null are left open."""

    text = a.text()
    specification = a.text(nullable=True)
    fee = a.text(nullable=True)
    agreement = a.text(nullable=True)
    product = a.text(nullable=True)
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    total = a.flag()
    ignored = a.flag()
    since = a.number("The version that told it.")


class ToldNamesSchema(Schema):
    """What holds for a supplier."""

    supplier = a.text("Business number.")
    version = a.number()
    entered_at = a.text("Time in Korea.")
    entered_by = a.text("Id of the API key.")
    names = a.many(ToldNameSchema)


class UnderstoodNameSchema(Schema):
    """What a text means now; null codes are left open."""

    fee = a.text(nullable=True)
    agreement = a.text(nullable=True)
    product = a.text(nullable=True)
    option = a.text(nullable=True)
    user_type = a.text(nullable=True)
    total = a.flag()
    ignored = a.flag()


class SuggestedNameSchema(UnderstoodNameSchema):
    """A known text like one that is asked for; nothing is decided by it."""

    text = a.text()
    specification = a.text(nullable=True)
    source = a.word("told", "published")
    score = a.number("How much alike they are, up to 100.")


class ItemNamesAnswerSchema(Schema):
    """A page of suppliers with what is told for each."""

    suppliers = a.many(ToldNamesSchema, "In the order of their numbers.")
    next_cursor = a.text("Of the following page; null on the last one.", nullable=True)
    understood = a.one(
        UnderstoodNameSchema, "Of the text that is asked for; null where nobody knows it.", nullable=True
    )
    suggestions = a.many(SuggestedNameSchema, "At most three, those most like it first.")


class TakenNamesSchema(Schema):
    """What became of the names of a supplier."""

    supplier = a.text("Business number.")
    version = a.number("The one that holds now.")
    names = a.number("How many hold now.")
    changed = a.flag("False where all of it held before.")


class ItemNamesTakenSchema(Schema):
    """What became of names that were told."""

    suppliers = a.many(TakenNamesSchema)
