ALTER TABLE notice ADD COLUMN veil text NOT NULL DEFAULT '' CHECK (veil = '' OR veil LIKE '/%');

UPDATE notice SET veil = '/n' WHERE link LIKE '/n/%';

UPDATE notice SET link = veil WHERE veil <> '' AND EXISTS (
    SELECT 1 FROM delivery d WHERE d.notice = notice.id AND d.channel = 'email'
    AND d.state IN ('sent', 'dropped'));
