"""The runtime part of generated Python bindings, against a server in this process."""

import asyncio
import contextlib
import dataclasses
import enum
import http.server
import importlib.util
import json
import pathlib
import sys
import threading
import unittest
import unittest.mock

SOURCE = pathlib.Path(__file__).parents[2] / "main/resources/dev/cloche/bindings/client.py"
spec = importlib.util.spec_from_file_location("client", SOURCE)
client = importlib.util.module_from_spec(spec)
sys.modules["client"] = client
spec.loader.exec_module(client)


@dataclasses.dataclass
class Point:
    x: float
    children: list


class Colour(enum.Enum):
    RED = 0
    GREEN = 1


@dataclasses.dataclass(frozen=True)
class Shape:
    tag: str
    value: object = None


POINT = client._product(Point, ("x", "x", client._F32), ("children", "kids", client._array(client._later(lambda: POINT))))
COLOUR = client._enum(Colour, "red", "green")
SHAPE = client._sum(Shape, ("Circle", client._F64), ("Nothing", client._UNIT))


class Server(http.server.BaseHTTPRequestHandler):
    asked = []
    answers = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((self.path, self.headers.get("Authorization"), self.headers["Content-Type"], body))
        status, text = self.answers.get(self.path, (404, "No such procedure"))
        self.send_response(status)
        self.send_header("spacetime-identity-token", "fresh")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


class Values(unittest.TestCase):
    def test_values_come_back_as_they_went(self):
        cases = [
            (client._U8, 255), (client._I128, -(1 << 127)), (client._U256, (1 << 256) - 1), (client._I256, -(1 << 255)), (client._STRING, "é"),
            (client._BOOL, True), (client._F64, 1.5), (client._BYTES, b"\x00\xff"), (client._array(client._I16), [1, -2]), (client._UNIT, None),
            (client._option(client._U8), None), (client._option(client._U8), 7), (client._result(client._U8, client._STRING), client.Err("x")),
            (client._IDENTITY, client.Identity("c2" * 32)), (client._TIMESTAMP, client.Timestamp(5)), (client._SCHEDULE_AT, client.TimeDuration(9)),
            (client._SCHEDULE_AT, client.Timestamp(9)), (client._UUID, client.Uuid(3)), (client._CONNECTION_ID, client.ConnectionId(4)),
            (POINT, Point(1.0, [Point(2.0, [])])), (COLOUR, Colour.GREEN), (SHAPE, Shape("Circle", 2.0)), (SHAPE, Shape("Nothing")),
        ]
        for kind, value in cases:
            with self.subTest(value=value):
                back = kind.read(json.loads(json.dumps(kind.write(value))))
                self.assertEqual(back, value)
                self.assertIs(type(back), type(value))

    def test_the_form_without_names_is_read_too(self):
        self.assertEqual(POINT.read([1.0, [[2.0, []]]]), Point(1.0, [Point(2.0, [])]))
        self.assertEqual(client._option(SHAPE).read([0, [0, 2.0]]), Shape("Circle", 2.0))
        self.assertEqual(COLOUR.read([1, []]), Colour.GREEN)
        self.assertEqual(client._IDENTITY.read(["0x" + "c2" * 32]), "c2" * 32)
        self.assertNotEqual(client._F64.read(None), client._F64.read(None))

    def test_other_types_are_refused(self):
        for kind, value in [(client._U8, 256), (client._U8, -1), (client._U8, True), (client._U8, 1.0), (client._STRING, 1), (client._BOOL, 1),
                            (client._BYTES, "x"), (client._F64, float("nan")), (POINT, (1, [])), (COLOUR, 1), (SHAPE, Shape("Square")), (client._IDENTITY, "c2")]:
            with self.subTest(value=value), self.assertRaises((TypeError, ValueError)):
                kind.write(value)

    def test_a_timestamp_is_a_time(self):
        self.assertEqual(client.Timestamp(1_000_001).to_datetime().isoformat(), "1970-01-01T00:00:01.000001+00:00")


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        cls.thread = threading.Thread(target=cls.server.serve_forever)
        cls.thread.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.thread.join()
        cls.server.server_close()

    def setUp(self):
        Server.asked.clear()
        Server.answers.clear()
        self.connection = client._Connection(f"http://127.0.0.1:{self.server.server_port}/", "my-game")

    def test_a_call_sends_its_arguments_and_keeps_the_identity(self):
        Server.answers["/v1/database/my-game/call/move"] = (200, "")
        self.assertIsNone(self.connection._call("move", [("by", client._I8), ("name", client._STRING)], [-1, "é"]))
        self.assertIsNone(self.connection._call("move", [("by", client._I8), ("name", client._STRING)], [2, "x"]))
        (path, first, kind, body), (_, second, _, _) = Server.asked
        self.assertEqual((path, first, kind, json.loads(body)), ("/v1/database/my-game/call/move", None, "application/json", [-1, "é"]))
        self.assertEqual(second, "Bearer fresh")

    def test_results_and_rows_have_their_types(self):
        Server.answers["/v1/database/my-game/call/best"] = (200, "[0,[1.5,[]]]")
        Server.answers["/v1/database/my-game/sql"] = (200, '[{"rows":[[1.5,[]],[2.5,[]]]}]')
        self.assertEqual(self.connection._call("best", [], [], client._option(POINT)), Point(1.5, []))
        self.assertEqual(client._Table(self.connection, "point", POINT).rows("x > 1"), [Point(1.5, []), Point(2.5, [])])
        self.assertEqual(Server.asked[-1][3], 'SELECT * FROM "point" WHERE x > 1')

    def test_refusals_are_exceptions(self):
        Server.answers["/v1/database/my-game/call/move"] = (530, "not today")
        with self.assertRaises(client.Refused) as refused:
            self.connection._call("move", [], [])
        self.assertEqual((str(refused.exception), refused.exception.status), ("not today", 530))
        with self.assertRaisesRegex(ValueError, "move, by: 300 is not between -128 and 127"):
            self.connection._call("move", [("by", client._I8)], [300])


