INSERT INTO workspace (id, project_id, name, description, type, config, revision, entries, size, created_at, edited_at, deleted_at) VALUES
    ('ffffffffffffffff', 'eeeeeeeeeeeeeeee', 'Plots', '', 'PYODIDE', '{"environment":{},"pythonPackages":["numpy"]}', 2, 2, 8,
     '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', NULL),
    ('gggggggggggggggg', 'eeeeeeeeeeeeeeee', 'Gone', 'old', 'PYODIDE', '{}', 0, 0, 0,
     '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z');
INSERT INTO workspace_revision (workspace_id, revision, author, written_at) VALUES
    ('ffffffffffffffff', 1, 'aaaaaaaaaaaaaaaa', '2026-01-01T00:00:00Z'),
    ('ffffffffffffffff', 2, 'aaaaaaaaaaaaaaaa', '2026-01-02T00:00:00Z');
INSERT INTO workspace_change (workspace_id, revision, path, kind, digest, size) VALUES
    ('ffffffffffffffff', 1, 'src', 'folder', NULL, NULL),
    ('ffffffffffffffff', 1, 'src/main.py', 'file', sha256('print(1)'), 8),
    ('ffffffffffffffff', 1, 'old.txt', 'file', sha256(''), 0),
    ('ffffffffffffffff', 2, 'old.txt', 'gone', NULL, NULL);
INSERT INTO workspace_entry (workspace_id, path, folded, kind, digest, size, revision) VALUES
    ('ffffffffffffffff', 'src', 'src', 'folder', NULL, NULL, 1),
    ('ffffffffffffffff', 'src/main.py', 'src/main.py', 'file', sha256('print(1)'), 8, 1);
INSERT INTO workspace_state (workspace_id, person_id, state, written_at) VALUES
    ('ffffffffffffffff', 'aaaaaaaaaaaaaaaa', '{"tabs":["src/main.py"]}', '2026-01-02T00:00:00Z');
