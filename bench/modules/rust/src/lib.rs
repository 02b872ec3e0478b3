//! What the benchmarks call, in Rust; bench.py is the same in Python.
use spacetimedb::{reducer, table, Identity, ReducerContext, Table, Timestamp};

#[table(accessor = message, public)]
pub struct Message {
    pub sender: Identity,
    pub sent: Timestamp,
    pub text: String,
}

#[table(accessor = pair, public)]
pub struct Pair {
    pub a: u32,
    pub b: u32,
}

#[table(accessor = entry, public)]
pub struct Entry {
    #[primary_key]
    #[auto_inc]
    pub id: u64,
    #[index(btree)]
    pub owner: u32,
}

#[table(accessor = account, public)]
pub struct Account {
    #[primary_key]
    pub id: u32,
    pub balance: i64,
}

#[reducer]
pub fn send_message(ctx: &ReducerContext, text: String) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("text must not be blank".into());
    }
    ctx.db.message().insert(Message { sender: ctx.sender(), sent: ctx.timestamp, text });
    Ok(())
}

#[reducer]
pub fn add_pair(ctx: &ReducerContext, a: u32, b: u32) {
    ctx.db.pair().insert(Pair { a, b });
}

#[reducer]
pub fn add_entry(ctx: &ReducerContext, owner: u32) {
    ctx.db.entry().insert(Entry { id: 0, owner });
}

#[reducer]
pub fn transfer(ctx: &ReducerContext, source: u32, target: u32, amount: u32) -> Result<(), String> {
    if source == target {
        return Ok(());
    }
    let accounts = ctx.db.account();
    let from = accounts.id().find(source).ok_or("no such account")?;
    let to = accounts.id().find(target).ok_or("no such account")?;
    if from.balance < amount.into() {
        return Err("not enough money".into());
    }
    accounts.id().update(Account { balance: from.balance - i64::from(amount), ..from });
    accounts.id().update(Account { balance: to.balance + i64::from(amount), ..to });
    Ok(())
}

#[reducer]
pub fn fill_messages(ctx: &ReducerContext, first: u32, count: u32) {
    for i in first..first + count {
        ctx.db.message().insert(Message { sender: ctx.sender(), sent: Timestamp::from_micros_since_unix_epoch(i.into()), text: "aaaaaaaaaa".into() });
    }
}

#[reducer]
pub fn fill_pairs(ctx: &ReducerContext, first: u32, count: u32) {
    for i in first..first + count {
        ctx.db.pair().insert(Pair { a: i, b: i.wrapping_mul(2_654_435_761) });
    }
}

#[reducer]
pub fn fill_entries(ctx: &ReducerContext, first: u32, count: u32) {
    for i in first..first + count {
        ctx.db.entry().insert(Entry { id: 0, owner: i.wrapping_mul(2_654_435_761) % 1_000_000 });
    }
}

#[reducer]
pub fn open_accounts(ctx: &ReducerContext, first: u32, count: u32) {
    for id in first..first + count {
        ctx.db.account().insert(Account { id, balance: 1_000_000 });
    }
}
