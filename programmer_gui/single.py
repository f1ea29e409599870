"""One window a user: a second start hands what it was asked for to the first and ends."""

import getpass
import hashlib

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 1000


class SingleInstance(QObject):
    """``asked`` carries the target, the file and the moment in it of a second start, "" for none."""

    asked = Signal(str, str, str)

    def __init__(self, name: str, scope: str) -> None:
        """``scope``: where this user's settings are, so that each set of settings has its window."""
        super().__init__()
        user = hashlib.sha256(f"{getpass.getuser()}:{scope}".encode()).hexdigest()[:12]
        self._name = f"{name}-{user}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def hand_over(self, target: str, file: str, at: str = "") -> bool:
        """True where a first window took it; else this is the first, and listens from now on."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(WAIT_MS):
            socket.write(f"{target}\n{file}\n{at}\n".encode())
            socket.waitForBytesWritten(WAIT_MS)
            socket.disconnectFromServer()
            return True
        QLocalServer.removeServer(self._name)  # left behind by a crash
        self._server.listen(self._name)
        return False

    def close(self) -> None:
        """Listens no more."""
        self._server.close()

    def _accept(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)
        if socket.bytesAvailable():
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        lines = bytes(socket.readAll().data()).decode("utf-8", "replace").split("\n")
        if len(lines) >= 3:
            self.asked.emit(*lines[:3])
