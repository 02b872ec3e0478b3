"""How rows that meet conditions are found: by which index, with which bounds, and what is left to compare."""

import operator

from .codec import checked_encoder
from .errors import nearest

COMPARE = {"eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge,
           "in": lambda value, choices: value in choices}
INCLUDED, EXCLUDED, UNBOUNDED = b"\0", b"\1", b"\2"


class Condition:
    """One condition: its position among the arguments, the column, and the comparison."""

    def __init__(self, position, column, comparison, kind, path):
        self.position, self.column, self.comparison, self.kind, self.path = position, column, comparison, kind, path
        self.encode = checked_encoder(kind, path)
        self.test = COMPARE[comparison]

    def value(self, values):
        given = values[self.position]
        if self.comparison == "in":
            return [self.kind.check(item, f"{self.path}[{i}]") for i, item in enumerate(given)]
        return self.kind.check(given, self.path)


def plan_for(handle, names):
    """The plan for conditions of these names; they stand in the order of the arguments."""
    table = handle._table
    conditions = []
    for position, name in enumerate(names):
        column, _, comparison = (name, "", "eq") if name in table.types else name.rpartition("__")
        if column not in table.types:
            wanted = column or name
            raise TypeError(f"{table.name}: there is no column {wanted!r}. {nearest(wanted, table.names)}")
        if comparison not in COMPARE:
            raise TypeError(f"{table.name}: there is no comparison {comparison!r}. {nearest(comparison, COMPARE)}")
        conditions.append(Condition(position, column, comparison, table.types[column], f"{table.cls.__name__}.{column}"))
    return _best(handle, conditions)


def _best(handle, conditions):
    equal, best, best_score = {}, None, 0
    for condition in conditions:
        if condition.comparison == "eq":
            equal.setdefault(condition.column, condition)
    for index in handle._table.all_indexes:
        prefix = []
        for column in index.columns:
            if column not in equal:
                break
            prefix.append(equal[column])
        if len(prefix) == len(index.columns):
            unique = len(prefix) == 1 and prefix[0].column in handle._table.unique_columns
            score, candidate = 2 * len(prefix) + (1000 if unique else 1), PointPlan(handle, index, prefix, conditions)
        elif index.kind != "btree":
            continue
        else:
            bounds = _bounds(conditions, index.columns[len(prefix)])
            score = 2 * len(prefix) + (1 if bounds else 0)
            candidate = RangePlan(handle, index, prefix, bounds, conditions)
        if score > best_score:
            best, best_score = candidate, score
    return best or ScanPlan(handle, conditions)


def _bounds(conditions, column):
    """At most one lower and one upper condition on a column; a second one is compared row by row."""
    lower = next((c for c in conditions if c.column == column and c.comparison in ("gt", "gte")), None)
    upper = next((c for c in conditions if c.column == column and c.comparison in ("lt", "lte")), None)
    return [c for c in (lower, upper) if c]


class ScanPlan:
    """Every row is looked at."""

    def __init__(self, handle, conditions, used=()):
        self.handle, self.host = handle, handle._host
        self.all = conditions
        self.rest = [c for c in conditions if c not in used]

    def data(self, values):
        return self.handle._call(self.host.scan, self.handle._ids[()])

    def rows(self, values):
        tests = [(c.column, c.test, c.value(values)) for c in self.rest]
        rows = self.handle._decode(self.data(values))
        for column, test, value in tests:
            rows = [row for row in rows if test(getattr(row, column), value)]
        return rows

    def delete(self, values):
        rows = self.rows(values)
        for row in rows if self.handle._table.primary_key else ():
            self.handle._delete_row(row)
        if rows and not self.handle._table.primary_key:
            encode = self.handle._table.row.encoder
            self.handle._call(self.host.delete_equal, self.handle._ids[()], len(rows).to_bytes(4, "little") + b"".join(map(encode, rows)))
        return len(rows)


class PointPlan(ScanPlan):
    """All columns of an index are given."""

    def __init__(self, handle, index, prefix, conditions):
        super().__init__(handle, conditions, prefix)
        self.index, self.prefix = handle._ids[index.columns], prefix

    def key(self, values):
        return b"".join([c.encode(values[c.position]) for c in self.prefix])

    def data(self, values):
        return self.handle._call(self.host.point, self.index, self.key(values))

    def delete(self, values):
        if self.rest:
            return super().delete(values)
        return self.handle._call(self.host.delete_point, self.index, self.key(values))


class RangePlan(ScanPlan):
    """The first columns of a btree are given, and perhaps bounds of the next."""

    def __init__(self, handle, index, prefix, bounds, conditions):
        super().__init__(handle, conditions, [*prefix, *bounds])
        self.index, self.prefix, self.bounds = handle._ids[index.columns], prefix, bounds

    def arguments(self, values):
        low = high = UNBOUNDED
        for condition in self.bounds:
            bound = (INCLUDED if condition.comparison.endswith("e") else EXCLUDED) + condition.encode(values[condition.position])
            if condition.comparison[0] == "g":
                low = bound
            else:
                high = bound
        prefix = b"".join([c.encode(values[c.position]) for c in self.prefix])
        return self.index, prefix, len(self.prefix), low, high

    def data(self, values):
        return self.handle._call(self.host.range, *self.arguments(values))

    def delete(self, values):
        if self.rest:
            return super().delete(values)
        return self.handle._call(self.host.delete_range, *self.arguments(values))
