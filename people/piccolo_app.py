"""How Piccolo finds this room's migrations."""

from piccolo.conf.apps import AppConfig

from kit.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="people",
    migrations_folder_path=str(ROOT / "migrations" / "people"),
    migration_dependencies=["places.piccolo_app"],
)
