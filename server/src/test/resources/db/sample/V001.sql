INSERT INTO blob (digest, size, deflated, content) VALUES
    (sha256('print(1)'), 8, false, 'print(1)'),
    (sha256(''), 0, false, '');
