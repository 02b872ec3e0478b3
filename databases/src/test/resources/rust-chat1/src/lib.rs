//! The chat of examples/chat in Rust, for the crate's generation 1.12: the same tables, reducers and texts.
use spacetimedb::{log, reducer, table, Identity, ReducerContext, Table, Timestamp};

#[table(name = message, public)]
pub struct Message {
    pub sender: Identity,
    pub sent: Timestamp,
    pub text: String,
}

#[table(name = user, public)]
pub struct User {
    #[primary_key]
    pub identity: Identity,
    pub name: Option<String>,
    pub online: bool,
}

fn said(what: &str, text: String) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err(format!("{what} must not be blank"));
    }
    Ok(text)
}

#[reducer]
pub fn send_message(ctx: &ReducerContext, text: String) -> Result<(), String> {
    ctx.db.message().insert(Message { sender: ctx.sender, sent: ctx.timestamp, text: said("text", text)? });
    Ok(())
}

#[reducer]
pub fn set_name(ctx: &ReducerContext, name: String) -> Result<(), String> {
    let user = ctx.db.user().identity().find(ctx.sender).ok_or("no such user")?;
    log::info!("{:?} is now called {}", user.name, name);
    ctx.db.user().identity().update(User { name: Some(said("name", name)?), ..user });
    Ok(())
}

#[reducer(init)]
pub fn start(ctx: &ReducerContext) {
    log::info!("chat starts");
    ctx.db.message().insert(Message { sender: ctx.sender, sent: ctx.timestamp, text: "welcome".into() });
}

#[reducer(client_connected)]
pub fn joined(ctx: &ReducerContext) {
    show(ctx, true);
}

#[reducer(client_disconnected)]
pub fn left(ctx: &ReducerContext) {
    show(ctx, false);
}

fn show(ctx: &ReducerContext, online: bool) {
    match ctx.db.user().identity().find(ctx.sender) {
        None => { ctx.db.user().insert(User { identity: ctx.sender, name: None, online }); }
        Some(user) => { ctx.db.user().identity().update(User { online, ..user }); }
    }
}
