CREATE TRIGGER household_team_overlap_insert BEFORE INSERT ON household_team
WHEN EXISTS (SELECT 1 FROM household_team AS other
    WHERE other.household = NEW.household AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: household_team_overlap');
END;

CREATE TRIGGER household_team_overlap_update BEFORE UPDATE ON household_team
WHEN EXISTS (SELECT 1 FROM household_team AS other
    WHERE other.household = NEW.household AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: household_team_overlap');
END;
