"""The management API for keys, teams and users, compatible with LiteLLM in paths, fields and answers."""

from modelward.admin.app import admin_app

__all__ = ["admin_app"]
