ALTER TABLE test_result ADD COLUMN withdrawn_at timestamptz;

ALTER TABLE test_result ADD COLUMN withdrawn_by uuid;
