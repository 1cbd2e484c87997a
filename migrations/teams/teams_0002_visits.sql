CREATE TABLE catalogue_entry (
    code ctext PRIMARY KEY CHECK (code <> ''),
    list text NOT NULL CHECK (list IN ('service', 'obstacle', 'referral', 'place')),
    name_vi text NOT NULL CHECK (name_vi <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    rank integer NOT NULL DEFAULT 100,
    since date NOT NULL,
    until date,
    version integer NOT NULL DEFAULT 1,
    CHECK (until IS NULL OR since <= until)
);

CREATE INDEX catalogue_entry_list ON catalogue_entry (list, rank, code);

CREATE TABLE consent_text (
    version integer PRIMARY KEY,
    since date NOT NULL,
    purposes text NOT NULL CHECK (purposes <> ''),
    text_vi text NOT NULL CHECK (text_vi <> ''),
    text_en text NOT NULL CHECK (text_en <> '')
);

CREATE TABLE household (
    id uuid PRIMARY KEY,
    area uuid NOT NULL REFERENCES area (id),
    code ctext NOT NULL DEFAULT '',
    head text NOT NULL CHECK (head <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    address text NOT NULL DEFAULT '',
    phone ctext CHECK (phone LIKE '+%'),
    people integer CHECK (people BETWEEN 1 AND 99),
    fibre integer CHECK (fibre IN (0, 1)),
    smartphone integer CHECK (smartphone IN (0, 1)),
    source text NOT NULL DEFAULT '',
    as_of date,
    last_met_on date,
    muted_since date,
    mute_reason text NOT NULL DEFAULT '',
    muted_by uuid,
    merged_into uuid REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    made_at timestamptz NOT NULL,
    made_by uuid,
    version integer NOT NULL DEFAULT 1,
    CHECK (merged_into IS NULL OR merged_into <> id),
    CHECK ((muted_since IS NULL) = (mute_reason = ''))
);

CREATE UNIQUE INDEX household_code ON household (area, code)
WHERE code <> '' AND merged_into IS NULL;

CREATE INDEX household_area ON household (area, sort, id);

CREATE INDEX household_sort ON household (sort, id);

CREATE INDEX household_phone ON household (phone);

CREATE INDEX household_fold ON household (fold);

CREATE INDEX household_merged ON household (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE household_team (
    id uuid PRIMARY KEY,
    household uuid NOT NULL REFERENCES household (id),
    team uuid NOT NULL REFERENCES team (id),
    since date NOT NULL,
    until date,
    CHECK (until IS NULL OR since <= until)
);

CREATE INDEX household_team_household ON household_team (household, since);

CREATE INDEX household_team_team ON household_team (team);

CREATE UNIQUE INDEX household_team_live ON household_team (household) WHERE until IS NULL;

CREATE TABLE resident (
    id uuid PRIMARY KEY,
    household uuid NOT NULL REFERENCES household (id),
    name text,
    fold ctext NOT NULL DEFAULT '',
    sort ctext NOT NULL DEFAULT '',
    age_band text NOT NULL DEFAULT '' CHECK (age_band IN ('', 'under_18', '18_34', '35_59', '60_up')),
    sex text CHECK (sex IN ('female', 'male')),
    made_at timestamptz NOT NULL,
    made_by uuid,
    ended_on date,
    anonymised_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CHECK (name IS NULL OR name <> ''),
    CHECK (anonymised_at IS NULL OR name IS NULL)
);

CREATE INDEX resident_household ON resident (household, id);

CREATE TABLE hamlet_count (
    id uuid PRIMARY KEY,
    area uuid NOT NULL REFERENCES area (id),
    households integer NOT NULL CHECK (households BETWEEN 0 AND 1000000),
    as_of date NOT NULL,
    source text NOT NULL CHECK (source <> ''),
    made_at timestamptz NOT NULL,
    made_by uuid,
    version integer NOT NULL DEFAULT 1,
    UNIQUE (area, as_of)
);

CREATE TABLE visit (
    id uuid PRIMARY KEY,
    household uuid REFERENCES household (id),
    area uuid NOT NULL REFERENCES area (id),
    team uuid NOT NULL REFERENCES team (id),
    day date NOT NULL,
    met_at timestamptz NOT NULL,
    utc_offset integer NOT NULL CHECK (utc_offset BETWEEN -840 AND 840),
    met text NOT NULL CHECK (met IN ('met', 'absent', 'refused')),
    place ctext NOT NULL REFERENCES catalogue_entry (code),
    basis text NOT NULL CHECK (basis IN ('consent', 'anonymous')),
    performed_by uuid NOT NULL REFERENCES person (id),
    entered_by uuid NOT NULL REFERENCES person (id),
    received_at timestamptz NOT NULL,
    via text NOT NULL CHECK (via IN ('page', 'sync', 'paper', 'api')),
    note text NOT NULL DEFAULT '',
    app_version text NOT NULL DEFAULT '',
    content_hash ctext NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_why text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_why = ''))
);

CREATE INDEX visit_day ON visit (day, id);

CREATE INDEX visit_team ON visit (team, day, id);

CREATE INDEX visit_area ON visit (area, day, id);

CREATE INDEX visit_household ON visit (household, day, id);

CREATE INDEX visit_performer ON visit (performed_by, met_at);

CREATE TABLE visit_version (
    id uuid PRIMARY KEY,
    visit uuid NOT NULL REFERENCES visit (id),
    version integer NOT NULL,
    content text NOT NULL,
    by uuid,
    at timestamptz NOT NULL,
    why text NOT NULL DEFAULT '',
    UNIQUE (visit, version)
);

CREATE TABLE support (
    visit uuid NOT NULL REFERENCES visit (id),
    line integer NOT NULL,
    service ctext NOT NULL REFERENCES catalogue_entry (code),
    outcome text NOT NULL CHECK (outcome IN ('independent', 'assisted', 'on_behalf', 'already_had', 'pending', 'refused', 'not_needed')),
    obstacle ctext REFERENCES catalogue_entry (code),
    referral ctext REFERENCES catalogue_entry (code),
    resident uuid REFERENCES resident (id),
    day date NOT NULL,
    PRIMARY KEY (visit, line),
    UNIQUE (visit, service, resident)
);

CREATE INDEX support_service ON support (service, day, visit);

CREATE INDEX support_resident ON support (resident) WHERE resident IS NOT NULL;

CREATE TABLE participant (
    visit uuid NOT NULL REFERENCES visit (id),
    person uuid NOT NULL REFERENCES person (id),
    PRIMARY KEY (visit, person)
);

CREATE INDEX participant_person ON participant (person, visit);

CREATE TABLE consent (
    id uuid PRIMARY KEY,
    household uuid NOT NULL REFERENCES household (id),
    resident uuid REFERENCES resident (id),
    visit uuid REFERENCES visit (id),
    text_version integer NOT NULL REFERENCES consent_text (version),
    method text NOT NULL CHECK (method IN ('signed', 'tapped', 'spoken')),
    witness text NOT NULL DEFAULT '',
    taken_by uuid NOT NULL REFERENCES person (id),
    at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid
);

CREATE INDEX consent_household ON consent (household, at);

CREATE INDEX consent_visit ON consent (visit);

CREATE TABLE visit_flag (
    visit uuid NOT NULL REFERENCES visit (id),
    code text NOT NULL,
    detail text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL,
    reviewed_at timestamptz,
    reviewed_by uuid,
    word text NOT NULL DEFAULT '',
    PRIMARY KEY (visit, code)
);

CREATE INDEX visit_flag_open ON visit_flag (made_at, visit) WHERE reviewed_at IS NULL;

CREATE TABLE visit_total (
    team uuid NOT NULL REFERENCES team (id),
    area uuid NOT NULL REFERENCES area (id),
    day date NOT NULL,
    service ctext NOT NULL DEFAULT '',
    outcome ctext NOT NULL DEFAULT '',
    visits integer NOT NULL DEFAULT 0,
    met integer NOT NULL DEFAULT 0,
    anonymous integer NOT NULL DEFAULT 0,
    supports integer NOT NULL DEFAULT 0,
    PRIMARY KEY (team, area, day, service, outcome)
);

CREATE INDEX visit_total_area ON visit_total (area, day);

CREATE INDEX visit_total_day ON visit_total (day);

CREATE TABLE follow_up (
    id uuid PRIMARY KEY,
    visit uuid NOT NULL REFERENCES visit (id),
    household uuid REFERENCES household (id),
    due_on date NOT NULL,
    assignee uuid REFERENCES person (id),
    referral ctext REFERENCES catalogue_entry (code),
    attempts integer NOT NULL DEFAULT 0,
    last_attempt_on date,
    made_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by uuid,
    closed_why text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    CHECK ((closed_at IS NULL) = (closed_why = ''))
);

CREATE INDEX follow_up_due ON follow_up (due_on, id) WHERE closed_at IS NULL;

CREATE INDEX follow_up_household ON follow_up (household);

CREATE UNIQUE INDEX follow_up_visit ON follow_up (visit) WHERE closed_at IS NULL;

CREATE TABLE local_loss (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    at timestamptz NOT NULL,
    reason text NOT NULL,
    lost integer NOT NULL CHECK (lost >= 0),
    device text NOT NULL DEFAULT '',
    received_at timestamptz NOT NULL
);
