INSERT INTO blob (digest, size, deflated, content) VALUES (decode(repeat('49', 32), 'hex'), 4, false, '\x0061736d');
INSERT INTO worker (id, project_id, name, digest, grants, created_at, updated_at)
SELECT 'wwwwwwwwwwwwwwww', id, 'matrix', decode(repeat('49', 32), 'hex'), '{"hosts":[],"config":{}}', '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00' FROM project LIMIT 1;
INSERT INTO worker_version (worker_id, digest, form, bytes, file, described, published_at, published_by)
VALUES ('wwwwwwwwwwwwwwww', decode(repeat('49', 32), 'hex'), 'wasm', 4, decode(repeat('49', 32), 'hex'), '{}', '2026-01-01 00:00:00+00', 'owner');
INSERT INTO worker_task (id, project_id, worker_id, function, input, place, priority, timeout_ms, state, ready_at, most_attempts, created_at, ended_at)
SELECT 'tttttttttttttttt', project_id, id, 'multiply', '\x00', 'auto', 5, 30000, 'done', '2026-01-01 00:00:00+00', 3, '2026-01-01 00:00:00+00', '2026-01-01 00:00:01+00' FROM worker;
INSERT INTO worker_result (task_id, output, ran_on, ran_ms, stored_at) VALUES ('tttttttttttttttt', '\x01', 'local', 1.5, '2026-01-01 00:00:01+00');
