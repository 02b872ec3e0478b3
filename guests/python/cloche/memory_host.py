"""The host's functions over tables in the memory of an ordinary Python: what tests run against.

Rows are kept as the bytes that the codec makes, so a test sees what a database would keep. It is written for clarity;
an index is a search through the rows.
"""

from .codec import decode_all
from .compound import EnumType, OptionType
from .scalars import text_bytes

NOT_IN_TRANSACTION, NO_SUCH_TABLE, NO_SUCH_INDEX, WRONG_INDEX, UNIQUE_EXISTS, NO_SUCH_ROW, OVERFLOW, WOULD_BLOCK, READ_ONLY = 2, 4, 5, 10, 12, 15, 16, 17, 19
LEVELS = {0: "error", 1: "warning", 2: "info", 3: "debug", 4: "trace", 101: "panic"}


class Error(Exception):
    """The host's refusal, with the number of the ABI."""


class StoredTable:
    """The rows of one table: bytes to object."""

    def __init__(self, table):
        self.table, self.rows, self.events = table, {}, []
        self.counters = {column: 0 for column in table.auto_inc}


def order_key(kind, value):
    """What the database's order compares."""
    if isinstance(kind, OptionType):
        return (1,) if value is None else (0, order_key(kind.inner, value))
    return value._cloche_tag_ if isinstance(kind, EnumType) else value


