# wheels: flask
from flask import Flask, redirect, render_template_string, request, session, url_for

PAGE = """<ul>{% for item in items %}<li>{{ loop.index }}. {{ item }}</li>{% endfor %}</ul>"""


def application():
    app = Flask(__name__)
    app.secret_key = "only for this test"
    items = []

    @app.get("/")
    def index():
        session["seen"] = session.get("seen", 0) + 1
        return render_template_string(PAGE, items=items)

    @app.post("/items")
    def add():
        items.append(request.form["text"])
        return redirect(url_for("index"))

    @app.post("/sum")
    def total():
        return {"sum": sum(request.get_json()["numbers"]), "seen": session.get("seen", 0)}

    @app.post("/upload")
    def upload():
        return str(len(request.files["file"].read()))

    return app


def test_get_with_a_template():
    answer = application().test_client().get("/")
    assert answer.status_code == 200 and answer.text == "<ul></ul>"
    assert answer.content_type == "text/html; charset=utf-8"


def test_a_form_a_redirect_and_escaping():
    client = application().test_client()
    answer = client.post("/items", data={"text": "<Käse> & Brot"}, follow_redirects=True)
    assert answer.text == "<ul><li>1. &lt;Käse&gt; &amp; Brot</li></ul>"


def test_json_and_a_signed_session():
    client = application().test_client()
    client.get("/")
    client.get("/")
    assert client.post("/sum", json={"numbers": [1, 2, 3]}).json == {"sum": 6, "seen": 2}
    assert client.post("/sum", data="{", content_type="application/json").status_code == 400


def test_an_upload():
    import io
    answer = application().test_client().post("/upload", data={"file": (io.BytesIO(b"x" * 70000), "a.bin")})
    assert answer.text == "70000"


def test_errors():
    client = application().test_client()
    assert client.get("/none").status_code == 404 and client.get("/sum").status_code == 405


def test_signals_and_commands():
    from blinker import signal
    from click.testing import CliRunner
    import click
    import itsdangerous
    heard = []
    signal("s").connect(lambda sender: heard.append(sender), weak=False)
    signal("s").send("me")
    assert heard == ["me"]

    @click.command()
    @click.option("--n", type=int, default=1)
    def command(n):
        click.echo("x" * n)

    assert CliRunner().invoke(command, ["--n", "3"]).output == "xxx\n"
    signer = itsdangerous.URLSafeTimedSerializer("k")
    assert signer.loads(signer.dumps([1, "ä"]), max_age=10) == [1, "ä"]
