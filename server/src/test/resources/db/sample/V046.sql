UPDATE live_database SET wakes = true WHERE identity = sha256('db');
INSERT INTO live_publish (identity, published_at, sender, program, kind, plan) VALUES
    (sha256('db'), '2026-01-05T00:00:00Z', sha256('owner'), sha256('print(1)'), 'created', '');
