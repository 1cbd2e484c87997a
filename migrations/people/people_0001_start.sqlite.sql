CREATE TRIGGER audit_line_stays_update BEFORE UPDATE ON audit_line
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_line_stays_delete BEFORE DELETE ON audit_line
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
