"""Faults of files of rows: that cannot be read at all, or whose cells say nothing certain."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- files of rows --
    "file_empty": FaultWording(
        "Empty file",
        "파일이 비어 있습니다.",
        "The file is empty.",
        "첫 줄에 열 이름을, 그 아래에 행을 적어 보내 주세요.",
        "Send a first line with the names of the columns, and rows below it.",
    ),
    "file_encoding_unknown": FaultWording(
        "File in an unknown encoding",
        "UTF-8도 CP949도 아닌 파일입니다({line}번째 줄).",
        "The file is neither UTF-8 nor CP949 (line {line}).",
        "CSV UTF-8로 저장하거나 XLSX로 보내 주세요.",
        "Save it as CSV UTF-8, or send an XLSX.",
    ),
    "workbook_unreadable": FaultWording(
        "Workbook that cannot be read",
        "읽을 수 없는 통합 문서입니다.",
        "The workbook cannot be read.",
        "Excel에서 열어 XLSX로 다시 저장한 뒤 보내 주세요.",
        "Open it in Excel, save it anew as XLSX, and send that.",
    ),
    "workbook_encrypted": FaultWording(
        "Workbook with a password",
        "암호가 걸린 통합 문서입니다.",
        "The workbook is protected by a password.",
        "Excel에서 열고 파일 > 정보 > 통합 문서 보호 > 암호 설정에서 암호를 지워 저장한 뒤 보내 주세요.",
        "Open it in Excel, clear the password under File > Info > Protect Workbook > Encrypt with Password, save, send.",
    ),
    "workbook_too_large": FaultWording(
        "Workbook that holds too much",
        "통합 문서가 너무 커서 열 수 없습니다.",
        "The workbook holds too much to be opened.",
        "쓰지 않는 시트, 행, 열을 지우거나 파일을 나누어 보내 주세요.",
        "Remove sheets, rows and columns that are not used, or split it.",
    ),
}
