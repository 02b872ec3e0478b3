import json
import pathlib
import struct
import sys
import tempfile
import textwrap
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from cloche import DeclarationError, HandlerContext, HttpError, NoSuchRow, ReducerError, Response, Timestamp, UniqueViolation, ValueMismatch
from cloche.testing import Database, identity
from cloche.web import respond

TEMPLATES = HERE.parents[2] / "workspaces/src/main/resources/dev/cloche/workspaces/templates"
EXAMPLES = HERE.parents[2] / "examples"


class Kitchen(unittest.TestCase):
    def setUp(self):
        self.db = Database(HERE / "modules" / "kitchen.py")
        self.module = self.db.python

    def people(self, *rows):
        with self.db.transaction() as tables:
            for email, city, age in rows:
                tables.person.insert(self.module.Person(email, city, age))

    def test_a_row_comes_back_with_its_generated_columns(self):
        with self.db.transaction() as tables:
            first = tables.person.insert(self.module.Person("a@x", "Bern", 3))
            second = tables.person.insert(self.module.Person("b@x", "Bern", 4, id=70))
        self.assertEqual((first.id, second.id), (1, 70))
        self.assertEqual(self.db.rows("person"), [first, second])

    def test_a_failing_reducer_changes_nothing(self):
        before = self.db.rows("cell")
        with self.assertRaises(KeyError):
            self.db.call("boom")
        self.assertEqual(self.db.rows("cell"), before)

    def test_a_repeated_unique_value_names_the_column(self):
        self.db.call("add", "a@x", "Bern", 3)
        with self.assertRaisesRegex(UniqueViolation, r"person: there is a row with email='a@x' \(str\) already"):
            self.db.call("add", "a@x", "Ulm", 4)

    def test_a_value_out_of_range_names_the_field(self):
        self.db.call("add", "a@x", "Bern", 3)
        with self.assertRaisesRegex(ValueMismatch, r"Person\.age: expected U8 \(0 to 255\), got 300"):
            self.db.call("grow", "a@x", 300)
        self.db.call("grow", "a@x", 30)
        self.assertEqual(self.db.rows("person")[0].age, 30)

    def test_filters_find_what_a_plain_loop_finds(self):
        self.people(*[(f"{i}@x", ["Bern", "Ulm", "Rom"][i % 3], (i * 37) % 60) for i in range(40)])
        everyone = self.db.rows("person")
        for conditions, test in [
            ({"age": 37}, lambda p: p.age == 37), ({"city": "Ulm"}, lambda p: p.city == "Ulm"), ({"age__gte": 20, "age__lt": 40}, lambda p: 20 <= p.age < 40),
            ({"city": "Rom", "age__gt": 30}, lambda p: p.city == "Rom" and p.age > 30), ({"age__lte": 10, "city__ne": "Ulm"}, lambda p: p.age <= 10 and p.city != "Ulm"),
            ({"email": "7@x"}, lambda p: p.email == "7@x"), ({"age__in": [0, 37]}, lambda p: p.age in (0, 37)), ({"note": None}, lambda p: True),
            ({"colour": self.module.Colour.GREEN}, lambda p: False), ({"city": "Bern", "age": 0}, lambda p: p.city == "Bern" and p.age == 0),
        ]:
            with self.subTest(conditions=conditions), self.db.transaction() as tables:
                found = tables.person.filter(**conditions)
                self.assertCountEqual([p.id for p in found], [p.id for p in everyone if test(p)])
                self.assertEqual(tables.person.count(**conditions), len(found))

    def test_rows_of_a_btree_come_in_order(self):
        self.people(("a", "x", 9), ("b", "x", 3), ("c", "x", 5))
        with self.db.transaction() as tables:
            self.assertEqual([p.age for p in tables.person.filter(age__gte=0)], [3, 5, 9])

    def test_deleting_by_row_conditions_and_all(self):
        self.people(("a", "x", 1), ("b", "x", 2), ("c", "y", 3), ("d", "y", 4))
        with self.db.transaction() as tables:
            people = tables.person
            self.assertEqual(people.delete(people.find_by_email("a")), 1)
            self.assertEqual(people.delete(age__gte=4), 1)
            self.assertEqual(people.delete(city="x", age=2), 1)
            self.assertEqual(people.delete(email="nobody"), 0)
            self.assertEqual(people.delete(), 1)
            self.assertEqual(tables.cell.delete(self.module.Cell(1, -1)), 1)
            self.assertEqual(tables.cell.count(), 0)

    def test_finding_by_key_and_updating_a_missing_row(self):
        self.people(("a", "x", 1))
        with self.db.transaction() as tables:
            person = tables.person.find_by_id(1)
            self.assertEqual(tables.person.find_by_primary_key(1), person)
            self.assertIsNone(tables.person.find_by_id(2))
            person.id = 77
            with self.assertRaisesRegex(NoSuchRow, "person: there is no row with id=77"):
                tables.person.update(person)

    def test_mistakes_in_names_get_an_offer(self):
        with self.db.transaction() as tables:
            for call, message in [(lambda: tables.persn, "Did you mean 'person'"), (lambda: tables.person.filter(agee=1), "Did you mean 'age'"),
                                  (lambda: tables.person.find_by_age(1), r"use filter\(age=...\)"), (lambda: tables.person.filter(age__above=1), "no comparison 'above'"),
                                  (lambda: tables.person.inser, "Did you mean 'insert'"), (lambda: tables.person.insert({}), "expected a Person"),
                                  (lambda: tables.get_table("per"), "there is no table per")]:
                with self.assertRaisesRegex(Exception, message):
                    call()

    def test_event_rows_are_sent_and_not_kept(self):
        ann = self.db.connect(identity("ann"))
        ann.call("shoot", 1.0, 2.0)
        self.assertEqual(self.db.rows("shot"), [])
        self.assertEqual(self.db.events("shot"), [self.module.Shot(self.module.Point(1.0, 2.0), ann.identity)])

    def test_a_row_with_a_time_rings_once_and_goes(self):
        self.db.call("remind", "tea", 3000)
        self.db.advance(seconds=2)
        self.assertEqual(self.db.logs, [])
        self.db.advance(seconds=2)
        self.assertEqual(self.db.logs, [("warning", "ring: tea")])
        self.assertEqual(self.db.rows("reminder"), [])

    def test_views_and_procedures_return_values(self):
        self.people(("a", "Bern", 1), ("b", "Ulm", 20))
        self.assertEqual([p.email for p in self.db.view("my_shots")], ["a"])
        self.assertEqual([p.email for p in self.db.view("oldest")], ["b"])
        self.assertEqual(self.db.view("adults"), "SELECT * FROM person WHERE age >= 18")
        self.assertEqual(self.db.call("total_age", 5), 26)
        self.assertEqual(len(self.db.rows("cell")), 2)

    def test_a_procedure_calls_out_only_outside_of_transactions(self):
        head = struct.pack("<I", 1) + b"\6\0\0\0x-kind" + b"\4\0\0\0test" + b"\2" + struct.pack("<H", 200)
        self.db.host.answers.append((head, b"body"))
        self.assertEqual(self.db.call("fetch", "http://example.test/"), "200 test body")
        with self.assertRaisesRegex(Exception, "the test has no more answers"):
            self.db.call("fetch", "http://example.test/")

    def test_handlers_answer_requests_and_open_transactions(self):
        answer = self.db.request("POST", "/cells?y=7", json={"x": 5}, headers={"X-Kind": "test"})
        self.assertEqual((answer.status, answer.header("content-type"), answer.header("x-kind")), (201, "application/json", "test"))
        self.assertEqual(answer.json(), {"cells": [{"slot": 1, "value": -1}, {"slot": 5, "value": 7}], "sender": True})
        self.assertEqual(len(self.db.rows("cell")), 2)
        with self.assertRaises(json.JSONDecodeError):
            self.db.request("POST", "/cells", b"no json")
        self.assertEqual(len(self.db.rows("cell")), 2)

    def test_routes_are_exact(self):
        self.assertEqual(self.db.request("GET", "?a=1&a=2").text(), "GET /?a=1&a=2 {}")
        self.assertEqual(self.db.request("HEAD", "").text(), "HEAD /? {}")
        self.assertEqual(self.db.request("PATCH", "/form", "a=1&b=%20").text(), "PATCH /form? {'a': '1', 'b': ' '}")
        self.assertEqual(self.db.request("GET", "/").status, 404)
        self.assertEqual(self.db.request("GET", "/form/").status, 404)
        refused = self.db.request("POST", "/nothing")
        self.assertEqual((refused.status, refused.header("allow")), (405, "DELETE, PUT"))
        refused = self.db.request("GET", "?refuse=")
        self.assertEqual((refused.status, refused.text()), (400, "not this one"))
        with self.assertRaisesRegex(TypeError, "an answer is str, bytes, dict, list"):
            self.db.request("GET", "?fail=1")

    def test_handlers_send_requests_and_nobody_is_signed_in(self):
        self.db.answer("fine")
        self.assertEqual(self.db.request("PUT", "/nothing").status, 204)
        with self.assertRaisesRegex(HttpError, "the test has no more answers"):
            self.db.request("PUT", "/nothing")
        with self.assertRaisesRegex(AttributeError, "a handler has no sender"):
            HandlerContext().sender
        with self.assertRaisesRegex(AttributeError, "a handler has no transaction of its own"):
            HandlerContext().db

    def test_what_a_handler_returns_becomes_an_answer(self):
        who = identity("ann")
        for given, status, kind, body in [
            ("é", 200, "text/plain; charset=utf-8", "é".encode()), (b"\0", 200, "application/octet-stream", b"\0"), (None, 204, None, b""),
            ([1, who], 200, "application/json", b'[1, "%s"]' % str(who).encode()), (("no", 404), 404, "text/plain; charset=utf-8", b"no"),
            (("<p>", 200, {"Content-Type": "text/html"}), 200, "text/html", b"<p>"), (Response({}, content_type="a/b"), 200, "a/b", b"{}"),
        ]:
            with self.subTest(given=given):
                answer = respond(given)
                self.assertEqual((answer.status, dict((k.lower(), v) for k, v in answer.headers).get("content-type"), answer.body), (status, kind, body))
        for given in [3, ("a",), ("a", 99), ("a", "200")]:
            with self.subTest(given=given), self.assertRaises((TypeError, ValueError)):
                respond(given)

    def test_claims_refuse_a_client(self):
        with self.assertRaisesRegex(ReducerError, "you are banned"):
            self.db.connect(identity("eve"), claims={"banned": True})
        self.db.connect(identity("ann"), claims={})

    def test_random_numbers_repeat_for_the_same_call_and_differ_between_times(self):
        self.db.call("draw")
        self.db.call("draw")
        self.db.advance(seconds=1)
        self.db.call("draw")
        first, second, third = [text for _, text in self.db.logs]
        self.assertEqual(first, second)
        self.assertNotEqual(first, third)

    def test_wrong_arguments_are_refused_before_the_function_runs(self):
        with self.assertRaisesRegex(ValueMismatch, r"add\(age\): expected U8"):
            self.db.call("add", "a", "b", 300)
        with self.assertRaisesRegex(TypeError, "takes 3 arguments"):
            self.db.call("add", "a")
        with self.assertRaisesRegex(ReducerError, "invalid arguments for reducer add"):
            self.db._run("reducer", self.db._calls.reducers, [f.name for f in self.db.module.reducers].index("add"), identity("x"), None, b"\xff\0")


