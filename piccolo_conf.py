"""Where Piccolo finds the engine and the rooms that store something."""

from piccolo.conf.apps import AppRegistry

from kit.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(
    apps=[
        "kit.piccolo_app",
        "places.piccolo_app",
        "people.piccolo_app",
        "notices.piccolo_app",
        "teams.piccolo_app",
        "sessions.piccolo_app",
    ]
)
