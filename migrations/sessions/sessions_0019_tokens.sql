CREATE TABLE nomination_token (
    token_hash ctext PRIMARY KEY,
    link uuid NOT NULL REFERENCES nomination_link (id),
    made_at timestamptz NOT NULL
);

CREATE INDEX nomination_token_link ON nomination_token (link);
