"""A real Redis for tests, from the system's package, on a socket of its own."""

import shutil
import subprocess
import time
from pathlib import Path

import redis

INSTALLED = shutil.which("redis-server")
WHY_SKIPPED = "redis-server is not installed: apt-get install redis-server"


class RedisServer:
    """Started and stopped at will; keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"
        self.client = redis.Redis(unix_socket_path=str(self._socket))

    def start(self) -> None:
        """Begin, empty, and wait until it answers."""
        command = [INSTALLED or "redis-server", "--port", "0", "--unixsocket", str(self._socket),
                   "--save", "", "--dir", str(self._socket.parent)]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def stop(self) -> None:
        """End at once, as if the machine were gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
