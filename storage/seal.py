"""Fields, and whole copies, that nobody can read who has the database but not the key.

A field is bound to its place: a value copied into another row or column does not open there.
"""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = 32
_NONCE = 12


class UnsealError(Exception):
    """A sealed field does not open: another key, another row, or damage."""


class WrongKeyError(Exception):
    """The database was sealed with another key. Nothing was read or changed."""


class Seal:
    def __init__(self, key: bytes) -> None:
        if len(key) != KEY:
            raise ValueError(f"the key has {KEY} bytes, not {len(key)}")
        # One key in the settings, one for each purpose here.
        self._box = AESGCM(hmac.digest(key, b"preceptor: fields", "sha256"))
        self._files = AESGCM(hmac.digest(key, b"preceptor: files", "sha256"))
        self._lookup = hmac.digest(key, b"preceptor: lookup", "sha256")
        self.key_id = hmac.digest(key, b"preceptor: key id", "sha256").hex()[:16]
        """Names the key without telling anything about it."""

    def close(self, words: str, table: str, row: int, column: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._box.encrypt(nonce, words.encode(), self._place(table, row, column))

    def open(self, sealed: bytes, table: str, row: int, column: str) -> str:
        try:
            return self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place(table, row, column)).decode()
        except (InvalidTag, ValueError) as error:
            raise UnsealError(f"{table} {row}: {column} does not open with this key") from error

    def close_file(self, data: bytes) -> bytes:
        """A whole file, of which nothing can be read without the key."""
        nonce = os.urandom(_NONCE)
        return nonce + self._files.encrypt(nonce, data, self.key_id.encode())

    def open_file(self, sealed: bytes) -> bytes:
        try:
            return self._files.decrypt(sealed[:_NONCE], sealed[_NONCE:], self.key_id.encode())
        except (InvalidTag, ValueError) as error:
            raise UnsealError("it does not open with this key") from error

    def mark(self, society: int, words: str) -> bytes:
        """The same words in one society have the same mark, by which a row is found without opening any."""
        return hmac.digest(self._lookup, f"{society}|{words}".encode(), "sha256")

    def _place(self, table: str, row: int, column: str) -> bytes:
        return f"{table}|{row}|{column}|{self.key_id}".encode()
