-- What was published when; and which databases act by themselves, so that they start with the server.

ALTER TABLE live_database ADD COLUMN wakes boolean NOT NULL DEFAULT false;

CREATE TABLE live_publish (
    identity     bytea       NOT NULL REFERENCES live_database ON DELETE CASCADE,
    published_at timestamptz NOT NULL,
    sender       bytea       NOT NULL CHECK (length(sender) = 32),
    program      bytea       NOT NULL,
    -- created, updated, reset
    kind         text        NOT NULL,
    -- the migration's steps for people; empty for the first one
    plan         text        NOT NULL,
    number       bigint      GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (identity, number)
);
