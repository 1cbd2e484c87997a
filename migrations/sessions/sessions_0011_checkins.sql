CREATE INDEX mark_by_device ON mark (device, received_at) WHERE device <> '';
