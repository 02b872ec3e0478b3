"""Flask with one app that has answered: routes, a template, a form, JSON, a session, an error page."""
import flask

app = flask.Flask("warm_up")
app.secret_key = "warm-up"


@app.get("/")
def page():
    flask.session["seen"] = True
    return flask.render_template_string("{% for n in range(2) %}<p>{{ n }} {{ name|upper }}</p>{% endfor %}", name="<a>")


@app.post("/form")
def form():
    return flask.redirect(flask.url_for("page", text=flask.request.form.get("text")))


@app.post("/json")
def data():
    return flask.jsonify(flask.request.get_json()), 201


with app.test_client() as client:
    assert client.get("/").status_code == 200
    assert client.post("/form", data={"text": "ü"}).status_code == 302
    assert client.post("/json", json={"n": [1, 2.5, None]}).status_code == 201
    assert client.get("/nowhere").status_code == 404
