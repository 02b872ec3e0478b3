INSERT INTO protocol_key (private_key, public_key, created_at) VALUES ('\x01', '\x02', '2026-01-01 00:00:00+00');
