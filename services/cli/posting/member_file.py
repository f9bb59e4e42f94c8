import io
from typing import IO


class MemberFile(io.RawIOBase):
    """One gzip member of a file, as a file of its own; reading it moves the file that it is in.

    Args:
        file: what it is in.
        begins: its first byte there.
        ends: the first byte behind it.
    """

    def __init__(self, file: IO[bytes], begins: int, ends: int) -> None:
        super().__init__()
        self.begins, self.ends = begins, ends
        self._file = file
        self._at = begins

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Bytes before the place that is read next."""
        return self._at - self.begins

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes to a place, counted from where the member begins, from where it is, or from its end."""
        start = {io.SEEK_SET: self.begins, io.SEEK_CUR: self._at, io.SEEK_END: self.ends}[whence]
        self._at = max(self.begins, start + offset)
        return self.tell()

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, or all that are left; none at the member's end."""
        left = max(0, self.ends - self._at)
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data
