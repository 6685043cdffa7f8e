"""Who sits at the desk: signed in with an API key, which is asked for once and never kept in the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from fee_service.actors import Actor
from fee_service.api.context import database, today
from fee_service.errors import FeeError
from fee_service.keys.keyring import Keyring
from fee_service.storage import installations
from fee_service.storage.faults import StorageError

HOURS = 9  # a working day
COOKIE = "fee_session"
WITHOUT_SESSION = ("/v1/", "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/problems", "/static/")


class PageSessions(SecureCookieSessionInterface):
    """Signed cookies for pages alone: the API neither reads nor sets one."""

    def open_session(self, app: Flask, request: Request) -> Any:
        if request.path.startswith(WITHOUT_SESSION):
            return None
        if not app.secret_key:  # none is set: the installation's own, which every worker finds
            try:
                app.secret_key = installations.page_key(app.extensions["database"])
            except StorageError:
                return None  # the page will say so
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init_sessions(app: Flask, secret_key: str | None) -> None:
    app.secret_key = secret_key
    app.session_interface = PageSessions()
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # a cookie that stays the same lets the back button find its page
        PERMANENT_SESSION_LIFETIME=timedelta(hours=HOURS),
    )


def sign_in(key: str) -> Actor:
    """Begin a session for the holder of a key. Raises FeeError (401) and StorageError."""
    actor = _keyring().actor(f"Bearer {key.strip()}", today())
    session.clear()
    session.permanent = True
    session["key"] = actor.key_id
    generate_csrf()  # into the cookie now, so that it stays the same
    g.seated = actor
    return actor


def sign_out() -> None:
    session.clear()
    g.seated = None


def seated() -> Actor | None:
    """Who is signed in. The key is looked up each time, so that a revoked one ends its sessions."""
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