class Examples(unittest.TestCase):
    def test_chat(self):
        db = Database(EXAMPLES / "chat" / "chat.py")
        ann = db.connect(identity("ann"))
        ann.call("set_name", "Ann")
        ann.call("send_message", "hello")
        with self.assertRaisesRegex(ReducerError, "text must not be blank"):
            ann.call("send_message", "   ")
        ann.disconnect()
        self.assertEqual([(m.sender, m.text) for m in db.rows("message")], [(db.identity, "welcome"), (ann.identity, "hello")])
        self.assertEqual([(u.name, u.online) for u in db.rows("user")], [("Ann", False)])

    def test_simple_game(self):
        db = Database(EXAMPLES / "simple_game" / "simple_game.py")
        ann, bob = db.connect(identity("ann")), db.connect(identity("bob"))
        with self.assertRaisesRegex(ReducerError, "join the game first"):
            ann.call("move_player", 1.0, 1.0)
        ann.call("join_game", "Ann")
        bob.call("join_game", "Bob")
        ann.call("move_player", 3.0, 4.0)
        ann.call("attack_player", str(bob.identity), 30)
        bob.call("heal_player", 10)
        with self.assertRaisesRegex(ReducerError, "no health potion left"):
            bob.call("heal_player", 10)
        self.assertEqual({p.name: (p.score, p.health) for p in db.rows("player")}, {"Ann": (30, 100.0), "Bob": (0, 80.0)})
        self.assertEqual([e.event_type for e in db.rows("game_event")], ["join", "join", "move", "attack", "heal"])
        db.advance(minutes=4)
        self.assertEqual([(e.rank, e.player_name, e.score) for e in db.rows("leaderboard_entry")], [(1, "Ann", 30), (2, "Bob", 0)])
        self.assertIn(("info", "The game is open: join_game, move_player, attack_player, heal_player"), db.logs)
        self.assertEqual(db.view("game_status")[0].active_players, 2)
        db.advance(minutes=2)
        self.assertEqual(db.view("game_status")[0].active_players, 0)

    def test_the_template_live_game(self):
        db = Database(TEMPLATES / "live-game" / "main.py")
        ann, bob = db.connect(identity("ann")), db.connect(identity("bob"))
        for who, name in [(ann, "Ann"), (bob, "Bob")]:
            with self.assertRaisesRegex(ReducerError, "join the game first"):
                who.call("move_player", 1.0, 1.0)
            who.call("join_game", name)
        with self.assertRaisesRegex(ReducerError, "20 characters at most"):
            db.connect(identity("eve")).call("join_game", "e" * 21)

        def player(name):
            return next(one for one in db.rows("player") if one.name == name)

        def place(name, x, y):
            row = player(name)
            with db.transaction() as tables:
                row.position_x, row.position_y = x, y
                tables.player.update(row)

        # nobody gets farther than the speed allows
        place("Ann", 0.0, 0.0)
        db.advance(milliseconds=100)
        ann.call("move_player", 100.0, 0.0)
        self.assertLess(player("Ann").position_x, 15)
        place("Ann", 0.0, 0.0)
        place("Bob", 50.0, 0.0)
        with self.assertRaisesRegex(ReducerError, "too far away"):
            ann.call("attack_player", str(bob.identity), 10)
        place("Bob", 10.0, 0.0)
        with self.assertRaisesRegex(ReducerError, "from 1 to 20"):
            ann.call("attack_player", str(bob.identity), 1000)
        before = player("Ann").score
        for hit in range(5):
            ann.call("attack_player", str(bob.identity), 20)
            if hit == 0:
                with self.assertRaisesRegex(ReducerError, "not so fast"):
                    ann.call("attack_player", str(bob.identity), 20)
            db.advance(milliseconds=300)
        self.assertEqual(player("Ann").score - before, 150)
        with self.assertRaisesRegex(ReducerError, "asleep"):
            bob.call("heal_player", 10)
        self.assertEqual(sorted((e.rank, e.player_name, e.score) for e in db.rows("leaderboard_entry")), [(1, "Ann", player("Ann").score), (2, "Bob", 0)])
        self.assertIn("defeat", [e.event_type for e in db.rows("game_event")])
        db.advance(seconds=4)
        self.assertEqual(player("Bob").health, 100)

        # what one stands on is picked up
        with db.transaction() as tables:
            dew = next(one for one in tables.find.scan() if one.kind == "dew")
        place("Bob", dew.position_x, dew.position_y)
        bob.call("move_player", dew.position_x, dew.position_y)
        self.assertGreaterEqual(player("Bob").score, 10)
        self.assertNotIn(dew.id, [one.id for one in db.rows("find")])

        db.advance(minutes=2)
        self.assertEqual(sorted((e.rank, e.player_name, e.score, e.achievements) for e in db.rows("leaderboard_entry")), [(1, "Ann", 0, 1), (2, "Bob", 0, 0)])
        self.assertEqual(db.rows("game_state")[0].round_number, 2)
        bob.disconnect()
        self.assertEqual(db.view("game_status")[0].active_players, 1)
        db.advance(minutes=6)
        self.assertEqual(db.view("game_status")[0].active_players, 0)

    def test_the_template_chat(self):
        db = Database(TEMPLATES / "chat" / "main.py")
        ann = db.connect(identity("ann"))
        ann.call("set_name", " Ann ")
        with self.assertRaisesRegex(ReducerError, "a message must not be blank"):
            ann.call("send_message", "  ")
        with self.assertRaisesRegex(ReducerError, "1000 characters at most"):
            ann.call("send_message", "x" * 1001)
        for number in range(510):
            ann.call("send_message", f"hello {number}")
        self.assertEqual(len(db.rows("message")), 500)
        ann.disconnect()
        self.assertEqual([(u.name, u.online) for u in db.rows("user")], [("Ann", False)])


