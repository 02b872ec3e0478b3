-- Databases as they were: snapshots and logs are kept for a while after newer ones took their place.

ALTER TABLE live_commit ADD COLUMN written_at timestamptz NOT NULL DEFAULT now();

-- Each whole snapshot: from it and the log after it follows every state up to the next one.
CREATE TABLE live_state (
    identity bytea       NOT NULL REFERENCES live_database ON DELETE CASCADE,
    -- the number of the last transaction in it; its rows are in live_snapshot
    at       bigint      NOT NULL,
    taken_at timestamptz NOT NULL,
    -- the module whose rows they are
    program  bytea       NOT NULL REFERENCES blob,
    bytes    bigint      NOT NULL,
    PRIMARY KEY (identity, at)
);
CREATE INDEX live_state_of_blob ON live_state (program);

INSERT INTO live_state (identity, at, taken_at, program, bytes)
SELECT d.identity, d.snapshot_at, d.updated_at, d.program,
       coalesce((SELECT sum(length(s.content)) FROM live_snapshot s WHERE s.identity = d.identity AND s.at = d.snapshot_at), 0)
FROM live_database d;
