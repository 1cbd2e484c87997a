CREATE TABLE person (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    sex text CHECK (sex IN ('female', 'male')),
    born_on date,
    born_year integer CHECK (born_year BETWEEN 1900 AND 2200),
    phone ctext CHECK (phone LIKE '+%'),
    email text,
    organisation text NOT NULL DEFAULT '',
    area uuid REFERENCES area (id),
    office uuid REFERENCES office (id),
    merged_into uuid REFERENCES person (id),
    made_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);

CREATE INDEX person_sort ON person (sort, id);

CREATE INDEX person_fold ON person (fold);

CREATE INDEX person_phone ON person (phone);

CREATE INDEX person_area ON person (area);

CREATE INDEX person_office ON person (office);

CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE account (
    id uuid PRIMARY KEY,
    person uuid NOT NULL UNIQUE REFERENCES person (id),
    phone ctext NOT NULL UNIQUE CHECK (phone LIKE '+%'),
    password_hash text,
    locked_at timestamptz,
    language text NOT NULL DEFAULT 'vi' CHECK (language IN ('vi', 'en')),
    theme text NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    text_size integer NOT NULL DEFAULT 17 CHECK (text_size IN (17, 20, 23)),
    made_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE role_grant (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    role text NOT NULL CHECK (role IN ('admin', 'coordinator', 'trainer', 'viewer')),
    area uuid REFERENCES area (id),
    since date NOT NULL,
    until date,
    given_by uuid,
    CHECK (until IS NULL OR since <= until),
    CHECK ((role = 'admin') = (area IS NULL))
);

CREATE INDEX role_grant_person ON role_grant (person);

CREATE UNIQUE INDEX role_grant_live ON role_grant (person, role, area) WHERE until IS NULL;

CREATE UNIQUE INDEX role_grant_live_admin ON role_grant (person) WHERE until IS NULL AND role = 'admin';

CREATE TABLE sign_in (
    id uuid PRIMARY KEY,
    token_hash ctext NOT NULL UNIQUE,
    account uuid NOT NULL REFERENCES account (id),
    device text NOT NULL,
    kept integer NOT NULL CHECK (kept IN (0, 1)),
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);

CREATE INDEX sign_in_account ON sign_in (account);

CREATE INDEX sign_in_expiry ON sign_in (expires_at);

CREATE TABLE sign_in_wait (
    key ctext PRIMARY KEY,
    failures integer NOT NULL,
    failed_at timestamptz NOT NULL,
    open_at timestamptz NOT NULL
);

CREATE TABLE link (
    id uuid PRIMARY KEY,
    token_hash ctext NOT NULL UNIQUE,
    account uuid NOT NULL REFERENCES account (id),
    made_by uuid,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE INDEX link_account ON link (account);

CREATE TABLE api_token (
    id uuid PRIMARY KEY,
    token_hash ctext NOT NULL UNIQUE,
    account uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    scope text NOT NULL CHECK (scope IN ('read', 'write')),
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX api_token_account ON api_token (account);

CREATE TABLE audit_line (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    person uuid,
    doer text NOT NULL,
    action ctext NOT NULL,
    subject uuid,
    subject_name text NOT NULL,
    path ctext NOT NULL,
    before text,
    after text,
    via text NOT NULL CHECK (via IN ('page', 'api', 'cli', 'job')),
    address text,
    request_id text
);

CREATE INDEX audit_line_subject ON audit_line (subject, id);

CREATE INDEX audit_line_at ON audit_line (at, id);

CREATE INDEX audit_line_person ON audit_line (person, at, id);

CREATE INDEX audit_line_action ON audit_line (action, at, id);

CREATE TABLE batch (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    title text NOT NULL,
    path ctext NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid,
    counts text NOT NULL DEFAULT '{}',
    undone_at timestamptz,
    undone_by uuid
);

CREATE TABLE batch_step (
    id uuid PRIMARY KEY,
    batch uuid NOT NULL REFERENCES batch (id),
    seq integer NOT NULL,
    what text NOT NULL,
    row_id uuid NOT NULL,
    before text,
    version integer NOT NULL,
    UNIQUE (batch, seq)
);

CREATE TABLE import_file (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    size integer NOT NULL,
    hash text NOT NULL,
    content bytea,
    path ctext NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid,
    options text NOT NULL,
    counts text NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'running', 'done', 'failed', 'discarded')),
    run uuid,
    progress integer NOT NULL DEFAULT 0,
    total integer NOT NULL DEFAULT 0,
    seen_at timestamptz,
    ended_at timestamptz,
    fault text NOT NULL DEFAULT '',
    batch uuid REFERENCES batch (id)
);

CREATE TABLE import_line (
    file uuid NOT NULL REFERENCES import_file (id),
    number integer NOT NULL,
    state text NOT NULL CHECK (state IN ('new', 'changed', 'unchanged', 'doubt', 'wrong')),
    name text NOT NULL,
    place text NOT NULL,
    reason text NOT NULL,
    candidate integer NOT NULL CHECK (candidate IN (0, 1)),
    cells text,
    PRIMARY KEY (file, number)
);
