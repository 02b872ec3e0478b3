-- Content by its SHA-256; see dev.cloche.storage.Blobs.
CREATE TABLE blob (
    digest   bytea   PRIMARY KEY CHECK (octet_length(digest) = 32),
    size     integer NOT NULL CHECK (size >= 0),
    deflated boolean NOT NULL,
    content  bytea   NOT NULL
);
ALTER TABLE blob ALTER COLUMN content SET STORAGE EXTERNAL;
