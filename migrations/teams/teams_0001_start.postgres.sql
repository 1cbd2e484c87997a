ALTER TABLE team_area ADD CONSTRAINT team_area_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(team, 0), uuid_hash_extended(team, 0), '[]') WITH &&,
    int8range(uuid_hash_extended(area, 0), uuid_hash_extended(area, 0), '[]') WITH &&,
    daterange(since, until) WITH &&
);

ALTER TABLE membership ADD CONSTRAINT membership_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(person, 0), uuid_hash_extended(person, 0), '[]') WITH &&,
    daterange(joined_on, left_on) WITH &&
);

ALTER TABLE membership ADD CONSTRAINT leader_overlap EXCLUDE USING gist (
    int8range(uuid_hash_extended(team, 0), uuid_hash_extended(team, 0), '[]') WITH &&,
    daterange(joined_on, left_on) WITH &&
) WHERE (position = 'leader');

