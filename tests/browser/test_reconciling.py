"""What somebody of finance does with invoices, in a real browser and in both languages."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from support.calling import caller

from fee_service.jobs.working import Worker

LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])
SELLER, BUYERS = "998-81-00012", {"ko": "998-87-00028", "en": "998-86-00036"}
HEADER = "작성일자,승인번호,공급자사업자등록번호,공급받는자사업자등록번호,품목명,공급가액,세액,담당자"
SCREENS: dict[str, tuple[int, str]] = {"ko": (1280, "light"), "en": (360, "dark")}
ASKED: dict[str, Any] = {
    "company": {"founded_on": "2010-01-01", "size": "large", "name": "시험핀테크(주)"},
    "licences": [{"contract": "real_time", "product": product} for product in ("securities_a", "securities_b")],
    "starts_on": "2026-12-09",
    "months": 3,
}


@pytest.fixture(scope="module", autouse=True)
def contracts(desk_app: Flask, key: str) -> None:
    """Accepted quotes of real-time securities A and B, one for each language."""
    finance = caller(desk_app, key)
    for buyer in BUYERS.values():
        company = {**ASKED["company"], "business_number": buyer}
        number = finance.post("/v1/quotes", json={**ASKED, "company": company}).get_json()["number"]
        assert finance.post(f"/v1/quotes/{number}/acceptance").status_code == 200


@pytest.fixture(scope="module", autouse=True)
def worker(desk_app: Flask) -> Iterator[None]:
    """Somebody who does the jobs."""
    working = Worker(desk_app.extensions["database"], desk_app.extensions["job_kinds"], poll=0.1)
    thread = threading.Thread(target=working.run, daemon=True)
    thread.start()
    yield
    working.stop()
    thread.join()


def invoice(folder: Path, number: str, buyer: str, name: str) -> Path:
    """December: A is right, B was not divided by days (800,000, 593,548 due), and its item is a name of nobody's."""
    told = f"2026-12-09,{number},{SELLER},{buyer}"
    lines = [f"{told},주식실시간A 기본료,1483870,148387,김가상", f"{told},{name},800000,80000,김가상"]
    path = folder / f"invoice-{number[-4:]}.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


@LANGUAGES
def test_from_a_dropped_file_to_a_settled_finding(seat, key: str, tmp_path: Path, language: str) -> None:
    """Drop, see what was understood, name the unknown item, begin, read the result, download, say how it stands.

    Wide and light in Korean, narrow and dark in English; no page is wider than its screen.
    """
    finance = seat(language, *SCREENS[language])
    page, axe = finance.page, Axe()

    def look(name: str) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
        finance.keep(f"reconciliation-{name}")

    finance.sign_in(key)
    finance.go("/reconciliations")
    look("start")
    number = "202612094100099800000011" if language == "ko" else "202612094100099800000012"
    file = invoice(tmp_path, number, BUYERS[language], f"특별 정보료 {language}")
    page.set_input_files("#files", file)
    assert file.name in page.inner_text("#files-chosen")
    finance.press("파일 확인", "Look at them")
    page.wait_for_url(re.compile(r"/reconciliations/[0-9a-f-]+$"))
    assert "담당자" in finance.text()  # named among the columns that are not read
    assert "김가상" not in finance.text()
    look("preview")
    page.select_option("select[name=meaning]", "base_fee|real_time|securities_b||")
    finance.press("품목명 저장", "Keep these names")
    page.wait_for_selector("select[name=meaning]", state="detached")
    finance.press("대조 시작", "Begin the reconciliation")
    page.wait_for_selector(".outcome")
    assert "206,452" in finance.text(".outcome")
    assert finance.say("일할 누락", "Not prorated") in finance.text(".causes")
    look("result")
    page.click(".causes a")
    assert page.locator(".judged details").count() == 1
    page.click(".judged summary")
    look("line")
    with page.expect_download() as handed_over:
        finance.press("CSV", "CSV")
    assert "not_prorated" in handed_over.value.path().read_text(encoding="utf-8-sig")
    page.click(".judged details a[href^='/findings/']")
    page.wait_for_url(re.compile("/findings/F-"))
    page.select_option("#state", "disputed")
    page.fill("#note", "1월 계산서에서 정정")
    finance.press("저장", "Keep it")
    page.wait_for_selector(".story li:nth-child(2)")
    assert "1월 계산서에서 정정" in finance.text(".story")
    look("finding")
    finance.go("/findings")
    assert finance.say("이의 제기", "disputed") in finance.text("table.findings")
    look("findings")
    finance.go("/item-names")
    assert "특별 정보료" in finance.text("table.names")
    look("item-names")


def test_without_any_script_the_page_of_a_run_asks_again_by_itself(seat, key: str, tmp_path: Path) -> None:
    """Narrow and dark; the result comes without anybody doing anything."""
    finance = seat("en", 360, "dark", java_script_enabled=False)
    finance.sign_in(key)
    finance.go("/reconciliations")
    finance.page.set_input_files(
        "#files", invoice(tmp_path, "202612094100099800000013", BUYERS["en"], "주식실시간A 기본료")
    )
    finance.press("-", "Look at them")
    finance.press("-", "Begin the reconciliation")
    finance.page.wait_for_selector(".outcome")
    assert finance.page.locator(".judged details").count() == 2
