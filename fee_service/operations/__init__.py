"""What operators see and set: logs, metrics, limits, the worker."""
