"""Faults of tables of licences that are rated in bulk: the file, its columns, and rows that do not go together."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- tables of licences --
    "table_unreadable": FaultWording(
        "Table that cannot be read",
        "표로 읽을 수 없는 파일입니다: {why}.",
        "The file cannot be read as a table: {why}.",
        "Parquet 파일(.parquet)이나 UTF-8 CSV 파일(.csv)로 저장해 주세요.",
        "Save it as Parquet (.parquet) or as CSV in UTF-8 (.csv).",
    ),
    "table_empty": FaultWording(
        "Table without rows",
        "행이 하나도 없습니다.",
        "There is no row.",
        "라이선스마다 한 행씩 적어 주세요.",
        "Write one row for each licence.",
    ),
    "table_too_large": FaultWording(
        "Table that holds too much",
        "표가 너무 큽니다: {what} {count}, 최대 {maximum}.",
        "The table holds too much: {what} {count}, at most {maximum}.",
        "여러 표로 나누어 주세요. 같은 계약의 행은 한 표에 두어야 합니다.",
        "Split it into several; all rows of one contract belong into one.",
    ),
    "table_row_malformed": FaultWording(
        "Row with another number of cells",
        "칸의 수가 열의 수와 다릅니다(칸 {cells}개, 열 {columns}개).",
        "The row has {cells:cell|cells}, the table {columns:column|columns}.",
        "쉼표가 들어 있는 값은 큰따옴표로 감싸고, 따옴표가 모두 닫혔는지 확인해 주세요.",
        "Put values with a comma into double quotes, and see that every quote is closed.",
    ),
    "column_missing": FaultWording(
        "Missing column",
        "열이 없습니다: {column}.",
        "The column {column} is missing.",
        "이 열을 추가해 주세요. 값이 없으면 비워 둘 수 있습니다.",
        "Add it; its values may be left empty where none is needed.",
    ),
    "column_twice": FaultWording(
        "Column that is there twice",
        "같은 이름의 열이 여럿입니다: {column}.",
        "The column {column} is there more than once.",
        "하나만 남겨 주세요.",
        "Keep one of them.",
    ),
    "column_unknown": FaultWording(
        "Unknown column",
        "알 수 없는 열입니다: {column}.",
        "{column} is not a column here.",
        "이 열을 지우거나 이름을 고쳐 주세요. 쓸 수 있는 열(비슷한 순): {known}.",
        "Remove or rename it. Columns known here, the most similar first: {known}.",
    ),
    "column_wrong_type": FaultWording(
        "Column of the wrong type",
        "열의 형식이 다릅니다: {column}의 형식은 {type}, 필요한 형식은 {wanted}.",
        "The column {column} holds {type}; it should hold {wanted}.",
        "필요한 형식으로 바꾸어 저장해 주세요: {wanted}.",
        "Save it as {wanted}.",
    ),
    "contract_contradicts": FaultWording(
        "Contract that contradicts itself",
        "같은 계약의 다른 행과 값이 다릅니다: {value}({row}번 행은 {other}).",
        "{value} contradicts {other} in row {row} of the same contract.",
        "계약의 모든 행에 같은 값을 적어 주세요.",
        "Give every row of a contract the same value.",
    ),
    "licence_repeated": FaultWording(
        "Licence in two rows",
        "같은 계약의 같은 라이선스가 이미 {row}번 행에 있습니다: {product}.",
        "The contract has {product} in row {row} already.",
        "한 행으로 합쳐 주세요. 옵션은 여러 개를 함께 적을 수 있습니다.",
        "Merge the rows; options may hold several.",
    ),
    "amount_too_large": FaultWording(
        "Amount that cannot be represented",
        "한 달 요금이 표현할 수 있는 금액({most}원)을 넘습니다.",
        "A fee of a month is over {most} won, more than can be represented.",
        "수량을 확인해 주세요.",
        "Check the counts.",
    ),
}
