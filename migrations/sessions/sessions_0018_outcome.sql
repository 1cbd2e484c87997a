CREATE TABLE test_entry (
    id uuid PRIMARY KEY,
    course uuid NOT NULL REFERENCES course (id),
    person uuid NOT NULL REFERENCES person (id),
    score integer NOT NULL CHECK (score BETWEEN 0 AND 100),
    tested_on date NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by uuid,
    note text NOT NULL DEFAULT '',
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawn_why text NOT NULL DEFAULT ''
);

INSERT INTO test_entry (id, course, person, score, tested_on, entered_at, entered_by, note, withdrawn_at, withdrawn_by, withdrawn_why)
SELECT id, course, person, score, tested_on, entered_at, entered_by, CASE WHEN withdrawn_at IS NULL THEN note ELSE '' END, withdrawn_at, withdrawn_by, CASE WHEN withdrawn_at IS NULL THEN '' ELSE note END
FROM test_result;

DROP TABLE test_result;

ALTER TABLE test_entry RENAME TO test_result;

CREATE UNIQUE INDEX test_result_live ON test_result (course, person) WHERE withdrawn_at IS NULL;

CREATE INDEX test_result_of ON test_result (course, person, entered_at);

CREATE INDEX test_result_person ON test_result (person);

ALTER TABLE certificate ADD COLUMN signing text NOT NULL DEFAULT '';

ALTER TABLE certificate ADD COLUMN signer text NOT NULL DEFAULT '';

