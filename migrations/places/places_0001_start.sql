CREATE TABLE area (
    id uuid PRIMARY KEY,
    number integer NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('province', 'district', 'commune', 'hamlet'))
);

CREATE TABLE area_spell (
    id uuid PRIMARY KEY,
    area uuid NOT NULL REFERENCES area (id),
    name text NOT NULL CHECK (name <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    code text,
    parent uuid REFERENCES area (id),
    path ctext NOT NULL CHECK (path LIKE '/%/'),
    since date NOT NULL,
    until date,
    basis text NOT NULL DEFAULT '',
    end_basis text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    CHECK (until IS NULL OR since < until),
    CHECK (parent IS NULL OR parent <> area),
    UNIQUE (code, since)
);

CREATE INDEX area_spell_area ON area_spell (area, since);

CREATE INDEX area_spell_path ON area_spell (path);

CREATE INDEX area_spell_parent ON area_spell (parent);

CREATE UNIQUE INDEX area_spell_live ON area_spell (area) WHERE until IS NULL;

CREATE TABLE office (
    id uuid PRIMARY KEY
);

CREATE TABLE office_spell (
    id uuid PRIMARY KEY,
    office uuid NOT NULL REFERENCES office (id),
    name text NOT NULL CHECK (name <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    area uuid NOT NULL REFERENCES area (id),
    since date NOT NULL,
    until date,
    version integer NOT NULL DEFAULT 1,
    CHECK (until IS NULL OR since < until)
);

CREATE INDEX office_spell_office ON office_spell (office, since);

CREATE INDEX office_spell_area ON office_spell (area);

CREATE INDEX office_spell_sort ON office_spell (sort, office);

CREATE UNIQUE INDEX office_spell_live ON office_spell (office) WHERE until IS NULL;

CREATE TABLE setting (
    key text PRIMARY KEY,
    value text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid
);
