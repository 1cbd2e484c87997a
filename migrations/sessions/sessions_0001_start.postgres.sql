ALTER TABLE official ADD CONSTRAINT official_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(person, 0), uuid_hash_extended(person, 0), '[]') WITH &&,
    daterange(since, until) WITH &&
);

CREATE FUNCTION mark_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'marks of attendance are append-only';
END
$$;

CREATE TRIGGER mark_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mark
FOR EACH STATEMENT EXECUTE FUNCTION mark_stays();
