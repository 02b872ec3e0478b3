"""Modules of live databases in Python: tables, reducers, views, procedures, HTTP handlers."""

from .context import HandlerContext, ProcedureContext, ReducerContext, ViewContext
from .declare import auto_inc, client_connected, client_disconnected, http_handler, init, procedure, reducer, scheduled, table, view
from .errors import DeclarationError, NoSuchRow, ReducerError, StoreError, UniqueViolation, ValueMismatch
from .http import HttpError, HttpResponse
from .indexes import btree, direct, hash
from .types import F32, F64, I8, I16, I32, I64, I128, I256, U8, U16, U32, U64, U128, U256, ScheduleAt
from .values import ConnectionId, Identity, Query, TaggedEnum, TimeDuration, Timestamp, Uuid
from .web import Request, Response

__all__ = [
    "ConnectionId", "DeclarationError", "F32", "F64", "HandlerContext", "HttpError", "HttpResponse", "I128", "I16", "I256", "I32", "I64", "I8",
    "Identity", "NoSuchRow", "ProcedureContext", "Query", "ReducerContext", "ReducerError", "Request", "Response", "ScheduleAt", "StoreError",
    "TaggedEnum", "TimeDuration", "Timestamp", "U128", "U16", "U256", "U32", "U64", "U8", "UniqueViolation", "Uuid", "ValueMismatch", "ViewContext",
    "auto_inc", "btree", "client_connected", "client_disconnected", "direct", "hash", "http_handler", "init", "procedure", "reducer", "scheduled",
    "table", "view",
]
