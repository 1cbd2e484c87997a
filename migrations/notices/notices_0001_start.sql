CREATE TABLE notice (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    kind ctext NOT NULL CHECK (kind <> ''),
    subject ctext NOT NULL,
    slot ctext NOT NULL,
    words text NOT NULL,
    link text NOT NULL CHECK (link LIKE '/%'),
    made_at timestamptz NOT NULL,
    read_at timestamptz,
    UNIQUE (kind, subject, person, slot)
);

CREATE INDEX notice_person ON notice (person, id);

CREATE INDEX notice_unread ON notice (person) WHERE read_at IS NULL;

CREATE INDEX notice_made ON notice (made_at);

CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    notice uuid NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    channel text NOT NULL CHECK (channel IN ('page', 'email')),
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dead', 'dropped')),
    quiet integer NOT NULL CHECK (quiet IN (0, 1)),
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz,
    claim uuid,
    lease_until timestamptz,
    result text NOT NULL DEFAULT '',
    sent_at timestamptz,
    dead_at timestamptz,
    UNIQUE (notice, channel),
    CHECK ((state = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (state <> 'dead' OR dead_at IS NOT NULL)
);

CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'waiting';

CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'sending';

CREATE INDEX delivery_state ON delivery (state, id);

CREATE TABLE notice_preference (
    person uuid NOT NULL REFERENCES person (id),
    kind ctext NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email')),
    wanted integer NOT NULL CHECK (wanted IN (0, 1)),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (person, kind, channel)
);
