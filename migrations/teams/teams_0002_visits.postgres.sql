ALTER TABLE household_team ADD CONSTRAINT household_team_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(household, 0), uuid_hash_extended(household, 0), '[]') WITH &&,
    daterange(since, until) WITH &&
);
