"""The management API for keys and teams, compatible with LiteLLM in paths, fields and answers."""

from modelward.admin.app import admin_app

__all__ = ["admin_app"]