class Mistakes(unittest.TestCase):
    def refused(self, source, line, message):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "mistaken.py"
            path.write_text("from cloche import *\n" + textwrap.dedent(source))
            with self.assertRaises(DeclarationError) as raised:
                Database(path)
            self.assertEqual(raised.exception.line, line, str(raised.exception))
            self.assertRegex(str(raised.exception), message)

    def test_each_has_its_line_and_advice(self):
        for source, line, message in [
            ("@table(primary_key='idd')\nclass A:\n    id: int\n", 2, "primary_key names 'idd', which is no column. Did you mean 'id'"),
            ("@table\nclass A:\n    x: int\n    y: complex\n", 5, "A.y: complex is no type of a column. Use a dataclass"),
            ("@table\nclass A:\n    x: list\n", 4, r"list does not say of what. Write list\[str\]"),
            ("@table(auto_inc='x')\nclass A:\n    x: str\n", 4, "auto_inc counts integers"),
            ("@table\nclass A:\n    pass\n", 2, "needs at least one column"),
            ("@table\nclass A:\n    x: int\n    y = 3\n", 2, "A.y has a value but no type. Write `y: int = 3`"),
            ("@table\nclass A:\n    x: U8 = 300\n", 4, r"default of A.x: expected U8 \(0 to 255\), got 300"),
            ("@table(indexes=['y'])\nclass A:\n    x: int\n", 2, "indexes names 'y'"),
            ("@table\nclass A:\n    x: int\n@table(name='a')\nclass B:\n    x: int\n", 5, "two tables named a"),
            ("@reducer\ndef f(ctx, x): pass\n", 2, "the argument 'x' has no type"),
            ("@reducer\ndef f(): pass\n", 2, "the context comes first"),
            ("@reducer\ndef f(ctx, x: int = 1): pass\n", 2, "no defaults"),
            ("@reducer\nasync def f(ctx): pass\n", 2, "plain function"),
            ("@reducer\ndef f(ctx): pass\n@reducer\ndef f(ctx): pass\n", 4, "two functions named f"),
            ("@init\ndef f(ctx, x: int): pass\n", 2, "@init takes ctx only"),
            ("@init\ndef f(ctx): pass\n@init\ndef g(ctx): pass\n", 4, "two @init functions"),
            ("@reducer(lifecycle='start')\ndef f(ctx): pass\n", 2, "no lifecycle 'start'"),
            ("@scheduled\ndef f(ctx): pass\n", 2, "does not say when"),
            ("@scheduled(interval_ms=-1)\ndef f(ctx): pass\n", 2, "no time in milliseconds"),
            ("@table\nclass A:\n    x: int\n@scheduled(A)\ndef f(ctx, row: A): pass\n", 2, "primary key of type U64"),
            ("@table(primary_key='id')\nclass A:\n    id: U64\n@scheduled(A)\ndef f(ctx): pass\n", 5, "takes ctx and the row"),
            ("@view\ndef f(ctx) -> int: pass\n", 2, "a view returns rows"),
            ("@table\nclass A:\n    x: int\n@view\ndef f(ctx, x: int) -> list[A]: pass\n", 5, "takes no arguments but ctx"),
            ("@http_handler\ndef f(ctx, request): pass\n", 2, "does not say where"),
            ("@http_handler('/Hook')\ndef f(ctx, request): pass\n", 2, "'/Hook' is no path of a route. Begin with /, and use lower-case"),
            ("@http_handler('hook')\ndef f(ctx, request): pass\n", 2, "is no path of a route"),
            ("@http_handler('/a', methods=['GETT'])\ndef f(ctx, request): pass\n", 2, "no method 'GETT'. Did you mean 'GET'"),
            ("@http_handler('/a', methods=[])\ndef f(ctx, request): pass\n", 2, "the methods say nothing clear"),
            ("@http_handler('/a')\ndef f(ctx): pass\n", 2, "takes the context and the request"),
            ("@http_handler('/a')\ndef f(ctx, r): pass\n@http_handler('/a', methods='*')\ndef g(ctx, r): pass\n", 4, "f and g both answer GET at '/a'"),
            ("@reducer\ndef f(ctx, x: 'Nope'): pass\n", 2, "'Nope', which is not known"),
        ]:
            with self.subTest(source=source):
                self.refused(source, line, message)


class Time(unittest.TestCase):
    def test_a_database_starts_at_the_time_given(self):
        db = Database(EXAMPLES / "chat" / "chat.py", now=Timestamp(5))
        self.assertEqual(db.rows("message")[0].sent, 5)


if __name__ == "__main__":
    unittest.main()
