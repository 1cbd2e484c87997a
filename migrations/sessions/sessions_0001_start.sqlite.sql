CREATE TRIGGER official_overlap_insert BEFORE INSERT ON official
WHEN EXISTS (SELECT 1 FROM official AS other
    WHERE other.person = NEW.person AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: official_overlap');
END;

CREATE TRIGGER official_overlap_update BEFORE UPDATE ON official
WHEN EXISTS (SELECT 1 FROM official AS other
    WHERE other.person = NEW.person AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: official_overlap');
END;

CREATE TRIGGER mark_stays_update BEFORE UPDATE ON mark
BEGIN
    SELECT raise(ABORT, 'marks of attendance are append-only');
END;

CREATE TRIGGER mark_stays_delete BEFORE DELETE ON mark
BEGIN
    SELECT raise(ABORT, 'marks of attendance are append-only');
END;
