-- The key that signs the tokens of the client protocol; see dev.cloche.protocol. One row, made at the first start.
CREATE TABLE protocol_key (
    only_one    boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    private_key bytea       NOT NULL,
    public_key  bytea       NOT NULL,
    created_at  timestamptz NOT NULL
);
