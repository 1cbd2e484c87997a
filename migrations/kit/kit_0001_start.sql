CREATE TABLE job_run (
    job text NOT NULL,
    slot timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome text,
    PRIMARY KEY (job, slot)
);

CREATE INDEX job_run_slot ON job_run (slot);
