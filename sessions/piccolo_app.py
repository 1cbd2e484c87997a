"""How Piccolo finds this room's migrations."""

from piccolo.conf.apps import AppConfig

from kit.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="sessions",
    migrations_folder_path=str(ROOT / "migrations" / "sessions"),
    migration_dependencies=["people.piccolo_app"],
)
