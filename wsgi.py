"""The WSGI application that a server runs: `gunicorn wsgi:app`."""

from fee_service.app import create_app
from fee_service.operations.logs import configure
from fee_service.settings import read_settings

settings = read_settings()
configure(settings.log_level)
app = create_app(settings)