class MemoryHost:
    """Tables, a log and a clock. Use as the host of ``Calls``; ``begin``, ``commit`` and ``rollback`` frame a reducer."""

    Error = Error

    def __init__(self, module, identity, now):
        self.tables = [StoredTable(table) for table in module.tables]
        self.indexes = [(stored, index) for stored in self.tables for index in stored.table.all_indexes]
        self.own_identity, self.now, self.logs = identity, now, []
        self.open, self.read_only, self.undo, self.claims, self.answers = False, False, [], {}, []

    # ---- transactions
    def begin(self, read_only=False):
        if self.open:
            raise Error(WOULD_BLOCK)
        self.open, self.read_only, self.undo = True, read_only, []

    def rollback(self):
        for step in reversed(self.undo):
            step()
        self.open = False

    def start_transaction(self):
        self.begin()
        return self.now

    def commit(self):
        self.open = False

    abort = rollback

    def _stored(self, number, write=False):
        if not self.open:
            raise Error(NOT_IN_TRANSACTION)
        if write and self.read_only:
            raise Error(READ_ONLY)
        if not 0 <= number < len(self.tables):
            raise Error(NO_SUCH_TABLE)
        return self.tables[number]

    # ---- names
    def table_id(self, name):
        if not self.open:
            raise Error(NOT_IN_TRANSACTION)
        for number, stored in enumerate(self.tables):
            if stored.table.name == name:
                return number
        raise Error(NO_SUCH_TABLE)

    def index_id(self, name):
        for number, (stored, index) in enumerate(self.indexes):
            if index.name(stored.table.name) == name:
                return number
        raise Error(NO_SUCH_INDEX)

    # ---- rows
    def count(self, number):
        return len(self._stored(number).rows)

    def scan(self, number):
        return b"".join(self._stored(number).rows)

    def insert(self, number, data):
        stored = self._stored(number, write=True)
        row = decode_all(stored.table.row, data)
        generated = self._count_up(stored, row)
        data = stored.table.row.encoder(row)
        if stored.table.event:
            stored.events.append(row)
            self.undo.append(stored.events.pop)
        elif data not in stored.rows:
            self._check_unique(stored, row)
            self._put(stored, data, row)
        return generated or None

    def _count_up(self, stored, row):
        generated = b""
        for column in stored.table.names:
            if column in stored.counters and getattr(row, column) == 0:
                kind = stored.table.types[column]
                if stored.counters[column] >= kind.high:
                    raise Error(OVERFLOW)
                stored.counters[column] += 1
                object.__setattr__(row, column, stored.counters[column])
                generated += kind.encoder(stored.counters[column])
        return generated

    def _check_unique(self, stored, row):
        for column in stored.table.unique_columns:
            if any(getattr(other, column) == getattr(row, column) for other in stored.rows.values()):
                raise Error(UNIQUE_EXISTS)

    def _put(self, stored, data, row):
        stored.rows[data] = row
        self.undo.append(lambda: stored.rows.pop(data, None))

    def _remove(self, stored, data):
        row = stored.rows.pop(data)
        self.undo.append(lambda: stored.rows.__setitem__(data, row))

    def update(self, number, index, data):
        stored = self._stored(number, write=True)
        column = self._index(index)[1].columns[0]
        row = decode_all(stored.table.row, data)
        old = next((d for d, other in stored.rows.items() if getattr(other, column) == getattr(row, column)), None)
        if old is None:
            raise Error(NO_SUCH_ROW)
        kept = stored.rows.pop(old)
        try:
            self._check_unique(stored, row)
        finally:
            stored.rows[old] = kept
        self._remove(stored, old)
        self._put(stored, data, row)

    def delete_equal(self, number, data):
        stored = self._stored(number, write=True)
        offset, deleted = 4, 0
        for _ in range(int.from_bytes(data[:4], "little")):
            _, end = stored.table.row.decoder(data, offset)
            if data[offset:end] in stored.rows:
                self._remove(stored, data[offset:end])
                deleted += 1
            offset = end
        return deleted

    def clear(self, number):
        return self._delete(self._stored(number, write=True), list(self.tables[number].rows))

    def _delete(self, stored, found):
        self._stored(self.tables.index(stored), write=True)
        for data in found:
            self._remove(stored, data)
        return len(found)

    # ---- indexes
    def _index(self, number):
        if not self.open:
            raise Error(NOT_IN_TRANSACTION)
        if not 0 <= number < len(self.indexes):
            raise Error(NO_SUCH_INDEX)
        return self.indexes[number]

    def _found(self, number, prefix, elements, start=b"\2", end=b"\2"):
        stored, index = self._index(number)
        kinds = [stored.table.types[column] for column in index.columns]
        offset, wanted = 0, []
        for kind in kinds[:elements]:
            value, offset = kind.decoder(prefix, offset)
            wanted.append(value)
        key = lambda row: [order_key(kind, getattr(row, column)) for column, kind in zip(index.columns, kinds)]
        found = [(data, row) for data, row in stored.rows.items() if [getattr(row, column) for column in index.columns[:elements]] == wanted]
        for bound, inside in [(start, lambda have, edge: have > edge), (end, lambda have, edge: have < edge)]:
            if bound[0] != 2:
                kind, column = kinds[elements], index.columns[elements]
                edge = order_key(kind, decode_all(kind, bound[1:]))
                found = [(d, r) for d, r in found if (have := order_key(kind, getattr(r, column))) == edge and bound[0] == 0 or inside(have, edge)]
        if index.kind == "btree":
            found.sort(key=lambda item: key(item[1]))
        return stored, [data for data, _ in found]

    def point(self, number, key):
        return b"".join(self._found(number, key, len(self._index(number)[1].columns))[1])

    def delete_point(self, number, key):
        return self._delete(*self._found(number, key, len(self._index(number)[1].columns)))

    def range(self, number, prefix, elements, start, end):
        if self._index(number)[1].kind != "btree":
            raise Error(WRONG_INDEX)
        return b"".join(self._found(number, prefix, elements, start, end)[1])

    def delete_range(self, number, prefix, elements, start, end):
        if self._index(number)[1].kind != "btree":
            raise Error(WRONG_INDEX)
        return self._delete(*self._found(number, prefix, elements, start, end))

    # ---- the rest
    def log(self, level, target, file, line, text):
        self.logs.append((LEVELS[level], text, file, line))

    def timer_start(self, name):
        return 0

    def timer_end(self, number):
        pass

    def identity(self):
        return bytes(self.own_identity)

    def get_jwt(self, connection):
        return self.claims.get(bytes(connection))

    def sleep_until(self, micros):
        self.now = max(self.now, micros)
        return self.now

    def http(self, request, body):
        """The next of the answers that the test has put in place; each is a pair of bytes."""
        if self.open:
            raise Error(WOULD_BLOCK)
        if not self.answers:
            raise Error(21, text_bytes("the test has no more answers"))
        return self.answers.pop(0)
