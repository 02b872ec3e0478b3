INSERT INTO app_name (name, project_id) VALUES ('todo', 'eeeeeeeeeeeeeeee');
INSERT INTO app (name, project_id, deployment_id, created_at, updated_at) VALUES
    ('todo', 'eeeeeeeeeeeeeeee', 'hhhhhhhhhhhhhhhh', '2026-01-03T00:00:00Z', '2026-01-03T00:00:00Z');
INSERT INTO deployment (id, app_name, workspace_id, revision, kind, placement, entry, environment, lock, files, size, created_at, created_by) VALUES
    ('hhhhhhhhhhhhhhhh', 'todo', 'ffffffffffffffff', 1, 'wsgi', 'browser', 'main:app', '{}', '{}', 1, 8, '2026-01-03T00:00:00Z', 'aaaaaaaaaaaaaaaa'),
    ('jjjjjjjjjjjjjjjj', 'todo', 'ffffffffffffffff', 2, 'static', 'browser', '', '{}', NULL, 1, 8, '2026-01-04T00:00:00Z', 'aaaaaaaaaaaaaaaa');
INSERT INTO deployment_file (deployment_id, path, digest, size) VALUES ('hhhhhhhhhhhhhhhh', 'src/main.py', sha256('print(1)'), 8);
