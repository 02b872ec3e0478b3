"""Indexes as they are written in ``@table(indexes=[...])``; a name or a tuple of names alone means a btree."""

from .model import Index


def btree(*columns):
    """For equality, ranges and order, over one or more columns."""
    return Index(columns, "btree")


def hash(*columns):
    """For equality only."""
    return Index(columns, "hash")


def direct(column):
    """For small, dense numbers: U8, U16, U32, U64."""
    return Index((column,), "direct")
