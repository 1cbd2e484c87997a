CREATE TRIGGER area_spell_overlap_insert BEFORE INSERT ON area_spell
WHEN EXISTS (SELECT 1 FROM area_spell AS other
    WHERE other.area = NEW.area AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: area_spell_overlap');
END;

CREATE TRIGGER area_spell_overlap_update BEFORE UPDATE ON area_spell
WHEN EXISTS (SELECT 1 FROM area_spell AS other
    WHERE other.area = NEW.area AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: area_spell_overlap');
END;

CREATE TRIGGER office_spell_overlap_insert BEFORE INSERT ON office_spell
WHEN EXISTS (SELECT 1 FROM office_spell AS other
    WHERE other.office = NEW.office AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: office_spell_overlap');
END;

CREATE TRIGGER office_spell_overlap_update BEFORE UPDATE ON office_spell
WHEN EXISTS (SELECT 1 FROM office_spell AS other
    WHERE other.office = NEW.office AND other.id <> NEW.id
      AND other.since < coalesce(NEW.until, '9999-12-31')
      AND NEW.since < coalesce(other.until, '9999-12-31')
      AND other.since < coalesce(other.until, '9999-12-31')
      AND NEW.since < coalesce(NEW.until, '9999-12-31'))
BEGIN
    SELECT raise(ABORT, 'clash: office_spell_overlap');
END;

