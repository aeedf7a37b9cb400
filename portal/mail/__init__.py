"""The outbox: mails are rows written with the change that causes them, and sent from the database."""
