CREATE TABLE theme (
    code ctext PRIMARY KEY CHECK (code <> ''),
    name_vi text NOT NULL CHECK (name_vi <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    rank integer NOT NULL DEFAULT 100,
    since date NOT NULL,
    until date,
    version integer NOT NULL DEFAULT 1,
    CHECK (until IS NULL OR since <= until)
);

CREATE TABLE training_duty (
    category text NOT NULL CHECK (category IN ('cadre', 'civil_servant', 'public_employee', 'part_time')),
    since date NOT NULL,
    periods integer NOT NULL CHECK (periods BETWEEN 0 AND 999),
    made_at timestamptz NOT NULL,
    made_by uuid,
    PRIMARY KEY (category, since)
);

CREATE TABLE official (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    office uuid NOT NULL REFERENCES office (id),
    category text NOT NULL CHECK (category IN ('cadre', 'civil_servant', 'public_employee', 'part_time')),
    job text NOT NULL DEFAULT '',
    since date NOT NULL,
    until date,
    version integer NOT NULL DEFAULT 1,
    CHECK (until IS NULL OR since <= until)
);

CREATE INDEX official_person ON official (person, since);

CREATE INDEX official_office ON official (office, since);

CREATE UNIQUE INDEX official_live ON official (person) WHERE until IS NULL;

CREATE TABLE venue (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    area uuid NOT NULL REFERENCES area (id),
    address text NOT NULL DEFAULT '',
    seats integer CHECK (seats BETWEEN 1 AND 9999),
    since date NOT NULL,
    until date,
    version integer NOT NULL DEFAULT 1,
    CHECK (until IS NULL OR since <= until)
);

CREATE INDEX venue_sort ON venue (sort, id);

CREATE INDEX venue_area ON venue (area);

CREATE TABLE course (
    id uuid PRIMARY KEY,
    theme ctext NOT NULL REFERENCES theme (code),
    title text NOT NULL CHECK (title <> ''),
    fold ctext NOT NULL,
    sort ctext NOT NULL,
    aim text NOT NULL DEFAULT '',
    area uuid NOT NULL REFERENCES area (id),
    required_periods integer NOT NULL CHECK (required_periods BETWEEN 1 AND 999),
    capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 9999),
    audience text NOT NULL DEFAULT '',
    deadline date,
    min_share integer NOT NULL DEFAULT 80 CHECK (min_share BETWEEN 0 AND 100),
    pass_mark integer CHECK (pass_mark BETWEEN 0 AND 100),
    last_line integer NOT NULL DEFAULT 0,
    planned_at timestamptz NOT NULL,
    planned_by uuid,
    opened_on date,
    closed_on date,
    cancelled_on date,
    cancelled_by uuid,
    cancelled_why text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    CHECK ((cancelled_on IS NULL) = (cancelled_why = '')),
    CHECK (closed_on IS NULL OR opened_on <= closed_on)
);

CREATE INDEX course_area ON course (area);

CREATE INDEX course_planned ON course (planned_at, id);

CREATE INDEX course_sort ON course (sort, id);

CREATE TABLE course_trainer (
    course uuid NOT NULL REFERENCES course (id),
    person uuid NOT NULL REFERENCES person (id),
    PRIMARY KEY (course, person)
);

CREATE INDEX course_trainer_person ON course_trainer (person);

CREATE TABLE course_quota (
    course uuid NOT NULL REFERENCES course (id),
    office uuid NOT NULL REFERENCES office (id),
    places integer NOT NULL CHECK (places BETWEEN 1 AND 9999),
    PRIMARY KEY (course, office)
);

CREATE INDEX course_quota_office ON course_quota (office);

CREATE TABLE training_session (
    id uuid PRIMARY KEY,
    course uuid NOT NULL REFERENCES course (id),
    topic text NOT NULL DEFAULT '',
    day date NOT NULL,
    starts integer NOT NULL CHECK (starts BETWEEN 0 AND 1439),
    ends integer NOT NULL CHECK (ends BETWEEN 1 AND 1440),
    venue uuid REFERENCES venue (id),
    trainer uuid REFERENCES person (id),
    periods integer NOT NULL CHECK (periods BETWEEN 1 AND 24),
    sequence integer NOT NULL DEFAULT 0,
    secret text NOT NULL,
    clash_why text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL,
    made_by uuid,
    moved_at timestamptz,
    moved_by uuid,
    moved_why text NOT NULL DEFAULT '',
    cancelled_at timestamptz,
    cancelled_by uuid,
    cancelled_why text NOT NULL DEFAULT '',
    taken_at timestamptz,
    taken_by uuid,
    version integer NOT NULL DEFAULT 1,
    CHECK (starts < ends),
    CHECK ((cancelled_at IS NULL) = (cancelled_why = ''))
);

CREATE INDEX training_session_course ON training_session (course, day, starts);

CREATE INDEX training_session_day ON training_session (day, starts, id);

CREATE INDEX training_session_venue ON training_session (venue, day);

CREATE INDEX training_session_trainer ON training_session (trainer, day);

CREATE TABLE enrolment (
    id uuid PRIMARY KEY,
    course uuid NOT NULL REFERENCES course (id),
    person uuid NOT NULL REFERENCES person (id),
    office uuid REFERENCES office (id),
    state text NOT NULL CHECK (state IN ('nominated', 'waiting', 'enrolled', 'withdrawn')),
    line integer NOT NULL CHECK (line >= 1),
    how text NOT NULL CHECK (how IN ('hand', 'office', 'team', 'link', 'import', 'door', 'api')),
    code ctext NOT NULL UNIQUE,
    since date,
    until date,
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    seated_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_why text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    UNIQUE (course, line),
    CHECK (until IS NULL OR since <= until),
    CHECK (state <> 'enrolled' OR (since IS NOT NULL AND seated_at IS NOT NULL AND until IS NULL)),
    CHECK (state NOT IN ('nominated', 'waiting') OR since IS NULL),
    CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_why = ''))
);

