CREATE TABLE holiday (
    day date PRIMARY KEY,
    name text NOT NULL CHECK (name <> '')
);
