"""How Piccolo finds this room's migrations."""

from piccolo.conf.apps import AppConfig

from kit.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="kit",
    migrations_folder_path=str(ROOT / "migrations" / "kit"),
    migration_dependencies=[],
)
