"""`python -m fee_service`."""

import sys

try:
    from fee_service.cli import main
    from fee_service.cli.streams import run
except KeyboardInterrupt:
    sys.exit(130)

run(main)
