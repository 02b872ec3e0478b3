INSERT INTO person (id, name, display_name, server_owner, password_hash, signed_in_at, created_at) VALUES
    ('aaaaaaaaaaaaaaaa', 'owner', 'Owner', true, NULL, '2026-01-02T03:04:05Z', '2026-01-01T00:00:00Z'),
    ('bbbbbbbbbbbbbbbb', 'anna', 'Anna Ü', false, 'argon2id$19456$2$1$c2FsdA$aGFzaA', NULL, '2026-01-01T00:00:00Z');
INSERT INTO sign_in_link (code_hash, person_id, expires_at) VALUES (sha256('link'), 'bbbbbbbbbbbbbbbb', '2026-01-02T00:00:00Z');
INSERT INTO session (id, secret_hash, person_id, by_link, created_at, used_at) VALUES
    ('cccccccccccccccc', sha256('session'), 'aaaaaaaaaaaaaaaa', true, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
INSERT INTO token (id, secret_hash, person_id, name, scopes, created_at) VALUES
    ('dddddddddddddddd', sha256('token'), 'aaaaaaaaaaaaaaaa', 'script', ARRAY['read', 'write'], '2026-01-01T00:00:00Z');
INSERT INTO project (id, name, slug, created_at) VALUES ('eeeeeeeeeeeeeeee', 'Home', 'home', '2026-01-01T00:00:00Z');
INSERT INTO member (project_id, person_id, role, added_at) VALUES
    ('eeeeeeeeeeeeeeee', 'aaaaaaaaaaaaaaaa', 'owner', '2026-01-01T00:00:00Z'),
    ('eeeeeeeeeeeeeeee', 'bbbbbbbbbbbbbbbb', 'viewer', '2026-01-01T00:00:00Z');
INSERT INTO audit (at, actor, via, action, target, outcome, address) VALUES
    ('2026-01-01T00:00:00Z', 'owner', 'link', 'sign-in', '', 'ok', '127.0.0.1');
