"""Who sits at the desk: signed in with an API key, which is asked for once and never kept in the browser."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from fee_service.actors import Actor
from fee_service.api.context import database, today
from fee_service.errors import FeeError
from fee_service.keyring import Keyring
from fee_service.storage import installations

HOURS = 9  # without a request; a working day
COOKIE = "fee_session"
WITHOUT_SESSION = ("/v1/", "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/problems", "/static/")


class PageSessions(SecureCookieSessionInterface):
    """Signed cookies for pages alone: the API neither reads nor sets one.

    Signed with the installation's own key where none is set, so that every worker knows it.
    """

    def open_session(self, app: Flask, asked: Request) -> Any:
        if asked.path.startswith(WITHOUT_SESSION):
            return None
        if not app.secret_key:
            app.secret_key = installations.page_key(app.extensions["database"])
        return super().open_session(app, asked)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def should_set_cookie(self, app: Flask, opened: SessionMixin) -> bool:
        return super().should_set_cookie(app, opened)


def init_sessions(app: Flask) -> None:
    app.session_interface = PageSessions()
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=HOURS * 3600,
    )


def sign_in(key: str) -> Actor:
    """Begin a session for the holder of a key. Raises FeeError (401)."""
    actor = _keyring().actor(f"Bearer {key.strip()}", today())
    language = session.get("language")
    session.clear()
    session.permanent = True
    session["key"] = actor.key_id
    if language:
        session["language"] = language
    g.seated = actor
    return actor


def sign_out() -> None:
    session.clear()
    g.seated = None


def seated() -> Actor | None:
    """Who is signed in; the key behind it is looked up each time, so that a revoked one ends its sessions."""
    if "seated" not in g:
        g.seated = _holder(session.get("key"))
    return cast("Actor | None", g.seated)


def _holder(key_id: str | None) -> Actor | None:
    if key_id is None:
        return None
    try:
        return _keyring().holder(key_id, today())
    except FeeError:
        return None


def _keyring() -> Keyring:
    known = current_app.extensions.get("keyring")
    return cast(Keyring, known) if known is not None else Keyring(database())
