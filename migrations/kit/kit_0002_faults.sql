CREATE TABLE job_fault (
    job text PRIMARY KEY,
    at timestamptz NOT NULL,
    slot timestamptz NOT NULL,
    reason text NOT NULL
);
