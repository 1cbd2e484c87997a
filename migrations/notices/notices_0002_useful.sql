ALTER TABLE delivery ADD COLUMN useful_until timestamptz;
