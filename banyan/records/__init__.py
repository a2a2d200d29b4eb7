"""What we remember: tables (one noun a file), the engine, migrations. SQLite and PostgreSQL."""
