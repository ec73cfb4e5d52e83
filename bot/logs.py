"""Logs as facts, without personal data: only named fields get through, and libraries stay at INFO."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FIELDS = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "exception",
        "exc_info",
        "action",
        "reference",
        "society",
        "subject",
        "what",
        "tries",
        "delivery",
        "pair",
        "intro",
        "port",
        "problem",
        "version",
        "new",
        "changed",
        "unchanged",
        "problems",
        "path",
        "code",
        "guild",
        "team",
        "method",
        "permission",
        "wait",
    ]
)
"""What may stand in a log line. Anything else is dropped by name, so a new field is a decision, not an accident."""


def _only_known(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401
    return {key: value for key, value in line.items() if key in FIELDS}


def _where_only(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401
    exc_info = line.pop("exc_info", None)
    error = sys.exc_info()[1] if exc_info is True else exc_info
    if isinstance(error, BaseException):
        line["exception"] = _places(error)
    return line


def _places(error: BaseException) -> str:
    """A stack trace's places and types; an exception's own words may quote a member."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join([type(error).__name__, *reversed(places)])


class PlacesOnly(logging.Formatter):
    """What libraries log. Where it is of an exception, they would quote it, in the record's own words, too."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        said = record.getMessage() if error is None else _places(error)
        return f"{record.levelname}:{record.name}:{said}"


def set_up(level: str = "INFO") -> None:
    """Log to standard error, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where_only,
            _only_known,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlacesOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
