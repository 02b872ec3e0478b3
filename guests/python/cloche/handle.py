"""What ``ctx.db.player`` is: the rows of one table, through functions that are compiled for it."""

from .codec import Reader, Source, Writer, checked_encoder, rows_decoder
from .errors import HOST_ERRORS, NoSuchRow, StoreError, UniqueViolation, describe, nearest
from .plan import plan_for

UNIQUE_EXISTS, NO_SUCH_ROW = 12, 15


class TableHandle:
    """Rows of a table in the transaction that is running. Methods with a value of the wrong type raise ``ValueMismatch``."""

    _bound = False

    def __init__(self, table, host):
        self._table, self._host = table, host
        self._plans, self._ids = {}, {}
        self._encoders = {name: checked_encoder(kind, f"{table.cls.__name__}.{name}") for name, kind in table.columns}
        self._decode = rows_decoder(table.row)
        self._indexes = {index.columns: index for index in table.all_indexes}
        self._source = self._compile()

    # the compiled functions need the numbers of table and indexes, which exist only inside a transaction
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if not self._bound:
            self._bind()
            return getattr(self, name)
        table = self._table
        if name.startswith("find_by_"):
            column = name[8:]
            if column in table.types:
                raise AttributeError(f"{table.name}.{name}: {column!r} is not unique, so there may be several rows: use filter({column}=...)")
            raise AttributeError(f"{table.name}.{name}: there is no column {column!r}. {nearest(column, table.names)}")
        methods = [m for m in (*self.__dict__, *dir(type(self))) if not m.startswith("_")]
        raise AttributeError(f"the table {table.name} has no method {name!r}. {nearest(name, methods)}")

    def _bind(self):
        env = self._source.env
        env["TABLE"] = self._call(self._host.table_id, self._table.name)
        for index in self._table.all_indexes:
            env["INDEX_" + "_".join(index.columns)] = self._ids[index.columns] = self._call(self._host.index_id, index.name(self._table.name))
        self._ids[()] = env["TABLE"]
        self.__dict__.update(self._functions, _bound=True)

    def _call(self, function, *arguments):
        try:
            return function(*arguments)
        except self._host.Error as error:
            raise self._failed(error) from None

    def _failed(self, error, row=None):
        number, table = error.args[0], self._table
        if number == UNIQUE_EXISTS:
            return UniqueViolation(self._violation(row))
        if number == NO_SUCH_ROW:
            key = f" with {table.primary_key}={describe(getattr(row, table.primary_key))}" if table.primary_key and row is not None else ""
            return NoSuchRow(f"{table.name}: there is no row{key}")
        return StoreError(f"{table.name}: {HOST_ERRORS.get(number, f'error {number}')}", number)

    def _violation(self, row):
        """Which column it was; the host does not say."""
        table = self._table
        for column in table.unique_columns:
            if row is not None and self._host.point(self._ids[(column,)], self._encoders[column](getattr(row, column))):
                return f"{table.name}: there is a row with {column}={describe(getattr(row, column))} already"
        return f"{table.name}: there is a row with this unique value already"

    def _compile(self):
        source, table = Source(), self._table
        source.env.update(C=table.cls, HostError=self._host.Error, failed=self._failed, whole=self._whole, ValueError=ValueError,
                          host_insert=self._host.insert, host_update=self._host.update, host_point=self._host.point, Exception=Exception,
                          object_set=object.__setattr__)
        self._functions = {"insert": self._write_function(source, "insert", "host_insert(TABLE, {})")}
        if table.primary_key:
            self._functions["update"] = self._write_function(source, "update", f"host_update(TABLE, INDEX_{table.primary_key}, {{}})")
        for column in table.unique_columns:
            self._functions[f"find_by_{column}"] = self._find_function(source, column)
        if table.primary_key:
            self._functions["find_by_primary_key"] = self._functions[f"find_by_{table.primary_key}"]
        return source

    def _write_function(self, source, name, call):
        """insert or update: the row's bytes by a fast path, then the host, then the columns that the host filled in."""
        writer = Writer(source)
        body = self._table.row.encode_text(writer, "type(r) is C", "data = {}")
        generated = self._generated(source)
        text = (f"def {name}(r):\n    try:\n        data = None\n{body}    except Exception:\n        data = None\n"
                f"    if data is None: data = whole(r, {name!r})\n"
                f"    try: b = {call.format('data')}\n    except HostError as error: raise failed(error, r) from None\n{generated}    return r\n")
        return source.function(name, text)

    def _generated(self, source):
        """Statements that put the values which the host counted into the row: those that were 0."""
        table, text = self._table, ""
        for column in [name for name in table.names if name in table.auto_inc]:
            reader, variable = Reader(source), source.name("g")
            table.types[column].read(reader, variable)
            reader.statement(f"r.{column} = {variable}" if table.row.plain else f"object_set(r, {column!r}, {variable})")
            text += f"        if not r.{column}:\n" + reader.body(12)
        return "    if b:\n        o = 0\n" + text if text else ""

    def _whole(self, row, operation):
        """The bytes of a row that the fast path refused: those of an equal row of exact types, or the reason."""
        table = self._table
        if not isinstance(row, table.cls):
            given = "the class itself" if row is table.cls else describe(row)
            raise TypeError(f"{table.name}.{operation}: expected a {table.cls.__name__}, got {given}")
        return table.row.encoder(table.row.check(row, table.cls.__name__))

    def _find_function(self, source, column):
        encode, decode = source.name("encode", self._encoders[column]), source.name("decode", self._table.row.decoder)
        return source.function(f"find_by_{column}", f"def find_by_{column}(value):\n    key = {encode}(value)\n"
                               f"    try: b = host_point(INDEX_{column}, key)\n    except HostError as error: raise failed(error) from None\n"
                               f"    return {decode}(b, 0)[0] if b else None\n")

    # ---- reading
    def scan(self):
        """All rows, as a list."""
        if not self._bound:
            self._bind()
        return self._decode(self._call(self._host.scan, self._ids[()]))

    def __iter__(self):
        """All rows as they are now; what the loop changes does not change the loop."""
        if not self._bound:
            self._bind()
        data = self._call(self._host.scan, self._ids[()])
        decode, offset, end = self._table.row.decoder, 0, len(data)
        while offset < end:
            row, offset = decode(data, offset)
            yield row

    def filter(self, **conditions):
        """Rows that meet all conditions, as a list: ``filter(score__gte=10, active=True)``.

        Conditions are equality, ``__ne``, ``__lt``, ``__lte``, ``__gt``, ``__gte`` and ``__in``. An index serves where one
        fits; rows from a btree come in its order.
        """
        return self._plan(conditions).rows(list(conditions.values()))

    def count(self, **conditions):
        """The number of rows, or of those that meet the conditions."""
        if conditions:
            return len(self.filter(**conditions))
        if not self._bound:
            self._bind()
        return self._call(self._host.count, self._ids[()])

    def __len__(self):
        return self.count()

    def __bool__(self):
        return True

    # ---- removing
    def delete(self, row=None, **conditions):
        """Removes one row, the rows that meet conditions, or without either all rows; returns how many."""
        if row is not None:
            if conditions:
                raise TypeError(f"{self._table.name}.delete: give a row or conditions, not both")
            return self._delete_row(row)
        if conditions:
            return self._plan(conditions).delete(list(conditions.values()))
        if not self._bound:
            self._bind()
        return self._call(self._host.clear, self._ids[()])

    def _delete_row(self, row):
        if not self._bound:
            self._bind()
        table = self._table
        if not isinstance(row, table.cls):
            extra = f"; for a key write delete({table.primary_key}=...)" if table.primary_key else ""
            raise TypeError(f"{table.name}.delete: expected a {table.cls.__name__}, got {describe(row)}{extra}")
        if table.primary_key:
            key = self._encoders[table.primary_key](getattr(row, table.primary_key))
            return self._call(self._host.delete_point, self._ids[(table.primary_key,)], key)
        return self._call(self._host.delete_equal, self._ids[()], b"\1\0\0\0" + self._whole(row, "delete"))

    def _plan(self, conditions):
        if not self._bound:
            self._bind()
        names = tuple(conditions)
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans[names] = plan_for(self, names)
        return plan

    def __repr__(self):
        return f"<table {self._table.name}>"


class Db:
    """The tables of the module by name: ``ctx.db.player``, or ``ctx.db.get_table(Player)`` by class."""

    def __init__(self, module, host):
        self._by_class = {}
        for table in module.tables:
            handle = TableHandle(table, host)
            self._by_class[table.cls] = handle
            setattr(self, table.name, handle)

    def get_table(self, cls):
        """The table of a class, or of a name."""
        handle = self.__dict__.get(cls) if isinstance(cls, str) and not cls.startswith("_") else self._by_class.get(cls)
        if handle is None:
            what = cls if isinstance(cls, str) else getattr(cls, "__name__", repr(cls))
            raise LookupError(f"there is no table {what}. {nearest(what, [h._table.name for h in self._by_class.values()])}")
        return handle

    def __getattr__(self, name):
        raise AttributeError(f"there is no table {name!r}. {nearest(name, [h._table.name for h in self.__dict__.get('_by_class', {}).values()])}")
