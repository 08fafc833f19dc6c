"""A store on each kind of database."""

from store.fixtures import (
    migrated_database,
    migrated_file,
    migrated_url,
    store,
    tmp_path_url,
    unused_port,
    url,
)

__all__ = [
    "migrated_database",
    "migrated_file",
    "migrated_url",
    "store",
    "tmp_path_url",
    "unused_port",
    "url",
]
