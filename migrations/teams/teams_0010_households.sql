ALTER TABLE household ADD COLUMN search ctext NOT NULL DEFAULT '';

CREATE INDEX household_met ON household (area, last_met_on) WHERE merged_into IS NULL;

CREATE INDEX household_muted ON household (sort, id)
WHERE muted_since IS NOT NULL AND merged_into IS NULL;

CREATE INDEX consent_resident ON consent (resident) WHERE resident IS NOT NULL;
