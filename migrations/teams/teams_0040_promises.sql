DROP INDEX visit_flag_unread;

ALTER TABLE consent ADD COLUMN replaced_at timestamptz;

ALTER TABLE household ADD COLUMN anonymised_at timestamptz;

ALTER TABLE visit ADD COLUMN anonymised_at timestamptz;

CREATE TABLE catalogue_gap (
    code ctext NOT NULL REFERENCES catalogue_entry (code),
    since date NOT NULL,
    until date NOT NULL,
    PRIMARY KEY (code, since),
    CHECK (since < until)
);

ALTER TABLE follow_up ADD COLUMN closed_visit uuid REFERENCES visit (id);

CREATE INDEX follow_up_closed_visit ON follow_up (closed_visit) WHERE closed_visit IS NOT NULL;

UPDATE follow_up SET closed_visit = (
    SELECT x.id FROM visit x
    WHERE x.household = follow_up.household AND x.met = 'met' AND x.withdrawn_at IS NULL
      AND x.day >= follow_up.due_on
      AND x.day > (SELECT v.day FROM visit v WHERE v.id = follow_up.visit)
    ORDER BY x.day, x.id LIMIT 1)
WHERE closed_at IS NULL AND referral IS NULL;

UPDATE follow_up SET closed_why = 'visited', version = version + 1,
    closed_at = (SELECT x.received_at FROM visit x WHERE x.id = follow_up.closed_visit),
    closed_by = (SELECT x.performed_by FROM visit x WHERE x.id = follow_up.closed_visit)
WHERE closed_visit IS NOT NULL;
