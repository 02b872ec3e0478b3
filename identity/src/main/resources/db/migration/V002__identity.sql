-- People, their ways in, projects and their members; see dev.cloche.identity. Secrets are kept only as hashes.
CREATE TABLE person (
    id            text        PRIMARY KEY,
    name          text        NOT NULL UNIQUE,
    display_name  text        NOT NULL,
    server_owner  boolean     NOT NULL DEFAULT false,
    password_hash text,
    signed_in_at  timestamptz,
    created_at    timestamptz NOT NULL
);

CREATE TABLE sign_in_link (
    code_hash  bytea       PRIMARY KEY CHECK (octet_length(code_hash) = 32),
    person_id  text        NOT NULL REFERENCES person ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_link_person ON sign_in_link (person_id);

CREATE TABLE session (
    id          text        PRIMARY KEY,
    secret_hash bytea       NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    person_id   text        NOT NULL REFERENCES person ON DELETE CASCADE,
    by_link     boolean     NOT NULL,
    created_at  timestamptz NOT NULL,
    used_at     timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person_id);

CREATE TABLE token (
    id          text        PRIMARY KEY,
    secret_hash bytea       NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    person_id   text        NOT NULL REFERENCES person ON DELETE CASCADE,
    name        text        NOT NULL,
    scopes      text[]      NOT NULL,
    created_at  timestamptz NOT NULL,
    used_at     timestamptz,
    expires_at  timestamptz
);
CREATE INDEX token_person ON token (person_id, created_at);

CREATE TABLE project (
    id         text        PRIMARY KEY,
    name       text        NOT NULL,
    slug       text        NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE member (
    project_id text        NOT NULL REFERENCES project ON DELETE CASCADE,
    person_id  text        NOT NULL REFERENCES person ON DELETE CASCADE,
    role       text        NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (project_id, person_id)
);
CREATE INDEX member_person ON member (person_id, project_id);

-- Names, not identifiers: an entry stays readable when its person or project is gone.
CREATE TABLE audit (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text        NOT NULL,
    via     text        NOT NULL,
    action  text        NOT NULL,
    target  text        NOT NULL,
    outcome text        NOT NULL,
    address text        NOT NULL
);
CREATE INDEX audit_at ON audit (at);
