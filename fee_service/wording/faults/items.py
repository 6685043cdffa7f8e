"""Faults of names of items: what somebody tells of texts on invoices, and texts and columns that contradict."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

_CODES = (
    "GET /v1/products가 답하는 코드를 적어 주세요.",
    "Write codes as GET /v1/products answers them.",
)
_ONE_OF = ("이 자리에 쓸 수 있는 코드(비슷한 순): {known}.", "Codes that go here, the most similar first: {known}.")

FAULTS: Mapping[str, FaultWording] = {
    # -- names of items --
    "item_text_without_words": FaultWording(
        "Text without words",
        "글자나 숫자가 없는 품목명입니다: {value}.",
        "The text has neither letters nor figures: {value}.",
        "세금계산서에 적힌 품목명을 그대로 적어 주세요.",
        "Write the text as it stands on the invoice.",
    ),
    "item_text_personal": FaultWording(
        "Text with data of a person",
        "품목명에 주민등록번호나 이메일 주소가 들어 있어 보관하지 않습니다.",
        "The text holds a resident number or an e-mail address, which is not kept.",
        "그 부분을 지우고 적어 주세요.",
        "Write it without that part.",
    ),
    "item_name_told_twice": FaultWording(
        "Text that is told twice",
        "{other}번째 이름과 같은 품목명입니다: {value}.",
        "The text is the same as that of name {other}: {value}.",
        "띄어쓰기, 기호, 대소문자, 월은 구별하지 않습니다. 하나만 남겨 주세요.",
        "Blanks, signs, case and months make no difference. Keep one of them.",
    ),
    "item_supplier_told_twice": FaultWording(
        "Supplier that is told twice",
        "같은 공급자가 두 번 있습니다: {value}.",
        "The supplier stands twice: {value}.",
        "한 공급자의 품목명을 한곳에 모아 주세요.",
        "Put the names of a supplier in one place.",
    ),
    "item_name_not_told": FaultWording(
        "Text that is not told",
        "알려진 적이 없어 지울 수 없는 품목명입니다: {value}.",
        "Nothing is told of this text that could be forgotten: {value}.",
        "GET /v1/item-names에서 품목명을 확인해 주세요.",
        "See GET /v1/item-names for what is told.",
    ),
    "item_code_unknown": FaultWording(
        "Unknown code of an item",
        "요금표에 없는 코드입니다: {value}.",
        "No price list has this code: {value}.",
        *_ONE_OF,
    ),
    "item_codes_contradict": FaultWording(
        "Codes that do not go together",
        "다른 코드와 함께 쓸 수 없습니다: {value}.",
        "{value} does not go with the other codes.",
        *_ONE_OF,
        "이 코드를 빼 주세요.",
        "Leave it out.",
    ),
    "item_says_several": FaultWording(
        "Name that says several things",
        "합계이거나 이용료가 아닌 품목에는 요금 코드를 함께 적을 수 없습니다.",
        "A total, or what is none of these goods, has no codes.",
        "total, ignored, 코드 가운데 하나만 적어 주세요.",
        "Give one of total, ignored, or codes.",
    ),
    "item_says_nothing": FaultWording(
        "Name that says nothing",
        "무엇의 품목명인지 적혀 있지 않습니다.",
        "Nothing says what the text is for.",
        "product와 fee를 적거나, 합계면 total, 이용료가 아니면 ignored를 true로 적어 주세요.",
        "Give product and fee; or total of a sum, ignored of other goods, as true.",
    ),
    "item_product_missing": FaultWording(
        "Name without a product",
        "어느 상품인지 정해지지 않습니다.",
        "The codes do not say which product it is.",
        "product를 적어 주세요. 예: securities_a.",
        "Give product, for example securities_a.",
    ),
    "item_names_here_or_there": FaultWording(
        "Field beside suppliers",
        "suppliers와 함께 쓸 수 없는 항목입니다: {field}.",
        "{field} cannot stand beside suppliers.",
        "공급자별로 suppliers 안에 적어 주세요.",
        "Write it inside suppliers, for each of them.",
    ),
    "item_names_changed": FaultWording(
        "Names that were changed",
        "그사이 품목명이 바뀌어 지금은 {value}판입니다.",
        "The names were changed in the meantime; they stand at version {value}.",
        "GET /v1/item-names로 다시 읽은 뒤 보내 주세요.",
        "Read them anew with GET /v1/item-names, then send yours again.",
    ),
    "item_names_changed_meanwhile": FaultWording(
        "Names that others change",
        "같은 공급자의 품목명을 다른 사람이 동시에 바꾸고 있습니다.",
        "Others tell names of the same supplier at the same moment.",
        "잠시 뒤 다시 보내 주세요.",
        "Send it again in a moment.",
    ),
    "invalid_yaml": FaultWording(
        "YAML that cannot be read",
        "{line}행을 YAML로 읽을 수 없습니다.",
        "Line {line} is not YAML that is read here.",
        "들여쓰기와 따옴표를 확인해 주세요. 앵커, 태그, 같은 키의 반복은 받지 않습니다.",
        "Check indentation and quotes; anchors, tags and keys that stand twice are refused.",
    ),
    # -- own columns and texts of lines --
    "line_code_unknown": FaultWording(
        "Unknown code in a column",
        "요금표에 없는 코드나 이름이 적힌 행입니다.",
        "The column holds neither a code nor a name of the price lists.",
        *_CODES,
    ),
    "line_codes_contradict": FaultWording(
        "Columns that contradict",
        "함께 있을 수 없는 코드가 적힌 행입니다.",
        "No price list has the codes of the columns together.",
        *_CODES,
    ),
    "line_texts_contradict": FaultWording(
        "Item and specification that contradict",
        "품목명과 규격이 서로 다른 요금을 가리킵니다.",
        "Item and specification say different fees.",
        "공급자에게 무엇의 이용료인지 확인하고, 품목명과 규격을 함께 알려 주세요.",
        "Ask the supplier what it is for, and tell item and specification together.",
    ),
}
