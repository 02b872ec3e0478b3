-- Live databases; see dev.cloche.databases.

CREATE TABLE live_database (
    identity      bytea       PRIMARY KEY CHECK (length(identity) = 32),
    project_id    text        NOT NULL REFERENCES project,
    owner         bytea       NOT NULL CHECK (length(owner) = 32),
    -- the module that it was made from; a hash, the file may be gone
    first_program bytea       NOT NULL,
    -- the module's file that it runs
    program       bytea       NOT NULL REFERENCES blob,
    locked        boolean     NOT NULL DEFAULT false,
    -- the number of the last transaction in the snapshot
    snapshot_at   bigint      NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX live_database_of_project ON live_database (project_id);
CREATE INDEX live_database_of_owner ON live_database (owner);
CREATE INDEX live_database_of_blob ON live_database (program);

CREATE TABLE live_database_name (
    name     text    PRIMARY KEY,
    identity bytea   NOT NULL REFERENCES live_database ON DELETE CASCADE,
    place    integer NOT NULL
);
CREATE INDEX live_database_name_of ON live_database_name (identity, place);

-- Several transactions that were written together: for each its length (u32, least significant byte first) and its changes.
CREATE TABLE live_commit (
    identity bytea  NOT NULL REFERENCES live_database ON DELETE CASCADE,
    first_at bigint NOT NULL,
    last_at  bigint NOT NULL,
    content  bytea  NOT NULL,
    PRIMARY KEY (identity, first_at)
);
ALTER TABLE live_commit ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE live_snapshot (
    identity bytea   NOT NULL REFERENCES live_database ON DELETE CASCADE,
    at       bigint  NOT NULL,
    part     integer NOT NULL,
    content  bytea   NOT NULL,
    PRIMARY KEY (identity, at, part)
);
ALTER TABLE live_snapshot ALTER COLUMN content SET STORAGE EXTERNAL;
