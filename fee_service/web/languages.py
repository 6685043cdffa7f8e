"""Korean or English: which of them a page speaks, and how it writes won and days."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Flask, Response, g, request
from flask_babel import Babel, gettext
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.http.problems import TORN
from fee_service.wording import OneLanguage

NAMES = {"ko": "한국어", "en": "English"}
COOKIE = "fee_language"
COOKIE_SECONDS = 365 * 24 * 3600
OWN_PAGES = ("/reconciliations", "/item-names")  # whose forms are posted to themselves
# How days and numbers are written; English as the documents write it, day before month.
LOCALES = {"ko": "ko_KR", "en": "en_GB"}


def _(text: str, **values: object) -> str:
    """A text of the pages in the page's language."""
    return str(gettext(text, **values))


def init_languages(app: Flask) -> None:
    """Let pages find their language, their translations, and filters for won and days."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    Babel(app, default_locale="ko", locale_selector=lambda: LOCALES[page_language()])
    app.add_template_filter(won)
    app.add_template_filter(number)
    app.add_template_filter(percent)
    app.add_template_filter(day)
    app.add_template_filter(short_day)
    app.add_template_filter(moment)
    app.add_template_filter(month)


def page_language() -> OneLanguage:
    """What was chosen last; otherwise what the browser prefers of the two; otherwise Korean."""
    if "page_language" not in g:
        wanted = _asked_for() or request.cookies.get(COOKIE)
        if wanted not in NAMES:
            # a Korean office with an English browser reads Korean: English only where Korean is not listed at all
            listed = {tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0}
            wanted = "en" if "en" in listed and "ko" not in listed else "ko"
        g.page_language = wanted
    language: OneLanguage = g.page_language
    return language


def _asked_for() -> str | None:
    """The language that this request names; that of its address alone where its form cannot be read."""
    try:
        return request.values.get("lang")
    except (HTTPException, *TORN):
        return request.args.get("lang")


def remember_language(answer: Response) -> Response:
    """Keep a choice for the next pages."""
    if _asked_for() in NAMES:
        answer.set_cookie(
            COOKIE,
            page_language(),
            max_age=COOKIE_SECONDS,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return answer


def in_other_language() -> tuple[str, str]:
    """The other language, and the address of this page in it."""
    other = "en" if page_language() == "ko" else "ko"
    path = request.path
    if request.method not in ("GET", "HEAD"):  # the address of an action is no page; that of its quote is
        key = (request.view_args or {}).get("key")
        path = "/".join(path.split("/")[:3]) if key else path if path in OWN_PAGES else "/"
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return other, f"{path}?{urlencode([*kept, ('lang', other)])}"


# -- won, numbers and days -------------------------------------------------------------------------------


def locale() -> str:
    return LOCALES[page_language()]


def won(amount: int | None) -> str:
    """An amount of KRW; a dash where there is none."""
    if amount is None:
        return "–"
    sign = "−" if amount < 0 else ""
    return sign + _("KRW %(amount)s", amount=format_decimal(abs(amount), locale=locale()))


def number(value: int) -> str:
    return format_decimal(value, locale=locale())


def percent(share: float) -> str:
    return format_percent(share, locale=locale())


def day(value: date | str | None) -> str:
    """A day in full: 2026년 12월 9일, 9 December 2026."""
    return format_date(as_day(value), "long", locale=locale()) if value else "–"


def short_day(value: date | str | None) -> str:
    """A day where room is scarce, the same in both languages: 2026-12-09."""
    return Markup('<span class="whole">{}</span>').format(as_day(value).isoformat()) if value else "–"


def moment(value: datetime | str | None) -> str:
    """A day and a time in Korea."""
    if not value:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    in_korea = at.astimezone(KOREA_STANDARD_TIME)
    return f"{day(in_korea.date())} {in_korea:%H:%M}"


def month(value: str) -> str:
    """A month: 2026년 12월, December 2026."""
    first = date.fromisoformat(f"{value}-01")
    return format_date(first, "yyyy년 M월" if page_language() == "ko" else "MMMM yyyy", locale=locale())


def as_day(value: date | str | None) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]
