"""The WSGI application that a server runs: `gunicorn wsgi:app`."""

from fee_service.app import create_app

app = create_app()
