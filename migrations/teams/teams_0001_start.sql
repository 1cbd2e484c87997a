CREATE TABLE team (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    founded_on date NOT NULL,
    dissolved_on date,
    dissolved_why text NOT NULL DEFAULT '',
    decision_number text NOT NULL DEFAULT '',
    decision_on date,
    target_size integer NOT NULL CHECK (target_size BETWEEN 1 AND 99),
    phone ctext CHECK (phone LIKE '+%'),
    version integer NOT NULL DEFAULT 1,
    CHECK (dissolved_on IS NULL OR founded_on <= dissolved_on)
);

CREATE INDEX team_sort ON team (sort, id);

CREATE INDEX team_fold ON team (fold);

CREATE TABLE team_area (
    id uuid PRIMARY KEY,
    team uuid NOT NULL REFERENCES team (id),
    area uuid NOT NULL REFERENCES area (id),
    since date NOT NULL,
    until date,
    CHECK (until IS NULL OR since <= until)
);

CREATE INDEX team_area_team ON team_area (team);

CREATE INDEX team_area_area ON team_area (area);

CREATE TABLE membership (
    id uuid PRIMARY KEY,
    team uuid NOT NULL REFERENCES team (id),
    person uuid NOT NULL REFERENCES person (id),
    position text NOT NULL CHECK (position IN ('leader', 'deputy', 'member')),
    organisation text NOT NULL DEFAULT '',
    joined_on date NOT NULL,
    left_on date,
    left_reason text NOT NULL DEFAULT '',
    decision text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    CHECK (left_on IS NULL OR joined_on <= left_on)
);

CREATE INDEX membership_team ON membership (team, joined_on);

CREATE INDEX membership_person ON membership (person, joined_on);

CREATE UNIQUE INDEX membership_one_live_team ON membership (person) WHERE left_on IS NULL;

CREATE UNIQUE INDEX membership_one_live_leader ON membership (team)
WHERE left_on IS NULL AND position = 'leader';

CREATE TABLE member_card (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    team uuid NOT NULL REFERENCES team (id),
    code ctext NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    made_by uuid,
    ended_at timestamptz
);

CREATE UNIQUE INDEX member_card_live ON member_card (person, team) WHERE ended_at IS NULL;
