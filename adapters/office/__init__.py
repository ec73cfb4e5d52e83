"""The officers' page: what officers look at and decide, in a browser of theirs."""

from adapters.office.server import serve

__all__ = ["serve"]
