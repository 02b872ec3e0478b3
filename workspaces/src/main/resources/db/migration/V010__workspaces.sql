-- Workspaces, their files by revision, and what people keep about the screens; see dev.cloche.workspaces.

CREATE TABLE workspace (
    id          text        PRIMARY KEY,
    project_id  text        NOT NULL REFERENCES project,
    name        text        NOT NULL,
    description text        NOT NULL,
    type        text        NOT NULL,
    config      text        NOT NULL,
    revision    bigint      NOT NULL DEFAULT 0,
    -- Sums over workspace_entry, kept with it, so that limits cost nothing to check.
    entries     integer     NOT NULL DEFAULT 0 CHECK (entries >= 0),
    size        bigint      NOT NULL DEFAULT 0 CHECK (size >= 0),
    created_at  timestamptz NOT NULL,
    edited_at   timestamptz NOT NULL,
    deleted_at  timestamptz
);
CREATE INDEX workspace_of_project ON workspace (project_id, edited_at DESC);
CREATE INDEX workspace_deleted ON workspace (deleted_at) WHERE deleted_at IS NOT NULL;

-- Who wrote which revision, and when.
CREATE TABLE workspace_revision (
    workspace_id text        NOT NULL REFERENCES workspace ON DELETE CASCADE,
    revision     bigint      NOT NULL,
    author       text        NOT NULL,
    written_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, revision)
);

-- Append-only: what each revision did to which path. The newest row at or below a revision says what a path was then.
CREATE TABLE workspace_change (
    workspace_id text   NOT NULL,
    revision     bigint NOT NULL,
    path         text   NOT NULL COLLATE "C",
    kind         text   NOT NULL CHECK (kind IN ('file', 'folder', 'gone')),
    digest       bytea  REFERENCES blob,
    size         bigint,
    PRIMARY KEY (workspace_id, revision, path),
    FOREIGN KEY (workspace_id, revision) REFERENCES workspace_revision ON DELETE CASCADE,
    CHECK ((kind = 'file') = (digest IS NOT NULL AND size IS NOT NULL))
);
CREATE INDEX workspace_change_by_path ON workspace_change (workspace_id, path, revision DESC);
CREATE INDEX workspace_change_of_blob ON workspace_change (digest) WHERE digest IS NOT NULL;

-- The tree of the newest revision. Every folder has a row of its own; `folded` is the path without case, so that no two
-- entries clash on a file system that ignores case. The blob is held by the row of workspace_change.
CREATE TABLE workspace_entry (
    workspace_id text   NOT NULL,
    path         text   NOT NULL COLLATE "C",
    folded       text   NOT NULL COLLATE "C",
    kind         text   NOT NULL CHECK (kind IN ('file', 'folder')),
    digest       bytea,
    size         bigint,
    revision     bigint NOT NULL,
    PRIMARY KEY (workspace_id, path),
    UNIQUE (workspace_id, folded),
    FOREIGN KEY (workspace_id, revision, path) REFERENCES workspace_change ON DELETE CASCADE,
    CHECK ((kind = 'file') = (digest IS NOT NULL AND size IS NOT NULL))
);
CREATE INDEX workspace_entry_of_change ON workspace_entry (workspace_id, revision, path);

-- Open tabs and the like, per person.
CREATE TABLE workspace_state (
    workspace_id text        NOT NULL REFERENCES workspace ON DELETE CASCADE,
    person_id    text        NOT NULL REFERENCES person ON DELETE CASCADE,
    state        text        NOT NULL,
    written_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX workspace_state_of_person ON workspace_state (person_id);