class Watching(unittest.TestCase):
    """What is made of the protocol's messages; the sockets themselves are tried in a browser."""

    def watch(self, *messages, token=None):
        sent, heard = [], [json.dumps(message) for message in messages]

        @contextlib.asynccontextmanager
        async def socket(url):
            async def receive():
                return heard.pop(0) if heard else None

            sent.append(url)
            yield lambda text: sent.append(json.loads(text)), receive

        connection = client._Connection("http://127.0.0.1:1", "game", token)
        table = client._Table(connection, "point", POINT)

        async def all_changes():
            changes = []
            try:
                async for change in table.watch("x = 1"):
                    changes.append(change)
            except (ConnectionError, client.Refused) as error:
                return changes, error

        with unittest.mock.patch.object(client, "_socket", socket):
            changes, error = asyncio.run(all_changes())
        return connection, sent, changes, error

    @staticmethod
    def update(deletes=(), inserts=(), table="point"):
        rows = [[json.dumps({"x": x, "kids": []}) for x in side] for side in (deletes, inserts)]
        return {"tables": [{"table_name": table, "updates": [{"deletes": rows[0], "inserts": rows[1]}]}]}

    def test_all_rows_come_first_and_then_each_change_until_the_connection_ends(self):
        connection, sent, changes, error = self.watch(
            {"IdentityToken": {"token": "mine"}},
            {"SubscribeMultiApplied": {"update": self.update(inserts=[1.0])}},
            {"TransactionUpdateLight": {"update": self.update([1.0], [2.0])}},
            {"TransactionUpdate": {"status": {"Committed": self.update(table="other", inserts=[5.0])}}},
            {"TransactionUpdate": {"status": {"Failed": "no"}}},
            {"TransactionUpdate": {"status": {"Committed": self.update([2.0])}}})
        self.assertEqual([([p.x for p in c.deleted], [p.x for p in c.inserted]) for c in changes], [([], [1.0]), ([1.0], [2.0]), ([2.0], [])])
        self.assertIsInstance(error, ConnectionError)
        self.assertEqual(connection.token, "mine")
        self.assertEqual(sent[0], "ws://127.0.0.1:1/v1/database/game/subscribe")
        self.assertEqual(sent[1]["SubscribeMulti"]["query_strings"], ['SELECT * FROM "point" WHERE x = 1'])

    def test_a_refusal_has_the_reason(self):
        error = self.watch({"SubscriptionError": {"error": "no such column"}})[-1]
        self.assertIsInstance(error, client.Refused)
        self.assertIn("no such column", str(error))


if __name__ == "__main__":
    unittest.main()
