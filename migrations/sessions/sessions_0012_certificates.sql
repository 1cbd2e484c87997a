ALTER TABLE certificate ADD COLUMN fold ctext NOT NULL DEFAULT '';

ALTER TABLE certificate ADD COLUMN theme_name text NOT NULL DEFAULT '';

ALTER TABLE certificate ADD COLUMN body_name text NOT NULL DEFAULT '';

ALTER TABLE certificate ADD COLUMN body_parent text NOT NULL DEFAULT '';

ALTER TABLE certificate ADD COLUMN place_name text NOT NULL DEFAULT '';

CREATE INDEX certificate_course ON certificate (course, year, number);

CREATE TABLE certificate_print (
    id uuid PRIMARY KEY,
    course uuid NOT NULL REFERENCES course (id),
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    made_at timestamptz NOT NULL,
    made_by uuid,
    total integer NOT NULL CHECK (total >= 1),
    done integer NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND total),
    seen_at timestamptz NOT NULL,
    content bytea,
    CHECK ((state = 'done') = (content IS NOT NULL))
);

CREATE INDEX certificate_print_course ON certificate_print (course, made_at);