CREATE UNIQUE INDEX enrolment_live ON enrolment (course, person) WHERE state <> 'withdrawn';

CREATE INDEX enrolment_course ON enrolment (course, state, line);

CREATE INDEX enrolment_person ON enrolment (person, course);

CREATE INDEX enrolment_office ON enrolment (office);

CREATE TABLE nomination_link (
    id uuid PRIMARY KEY,
    token_hash ctext NOT NULL UNIQUE,
    course uuid NOT NULL REFERENCES course (id),
    office uuid NOT NULL REFERENCES office (id),
    made_at timestamptz NOT NULL,
    made_by uuid,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid
);

CREATE UNIQUE INDEX nomination_link_live ON nomination_link (course, office) WHERE revoked_at IS NULL;

CREATE TABLE calendar_feed (
    id uuid PRIMARY KEY,
    token_hash ctext NOT NULL UNIQUE,
    person uuid NOT NULL REFERENCES person (id),
    made_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE UNIQUE INDEX calendar_feed_live ON calendar_feed (person) WHERE revoked_at IS NULL;

CREATE TABLE mark (
    id uuid PRIMARY KEY,
    nonce uuid NOT NULL UNIQUE,
    training_session uuid NOT NULL REFERENCES training_session (id),
    person uuid NOT NULL REFERENCES person (id),
    state text NOT NULL CHECK (state IN ('present', 'late', 'left_early', 'excused', 'unexcused', 'substitute', 'cleared')),
    minutes integer CHECK (minutes BETWEEN 0 AND 720),
    substitute uuid REFERENCES person (id),
    substitute_name text NOT NULL DEFAULT '',
    marked_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    by uuid,
    via text NOT NULL CHECK (via IN ('hand', 'qr', 'code', 'import', 'paper', 'api')),
    device ctext NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    CHECK (minutes IS NULL OR state IN ('late', 'left_early')),
    CHECK ((state = 'substitute') = (substitute IS NOT NULL OR substitute_name <> '')),
    CHECK (substitute IS NULL OR substitute <> person)
);

CREATE INDEX mark_of ON mark (training_session, person, marked_at, id);

CREATE INDEX mark_person ON mark (person, training_session);

CREATE INDEX mark_device ON mark (training_session, device) WHERE device <> '';

CREATE TABLE test_result (
    id uuid PRIMARY KEY,
    course uuid NOT NULL REFERENCES course (id),
    person uuid NOT NULL REFERENCES person (id),
    score integer NOT NULL CHECK (score BETWEEN 0 AND 100),
    tested_on date NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by uuid,
    note text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    UNIQUE (course, person)
);

CREATE INDEX test_result_person ON test_result (person);

CREATE TABLE certificate_register (
    year integer PRIMARY KEY,
    last integer NOT NULL DEFAULT 0 CHECK (last >= 0)
);

CREATE TABLE certificate (
    id uuid PRIMARY KEY,
    year integer NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    course uuid NOT NULL REFERENCES course (id),
    person uuid NOT NULL REFERENCES person (id),
    code ctext NOT NULL UNIQUE,
    person_name text NOT NULL CHECK (person_name <> ''),
    office_name text NOT NULL DEFAULT '',
    course_title text NOT NULL CHECK (course_title <> ''),
    periods integer NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by uuid,
    revoked_at timestamptz,
    revoked_by uuid,
    revoked_why text NOT NULL DEFAULT '',
    UNIQUE (year, number),
    CHECK (first_on <= last_on),
    CHECK ((revoked_at IS NULL) = (revoked_why = ''))
);

CREATE UNIQUE INDEX certificate_live ON certificate (course, person) WHERE revoked_at IS NULL;

CREATE INDEX certificate_person ON certificate (person);

INSERT INTO theme (code, name_vi, name_en, rank, since) VALUES
    ('digital_transformation', 'Chuyển đổi số', 'Digital transformation', 10, '2020-01-01'),
    ('information_safety', 'An toàn thông tin', 'Information safety', 20, '2020-01-01'),
    ('online_information', 'Tìm và sử dụng thông tin trên mạng', 'Finding and using information online', 30, '2020-01-01'),
    ('public_reception', 'Kỹ năng số khi tiếp công dân', 'Digital skills for receiving citizens', 40, '2020-01-01'),
    ('online_services', 'Dịch vụ công trực tuyến', 'Online public services', 50, '2020-01-01'),
    ('digital_documents', 'Văn bản điện tử và chữ ký số', 'Electronic documents and digital signatures', 60, '2020-01-01'),
    ('office_software', 'Tin học văn phòng', 'Office software', 70, '2020-01-01'),
    ('artificial_intelligence', 'Sử dụng trí tuệ nhân tạo trong công việc', 'Artificial intelligence at work', 80, '2020-01-01'),
    ('other_theme', 'Chuyên đề khác', 'Another theme', 999, '2020-01-01');

INSERT INTO training_duty (category, since, periods, made_at) VALUES
    ('cadre', '2020-01-01', 40, '2020-01-01 00:00:00+00:00'),
    ('civil_servant', '2020-01-01', 40, '2020-01-01 00:00:00+00:00'),
    ('public_employee', '2020-01-01', 40, '2020-01-01 00:00:00+00:00'),
    ('part_time', '2020-01-01', 40, '2020-01-01 00:00:00+00:00');
