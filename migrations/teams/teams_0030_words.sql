ALTER TABLE visit_flag ADD COLUMN asked_at timestamptz;

ALTER TABLE visit_flag ADD COLUMN read_at timestamptz;

CREATE INDEX visit_flag_unread ON visit_flag (asked_at) WHERE asked_at IS NOT NULL AND read_at IS NULL;
