ALTER TABLE area_spell ADD CONSTRAINT area_spell_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(area, 0), uuid_hash_extended(area, 0), '[]') WITH &&,
    daterange(since, until) WITH &&
);

ALTER TABLE office_spell ADD CONSTRAINT office_spell_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(office, 0), uuid_hash_extended(office, 0), '[]') WITH &&,
    daterange(since, until) WITH &&
);

