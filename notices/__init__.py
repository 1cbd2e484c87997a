"""Tell someone: an inbox for everybody, and an outbox that leads out of the house."""
