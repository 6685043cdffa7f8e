"""Callers of the application under test."""

from flask import Flask
from flask.testing import FlaskClient

from fee_service.actors import Actor


def caller(app: Flask, key: str) -> FlaskClient:
    """Somebody with a key."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def take_seat(client: FlaskClient, key: str, role: str) -> None:
    """Sign somebody in, without the form."""
    seats = client.application.extensions["seats"]
    with client.session_transaction() as session:
        session["seat"] = seats.begin(Actor(key.split("_")[1], role))
