"""Callers of the application under test."""

from flask import Flask
from flask.testing import FlaskClient


def caller(app: Flask, key: str) -> FlaskClient:
    """Somebody with a key."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client
