DROP INDEX mark_of;

CREATE INDEX mark_of ON mark (training_session, person, marked_at, received_at, id);
