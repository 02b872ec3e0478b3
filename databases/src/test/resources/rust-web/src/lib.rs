//! A module that answers HTTP requests and sends some.
use spacetimedb::http::{handler, router, Body, HandlerContext, Request, Response, Router, Timeout};
use spacetimedb::{procedure, table, ProcedureContext, Table, TimeDuration};

#[table(accessor = note, public)]
pub struct Note {
    #[primary_key]
    #[auto_inc]
    pub id: u64,
    pub text: String,
}

/// Says what it was asked.
#[handler]
fn echo(_ctx: &mut HandlerContext, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut text = format!("{} {} {:?}\n", parts.method, parts.uri, parts.version);
    for (name, value) in parts.headers.iter() {
        text.push_str(&format!("{name}: {value:?}\n"));
    }
    text.push_str(&body.into_string_lossy());
    Response::builder().status(203).header("x-one", "1").header("x-one", "2").header("set-cookie", "a=b").body(Body::from_bytes(text)).unwrap()
}

#[handler]
fn add_note(ctx: &mut HandlerContext, request: Request) -> Response {
    let text = request.into_body().into_string_lossy();
    let id = ctx.with_tx(|tx| tx.db.note().insert(Note { id: 0, text: text.clone() }).id);
    Response::new(Body::from_bytes(format!("{id}")))
}

#[handler]
fn empty(_ctx: &mut HandlerContext, _request: Request) -> Response {
    Response::builder().status(204).body(Body::empty()).unwrap()
}

#[handler]
fn broken(ctx: &mut HandlerContext, _request: Request) -> Response {
    ctx.with_tx(|tx| {
        tx.db.note().insert(Note { id: 0, text: "never".into() });
        panic!("on purpose")
    })
}

#[router]
fn routes() -> Router {
    Router::new()
        .any("/echo", echo)
        .get("/notes", echo)
        .post("/notes", add_note)
        .get("", empty)
        .get("/", echo)
        .put("/broken", broken)
        .nest("/inner", Router::new().get("/deep", echo))
}

#[procedure]
fn fetch(ctx: &mut ProcedureContext, method: String, url: String, body: String, millis: u64) -> String {
    let mut request = Request::builder().method(method.as_str()).uri(url).header("x-asked", "yes").header("x-asked", "twice");
    if millis > 0 {
        request = request.extension(Timeout(TimeDuration::from_micros(millis as i64 * 1000)));
    }
    match ctx.http.send(request.body(Body::from_bytes(body)).unwrap()) {
        Ok(answer) => {
            let (parts, body) = answer.into_parts();
            format!("{} {:?} {:?} {}", parts.status, parts.version, parts.headers.get("x-said"), body.into_string_lossy())
        }
        Err(error) => format!("error: {error}"),
    }
}
