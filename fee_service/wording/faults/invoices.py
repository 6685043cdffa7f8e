"""Faults of files of invoices: that cannot be taken at all, and rows and values in them that say nothing certain."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

_AGAIN = ("Excel에서 열어 XLSX로 다시 저장한 뒤 보내 주세요.", "Open it in Excel, save it anew as XLSX, and send that.")
_SPLIT = ("파일을 나누어 보내 주세요.", "Split it and send the parts.")
_AS_WON = ("1,483,870처럼 원 단위 정수로 적어 주세요.", "Write whole won, like 1,483,870.")
_AS_TEXT = (
    "해당 열을 텍스트 형식으로 바꾸고 번호를 다시 적어 주세요.",
    "Give the column the format Text and enter the numbers anew.",
)

FAULTS: Mapping[str, FaultWording] = {
    # -- files of invoices --
    "file_too_large": FaultWording(
        "File that is too large",
        "파일이 {most}MB보다 큽니다.",
        "The file is larger than {most} MB.",
        *_SPLIT,
    ),
    "file_kind_unknown": FaultWording(
        "File of a kind that is not read",
        "세금계산서 파일로 읽을 수 없는 형식입니다.",
        "The file is of a kind that holds no invoices to be read.",
        "XML, XLSX, XLS, CSV, Parquet, JSON 파일이나 그 ZIP을 보내 주세요.",
        "Send XML, XLSX, XLS, CSV, Parquet, JSON, or a ZIP of them.",
    ),
    "file_line_too_long": FaultWording(
        "Line that is too long",
        "{most}바이트보다 긴 줄이 있습니다.",
        "A line is longer than {most} bytes.",
        "줄바꿈이 사라진 파일이 아닌지 확인해 주세요.",
        "See whether the file has lost its line breaks.",
    ),
    "file_columns_too_many": FaultWording(
        "Too many columns",
        "열이 {most}개보다 많습니다.",
        "There are more than {most} columns.",
        "쓰지 않는 열을 지운 뒤 보내 주세요.",
        "Remove the columns that are not used.",
    ),
    "header_not_found": FaultWording(
        "No header of an invoice list",
        "처음 31행 안에서 세금계산서 목록의 열 이름(공급가액 등)을 찾지 못했습니다.",
        "Among the first 31 rows none has the column names of a list of invoices (공급가액, amount and the like).",
        "열 이름이 있는 행을 31행 안에 두고, 금액 열과 다른 열을 하나 이상 넣어 주세요.",
        "Put a row of names among the first 31, with a column of amounts and one more at least.",
    ),
    "column_stands_twice": FaultWording(
        "Column that stands twice",
        "같은 이름의 열이 둘 있어 어느 쪽인지 알 수 없습니다: {column}",
        "Two columns have one name, and nothing tells which one counts: {column}",
        "하나를 지우거나 품목공급가액처럼 이름을 구별해 주세요.",
        "Remove one, or tell them apart, like 품목공급가액.",
    ),
    "amounts_not_in_won": FaultWording(
        "Amounts that are not in won",
        "금액이 원 단위가 아닙니다(단위: {unit}).",
        "The amounts are not in won (unit: {unit}).",
        "원 단위 금액으로 다시 내려받아 보내 주세요.",
        "Export them anew in won.",
    ),
    "html_without_table": FaultWording(
        "HTML without a table",
        "표가 없는 HTML 파일입니다.",
        "This is an HTML page without a table.",
        *_AGAIN,
    ),
    "xml_unreadable": FaultWording(
        "XML that cannot be read",
        "XML 문법에 맞지 않거나 선언한 인코딩과 다른 파일입니다.",
        "The XML is not well-formed, or not in the encoding that it declares.",
        "발급 서비스나 홈택스에서 다시 내려받아 보내 주세요.",
        "Download it anew from Hometax or the issuing service.",
    ),
    "xml_with_doctype": FaultWording(
        "XML with a DOCTYPE",
        "DOCTYPE이나 ENTITY가 있는 XML은 받지 않습니다.",
        "XML with a DOCTYPE or an ENTITY is not taken.",
        "전자세금계산서 원본 XML을 보내 주세요.",
        "Send the e-tax invoice as it was issued; it has neither.",
    ),
    "xml_of_no_invoice": FaultWording(
        "XML that is no e-tax invoice",
        "전자세금계산서(TaxInvoice)가 아닌 XML입니다.",
        "The XML holds no e-tax invoice (TaxInvoice).",
        "전자세금계산서 XML을 보내 주세요.",
        "Send the XML of e-tax invoices.",
    ),
    "invoice_json_unreadable": FaultWording(
        "JSON that cannot be read",
        "세금계산서로 읽을 수 없는 JSON입니다({line}번째 줄).",
        "The JSON cannot be read as invoices (line {line}).",
        "객체나 객체의 배열을 보내고, 한 객체에 같은 이름을 두 번 쓰지 마세요.",
        "Send an object or an array of objects, each name once in an object.",
    ),
    "parquet_unreadable": FaultWording(
        "Parquet that cannot be read",
        "깨졌거나 잘린 Parquet 파일입니다.",
        "The Parquet file is damaged or cut off.",
        "파일을 다시 만들어 보내 주세요.",
        "Write the file anew and send it.",
    ),
    "parquet_too_large": FaultWording(
        "Parquet that holds too much",
        "Parquet 파일에 든 것이 너무 많습니다(최대 {rows}행).",
        "The Parquet file holds too much ({rows} rows at most).",
        *_SPLIT,
    ),
    "parquet_text_too_long": FaultWording(
        "Text that is too long",
        "{most}바이트보다 긴 글자 값이 있습니다.",
        "A text is longer than {most} bytes.",
        "그 열을 빼고 보내 주세요.",
        "Leave out that column.",
    ),
    "archive_unreadable": FaultWording(
        "ZIP that cannot be read",
        "깨졌거나 잘린 ZIP 파일입니다.",
        "The ZIP file is damaged or cut off.",
        "다시 압축하여 보내 주세요.",
        "Pack it anew and send it.",
    ),
    "archive_too_large": FaultWording(
        "ZIP that holds too much",
        "ZIP 파일을 풀면 너무 큽니다(최대 {files}개, {most}MB).",
        "The ZIP file unpacks to too much ({files} files, {most} MB at most).",
        *_SPLIT,
    ),
    "archive_encrypted": FaultWording(
        "ZIP with a password",
        "암호가 걸린 ZIP 파일입니다.",
        "The ZIP file is protected by a password.",
        "암호 없이 압축하여 보내 주세요.",
        "Pack it without a password.",
    ),
    "archive_in_archive": FaultWording(
        "ZIP in a ZIP",
        "ZIP 안에 다른 ZIP이 있습니다.",
        "There is another ZIP in the ZIP.",
        "안쪽 ZIP을 풀어서 보내 주세요.",
        "Unpack the inner one first.",
    ),
    "preview_not_in_time": FaultWording(
        "Preview that takes too long",
        "{seconds}초 안에 미리 볼 수 없는 파일입니다.",
        "The files cannot be looked at within {seconds} seconds.",
        "미리보기 없이 대조를 요청하거나 파일을 나누어 보내 주세요.",
        "Have them reconciled without a preview, or split them.",
    ),
    # -- rows and values of invoices --
    "row_without_header": FaultWording(
        "Row of a sheet without a header",
        "열 이름이 없는 시트의 행입니다.",
        "The row is on a sheet without column names.",
        "세금계산서 시트라면 열 이름을 넣어 주세요.",
        "If the sheet holds invoices, give it column names.",
    ),
    "row_quote_unclosed": FaultWording(
        "Quote that is not closed",
        "따옴표가 닫히지 않아 이 줄을 읽을 수 없습니다.",
        "The line has a quote that is not closed.",
        "따옴표를 닫거나 지워 주세요. 다음 줄은 그대로 읽었습니다.",
        "Close the quote or remove it; the lines behind it are read.",
    ),
    "row_cells_too_many": FaultWording(
        "More cells than columns",
        "열보다 칸이 많은 줄입니다. 금액의 쉼표가 칸을 나눈 것일 수 있습니다.",
        "The line has more cells than there are columns; the commas of an amount may have cut it.",
        "쉼표가 든 금액은 따옴표로 묶어 주세요.",
        "Put amounts with commas into quotes.",
    ),
    "day_unreadable": FaultWording(
        "Day that cannot be read",
        "날짜로 읽을 수 없는 값입니다.",
        "The value is no day.",
        "2026-12-09처럼 적어 주세요.",
        "Write it like 2026-12-09.",
    ),
    "month_unreadable": FaultWording(
        "Month that cannot be read",
        "월로 읽을 수 없는 값입니다.",
        "The value is no month.",
        "2026-12처럼 적어 주세요.",
        "Write it like 2026-12.",
    ),
    "business_number_unreadable": FaultWording(
        "Business number that cannot be read",
        "사업자등록번호가 아니거나 검증번호가 맞지 않습니다.",
        "The value is no business number, or its check digit is wrong.",
        "999-87-00021처럼 10자리로 적어 주세요.",
        "Write its 10 digits, like 999-87-00021.",
    ),
    "invoice_number_unreadable": FaultWording(
        "Invoice number that cannot be read",
        "승인번호로 읽을 수 없는 값입니다.",
        "The value is no number of an invoice.",
        *_AS_TEXT,
    ),
    "quantity_unreadable": FaultWording(
        "Quantity that cannot be read",
        "수량으로 읽을 수 없는 값입니다.",
        "The value is no quantity.",
        "1이나 2.5처럼 적어 주세요.",
        "Write it like 1 or 2.5.",
    ),
    "digits_lost": FaultWording(
        "Digits that are lost",
        "숫자 칸에 저장되어 뒷자리가 사라진 번호입니다.",
        "The number was kept as a numeric cell and has lost digits.",
        *_AS_TEXT,
    ),
    # -- amounts of invoices that are no whole won --
    "amount_missing": FaultWording(
        "Amount that is missing",
        "금액이 없습니다.",
        "There is no amount.",
        *_AS_WON,
    ),
    "amount_with_fraction": FaultWording(
        "Amount with a fraction",
        "원 미만이 있는 금액입니다.",
        "The amount has a fraction of a won.",
        *_AS_WON,
    ),
    "amount_in_exponent": FaultWording(
        "Amount with an exponent",
        "1E6처럼 지수로 적힌 금액입니다.",
        "The amount is written with an exponent, like 1E6.",
        *_AS_WON,
    ),
    "amount_in_hexadecimal": FaultWording(
        "Amount in hexadecimal",
        "0x10처럼 16진수로 적힌 금액입니다.",
        "The amount is written in hexadecimal, like 0x10.",
        *_AS_WON,
    ),
    "amount_with_underscores": FaultWording(
        "Amount with underscores",
        "1_000처럼 밑줄이 든 금액입니다.",
        "The amount has underscores, like 1_000.",
        *_AS_WON,
    ),
    "amount_with_dots": FaultWording(
        "Amount grouped by dots",
        "1.483.870이나 1.000처럼 점으로 자리를 나누었거나 나눈 것일 수 있는 금액입니다.",
        "The amount is grouped by dots, or may be, like 1.483.870 or 1.000.",
        *_AS_WON,
    ),
    "amount_commas_misplaced": FaultWording(
        "Amount with misplaced commas",
        "쉼표가 세 자리마다 있지 않은 금액입니다.",
        "The commas of the amount do not stand at every third digit.",
        *_AS_WON,
    ),
    "amount_formula_uncomputed": FaultWording(
        "Formula without a value",
        "계산되지 않은 수식입니다.",
        "The cell is a formula that was not computed.",
        "Excel에서 열어 계산한 뒤 저장해 주세요.",
        "Open it in Excel, let it compute, and save it.",
    ),
    "amount_error_cell": FaultWording(
        "Cell in error",
        "#DIV/0!처럼 오류인 칸입니다.",
        "The cell is in error, like #DIV/0!.",
        "오류를 고친 뒤 다시 저장해 주세요.",
        "Mend the error and save it anew.",
    ),
    "amount_in_korean_units": FaultWording(
        "Amount in thousands or ten thousands",
        "148만원처럼 단위를 붙여 적은 금액입니다.",
        "The amount is written with a unit of thousands or more, like 148만원.",
        *_AS_WON,
    ),
    "amount_in_other_currency": FaultWording(
        "Amount in another currency",
        "원화가 아닌 금액입니다.",
        "The amount is not in won.",
        *_AS_WON,
    ),
    "amount_is_a_day": FaultWording(
        "Day in place of an amount",
        "금액 칸에 날짜가 있습니다.",
        "The cell of the amount holds a day.",
        "칸의 서식을 숫자로 바꾸고 금액을 다시 적어 주세요.",
        "Give the cell the format Number and enter the amount anew.",
    ),
    "amount_beyond_bound": FaultWording(
        "Amount that is too large",
        "10조 원 이상인 금액입니다.",
        "The amount is ten trillion won or more.",
        *_AS_WON,
    ),
    "amount_not_a_number": FaultWording(
        "Text in place of an amount",
        "금액으로 읽을 수 없는 값입니다.",
        "The value is no amount.",
        *_AS_WON,
    ),
}
