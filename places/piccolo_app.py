"""How Piccolo finds this room's migrations."""

from piccolo.conf.apps import AppConfig

from kit.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="places",
    migrations_folder_path=str(ROOT / "migrations" / "places"),
    migration_dependencies=["kit.piccolo_app"],
)
