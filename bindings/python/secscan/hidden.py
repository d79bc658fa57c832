"""hidden.py: take known secrets out of the texts of a report.

As the program's reports have it: from LONG bytes on they are masked wherever
they turn up, and from SHORT on in excerpts. The time that a text takes does not
grow with the number of secrets.
"""

from __future__ import annotations

from typing import Any

MASK = "********"
LONG = 8
SHORT = 4


class Hidden:
    """Secrets, and what is shown instead of each."""

    def __init__(self, shown: dict[bytes, str]) -> None:
        self._excerpts = _Table(shown, SHORT)
        # As reports have them: as text.
        self._texts = _Table(
            {secret.decode("utf-8", "replace").encode(): instead
             for secret, instead in shown.items()}, LONG)

    def in_excerpt(self, line: bytes) -> bytes:
        return self._excerpts.replace(line)

    def in_report(self, value: Any) -> Any:
        """In all the texts of a report's values."""
        if isinstance(value, str):
            return self._texts.replace(value.encode()).decode()
        if isinstance(value, list):
            return [self.in_report(item) for item in value]
        if isinstance(value, dict):
            return {key: self.in_report(item) for key, item in value.items()}
        return value


class _Table:
    """By their first bytes: how long those are that begin with them."""

    def __init__(self, shown: dict[bytes, str], width: int) -> None:
        self._width = width
        self._shown = {secret: instead.encode()
                       for secret, instead in shown.items()
                       if len(secret) >= width}
        self._lengths: dict[bytes, list[int]] = {}
        for length, start in sorted(
                {(-len(secret), secret[:width]) for secret in self._shown}):
            self._lengths.setdefault(start, []).append(-length)

    def replace(self, text: bytes) -> bytes:
        """The longest that begins at a place; of those that overlap what they
        cover together."""
        pieces: list[bytes] = []
        done = 0
        for at in range(len(text) - self._width + 1):
            for length in self._lengths.get(text[at:at + self._width], ()):
                instead = self._shown.get(text[at:at + length])
                if instead is None:
                    continue
                if at >= done:
                    pieces += (text[done:at], instead)
                done = max(done, at + length)
                break
        pieces.append(text[done:])
        return b"".join(pieces) if done else text
