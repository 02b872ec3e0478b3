-- Workers, their versions, and the queue of tasks; see dev.cloche.coordinator.

CREATE TABLE worker (
    id         text        PRIMARY KEY,
    project_id text        NOT NULL REFERENCES project,
    name       text        NOT NULL UNIQUE,
    -- the version that is called
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    -- what it is granted, as JSON: hosts, configuration, limits
    grants     text        NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX worker_of_project ON worker (project_id);

CREATE TABLE worker_version (
    worker_id    text        NOT NULL REFERENCES worker ON DELETE CASCADE,
    digest       bytea       NOT NULL CHECK (octet_length(digest) = 32),
    number       bigint      GENERATED ALWAYS AS IDENTITY,
    -- wasm or worker
    form         text        NOT NULL,
    bytes        bigint      NOT NULL,
    file         bytea       NOT NULL REFERENCES blob,
    -- what it says of itself, as JSON
    described    text        NOT NULL,
    published_at timestamptz NOT NULL,
    -- a name at the time, not an identifier
    published_by text        NOT NULL,
    PRIMARY KEY (worker_id, digest)
);
CREATE INDEX worker_version_of_blob ON worker_version (file);

CREATE TABLE worker_task (
    id            text        PRIMARY KEY,
    -- the order in which they came
    number        bigint      GENERATED ALWAYS AS IDENTITY,
    project_id    text        NOT NULL REFERENCES project ON DELETE CASCADE,
    worker_id     text        NOT NULL REFERENCES worker ON DELETE CASCADE,
    function      text        NOT NULL,
    input         bytea       NOT NULL,
    -- auto, local, node, tab, or pull for those that are fetched by HTTP
    place         text        NOT NULL,
    -- parts into which it is divided; 0 for as many as there is room for; null for not at all
    divide        integer,
    priority      integer     NOT NULL,
    timeout_ms    integer     NOT NULL,
    task_key      text,
    state         text        NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead', 'cancelled')),
    ready_at      timestamptz NOT NULL,
    -- tries that ended with a failure or ran out of time, and how many there may be
    attempts      integer     NOT NULL DEFAULT 0,
    most_attempts integer     NOT NULL,
    -- times that nobody can be blamed for: the server or the node ended
    losses        integer     NOT NULL DEFAULT 0,
    lease         text,
    lease_until   timestamptz,
    holder        text,
    -- the last ones, as JSON
    errors        text        NOT NULL DEFAULT '[]',
    created_at    timestamptz NOT NULL,
    ended_at      timestamptz
);
ALTER TABLE worker_task ALTER COLUMN input SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX worker_task_key ON worker_task (worker_id, task_key) WHERE task_key IS NOT NULL;
CREATE INDEX worker_task_next ON worker_task (priority DESC, ready_at, number) WHERE state = 'waiting';
CREATE INDEX worker_task_ready ON worker_task (ready_at) WHERE state = 'waiting';
CREATE INDEX worker_task_lease ON worker_task (lease_until) WHERE state = 'running';
CREATE INDEX worker_task_ended ON worker_task (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX worker_task_of_project ON worker_task (project_id, state, number);
CREATE INDEX worker_task_of_worker ON worker_task (worker_id, state, number);

-- Apart from its task, so that there can be one only.
CREATE TABLE worker_result (
    task_id   text             PRIMARY KEY REFERENCES worker_task ON DELETE CASCADE,
    output    bytea            NOT NULL,
    ran_on    text             NOT NULL,
    ran_ms    double precision NOT NULL,
    stored_at timestamptz      NOT NULL
);
ALTER TABLE worker_result ALTER COLUMN output SET STORAGE EXTERNAL;
