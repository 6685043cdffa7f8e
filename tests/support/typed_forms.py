"""Amounts and days as people and programs write them, and what each is read as: a value, or the code of a fault."""

from datetime import date

from fee_service.invoices.amounts import MOST_WON

WON = {
    "1,483,870": 1_483_870, "₩1,483,870": 1_483_870, "1,483,870원": 1_483_870, "(1,000)": -1_000, "-1,000": -1_000,
    "△1,000": -1_000, "▲1,000": -1_000, "1483870.0": 1_483_870, "1483870.00": 1_483_870, "0": 0, "-0": 0,
    " 1,000 ": 1_000, "１，０００": 1_000, "￦1,000": 1_000, "₩ 1,000": 1_000, "-₩1,000": -1_000, "₩-1,000": -1_000,
    "(₩1,000)": -1_000, "−1,000": -1_000, "–1,000": -1_000, "—1,000": -1_000, "－1,000": -1_000, "△ 1,000": -1_000,
    "1000 원": 1_000, "(1,000)원": -1_000, "007": 7, str(MOST_WON): MOST_WON, "\\1,000": 1_000, "- 1,000": -1_000,
    "（1,000）": -1_000, "▲₩1,000": -1_000, "1,000.000": 1_000, "1000.000": 1_000, "0.000": 0, "-0.0": 0, "(0)": 0,
    "100.0": 100, "1.00": 1, "\u200b1,000": 1_000, "1,000\u00a0": 1_000, "１４８３８７０．０": 1_483_870,
}  # fmt: skip
NOT_WON = {
    "1483870.5": "amount_with_fraction", "0.1": "amount_with_fraction", "1,483.87": "amount_with_fraction",
    "1483870.": "amount_with_fraction", "-0.5": "amount_with_fraction", "1.5원": "amount_with_fraction",
    "1e6": "amount_in_exponent", "1.5E+5": "amount_in_exponent", "1E-3": "amount_in_exponent",
    "2.0261209E+23": "digits_lost", "0x10": "amount_in_hexadecimal", "1_000": "amount_with_underscores",
    "1.483.870": "amount_with_dots", "1.483,87": "amount_with_dots", "1.000": "amount_with_dots",
    "100.000": "amount_with_dots", "-1.000원": "amount_with_dots", "(10.000)": "amount_with_dots",
    "1,48,387": "amount_commas_misplaced", "1,48,3870": "amount_commas_misplaced", ",100": "amount_commas_misplaced",
    "1,0000": "amount_commas_misplaced", "1,000,": "amount_commas_misplaced", "1,,000": "amount_commas_misplaced",
    "=A1+1": "amount_formula_uncomputed", "=": "amount_formula_uncomputed", "#DIV/0!": "amount_error_cell",
    "#N/A": "amount_error_cell", "#ERROR!": "amount_error_cell", "148만원": "amount_in_korean_units",
    "1,483천원": "amount_in_korean_units", "1억": "amount_in_korean_units", "$1,000": "amount_in_other_currency",
    "1,000 USD": "amount_in_other_currency", "2026-12-09": "amount_is_a_day", str(MOST_WON + 1): "amount_beyond_bound",
    "9" * 400: "amount_beyond_bound", "": "amount_missing", "-": "amount_missing", "천원": "amount_not_a_number",
    "--1": "amount_not_a_number", "(-1,000)": "amount_not_a_number", "△-1": "amount_not_a_number",
    "1 000": "amount_not_a_number", "1,483 870": "amount_not_a_number", "1 ,000": "amount_not_a_number",
    "1\u00a0483\u00a0870": "amount_not_a_number", "1'000": "amount_not_a_number", "1、000": "amount_not_a_number",
    "①": "amount_not_a_number", "²": "amount_not_a_number", "١٠٠": "amount_not_a_number", "천": "amount_not_a_number",
    "nan": "amount_not_a_number", "inf": "amount_not_a_number", "1,000-": "amount_not_a_number",
    "(1,000": "amount_not_a_number", "1,000)": "amount_not_a_number", "((1))": "amount_not_a_number",
    "+1,000": "amount_not_a_number", "50%": "amount_not_a_number", "1,000/2,000": "amount_not_a_number",
    "TRUE": "amount_not_a_number", "1:30": "amount_not_a_number", "약 1,000": "amount_not_a_number",
}  # fmt: skip
DAY = date(2026, 12, 9)
DAYS = (
    "2026-12-09", "2026/12/09", "2026.12.09", "2026.12.09.", "2026. 12. 9.", "2026. 12. 9", "20261209", "2026-12-9",
    "2026년 12월 9일", "2026년12월09일", "2026-12-09 00:00:00", "2026-12-09 0:00", "2026-12-09 오전 10:15:00",
    "2026-12-09 10:15 PM", "2026-12-09(수)", "2026-12-09 (수) 23:59", "20261209101500", "202612091015",
    "20261209 10:15", "2026-12-09T10:15:00", "2026-12-09T23:15:00.123", "2026-12-09T10:15:00+09:00", " 2026-12-09 ",
    "２０２６-１２-０９", "2026–12–09",
)  # fmt: skip
NOT_DAYS = (
    "2026-02-30", "20261309", "20260230", "2026-13-09", "2026-12-32", "2026-00-09", "09/12/2026", "12/09/2026",
    "26-12-09", "26.12.09", "261209", "46365", "46365.0", "12-09", "12월 9일", "2026-12", "2026", "202612", "2026120",
    "2026-12-09T15:00:00Z", "2026-12-09 10:15:00+00:00", "2026-12-09 ~ 2026-12-10", "2026-12-09-1", "1926-12-09",
    "2026120910", "Dec 9, 2026", "오늘", "#N/A", "2.0261209E+07", "2026--12-09",
)  # fmt: skip
