CREATE TRIGGER team_area_overlap_insert BEFORE INSERT ON team_area
WHEN EXISTS (SELECT 1 FROM team_area AS other
    WHERE other.area = NEW.area AND other.id <> NEW.id
      AND other.team = NEW.team
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: team_area_overlap');
END;

CREATE TRIGGER team_area_overlap_update BEFORE UPDATE ON team_area
WHEN EXISTS (SELECT 1 FROM team_area AS other
    WHERE other.area = NEW.area AND other.id <> NEW.id
      AND other.team = NEW.team
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: team_area_overlap');
END;

CREATE TRIGGER membership_overlap_insert BEFORE INSERT ON membership
WHEN EXISTS (SELECT 1 FROM membership AS other
    WHERE other.person = NEW.person AND other.id <> NEW.id
      AND other.joined_on < coalesce(NEW.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(other.left_on, '9999-12-31')
      AND other.joined_on < coalesce(other.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(NEW.left_on, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: membership_overlap');
END;

CREATE TRIGGER membership_overlap_update BEFORE UPDATE ON membership
WHEN EXISTS (SELECT 1 FROM membership AS other
    WHERE other.person = NEW.person AND other.id <> NEW.id
      AND other.joined_on < coalesce(NEW.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(other.left_on, '9999-12-31')
      AND other.joined_on < coalesce(other.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(NEW.left_on, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: membership_overlap');
END;

CREATE TRIGGER leader_overlap_insert BEFORE INSERT ON membership
WHEN NEW.position = 'leader' AND EXISTS (SELECT 1 FROM membership AS other
    WHERE other.team = NEW.team AND other.id <> NEW.id AND other.position = 'leader'
      AND other.joined_on < coalesce(NEW.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(other.left_on, '9999-12-31')
      AND other.joined_on < coalesce(other.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(NEW.left_on, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: leader_overlap');
END;

CREATE TRIGGER leader_overlap_update BEFORE UPDATE ON membership
WHEN NEW.position = 'leader' AND EXISTS (SELECT 1 FROM membership AS other
    WHERE other.team = NEW.team AND other.id <> NEW.id AND other.position = 'leader'
      AND other.joined_on < coalesce(NEW.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(other.left_on, '9999-12-31')
      AND other.joined_on < coalesce(other.left_on, '9999-12-31')
      AND NEW.joined_on < coalesce(NEW.left_on, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: leader_overlap');
END;

