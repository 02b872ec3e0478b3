INSERT INTO live_state (identity, at, taken_at, program, bytes) VALUES (sha256('db'), 1, '2026-01-06T00:00:00Z', sha256('print(1)'), 1);
