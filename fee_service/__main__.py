"""`python -m fee_service`."""

from fee_service.cli import main

main()
