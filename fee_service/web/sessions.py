"""Who sits at the desk: signed in with an API key, which is asked for once and never kept in the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from fee_service.actors import Actor
from fee_service.http.context import today
from fee_service.http.environ import ACTOR
from fee_service.keys.keyring import Keyring
from fee_service.keys.seats import HOURS, Seats
from fee_service.permissions import Action, may
from fee_service.spelling import cleaned

COOKIE = "fee_session"
SEAT = "seat"  # what the server knows the session by
WITHOUT_SESSION = ("/v1/", "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/problems", "/static/")


class PageSessions(SecureCookieSessionInterface):
    """Signed cookies for pages alone: the API neither reads nor sets one."""

    def open_session(self, app: Flask, request: Request) -> Any:
        return None if request.path.startswith(WITHOUT_SESSION) else super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init_sessions(app: Flask, secret_key: str) -> None:
    app.secret_key = secret_key
    app.session_interface = PageSessions()
    app.extensions["seats"] = Seats(app.extensions["database"])
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # a cookie that stays the same lets the back button find its page
        PERMANENT_SESSION_LIFETIME=timedelta(hours=HOURS),
    )


def sign_in(key: str) -> Actor:
    """Begin a session for the holder of a key. Raises FeeError (401) and StorageError."""
    actor = cast(Keyring, current_app.extensions["keyring"]).actor(f"Bearer {''.join(cleaned(key).split())}", today())
    token = _seats().begin(actor)
    sign_out()
    session.permanent = True
    session[SEAT] = token
    generate_csrf()  # into the cookie now, so that it stays the same
    g.seated = actor
    return actor


def sign_out() -> None:
    """End the session, here and on the server: a copy of the cookie opens nothing. Raises StorageError."""
    token = session.get(SEAT)
    session.clear()
    g.seated = None
    if token is not None:
        _seats().end(token)


def seated() -> Actor | None:
    """Who is signed in. The session is looked up each time, so that it ends with its key. Raises StorageError."""
    if "seated" not in g:
        g.seated = None  # also while an error page is made because the database is away
        token = session.get(SEAT)
        g.seated = _seats().holder(token, today()) if token is not None else None
        if g.seated is not None:
            request.environ[ACTOR] = g.seated.key_id
    return cast("Actor | None", g.seated)


def sells() -> bool:
    """Whether whoever is signed in sells, and may know what no customer is told. Raises StorageError."""
    actor = seated()
    return actor is not None and may(actor.role, Action.DOWNLOAD)


def _seats() -> Seats:
    return cast(Seats, current_app.extensions["seats"])
