INSERT INTO live_database (identity, project_id, owner, first_program, program, created_at, updated_at) VALUES
    (sha256('db'), 'eeeeeeeeeeeeeeee', sha256('owner'), sha256('print(1)'), sha256('print(1)'), '2026-01-05T00:00:00Z', '2026-01-05T00:00:00Z');
INSERT INTO live_database_name (name, identity, place) VALUES ('quickstart-chat', sha256('db'), 0);
INSERT INTO live_commit (identity, first_at, last_at, content) VALUES (sha256('db'), 1, 1, '\x0000000000');
INSERT INTO live_snapshot (identity, at, part, content) VALUES (sha256('db'), 0, 0, '\x01');
