ALTER TABLE delivery ADD COLUMN address text NOT NULL DEFAULT '';

UPDATE delivery SET address = coalesce((
    SELECT p.email FROM notice n JOIN person p ON p.id = n.person WHERE n.id = delivery.notice), '')
    WHERE channel = 'email' AND state IN ('sent', 'dead');
