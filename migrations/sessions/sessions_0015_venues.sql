CREATE UNIQUE INDEX venue_live ON venue (area, fold) WHERE until IS NULL;

