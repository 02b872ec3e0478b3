-- Published apps and their deployments; see dev.cloche.apps.

-- A name belongs for good to the project that used it first: what visitors keep at the name's origin must never come into
-- the hands of somebody else.
CREATE TABLE app_name (
    name       text PRIMARY KEY,
    project_id text NOT NULL
);

CREATE TABLE app (
    name          text        PRIMARY KEY REFERENCES app_name,
    project_id    text        NOT NULL REFERENCES project,
    deployment_id text        NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX app_of_project ON app (project_id, name);

-- Never changed once written. The workspace may be gone meanwhile, so it is only named.
CREATE TABLE deployment (
    id           text        PRIMARY KEY,
    position     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    app_name     text        NOT NULL REFERENCES app ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    workspace_id text        NOT NULL,
    revision     bigint      NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('static', 'wsgi', 'asgi')),
    placement    text        NOT NULL CHECK (placement IN ('browser', 'server')),
    entry        text        NOT NULL,
    environment  text        NOT NULL,
    -- of Python apps alone
    lock         text,
    files        integer     NOT NULL,
    size         bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    created_by   text        NOT NULL
);
CREATE UNIQUE INDEX deployment_of_app ON deployment (app_name, position DESC);
ALTER TABLE app ADD FOREIGN KEY (deployment_id) REFERENCES deployment DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX app_at_deployment ON app (deployment_id);

CREATE TABLE deployment_file (
    deployment_id text   NOT NULL REFERENCES deployment ON DELETE CASCADE,
    path          text   NOT NULL COLLATE "C",
    digest        bytea  NOT NULL REFERENCES blob,
    size          bigint NOT NULL,
    PRIMARY KEY (deployment_id, path)
);
CREATE INDEX deployment_file_of_blob ON deployment_file (digest);
