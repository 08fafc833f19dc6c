"""The management API for every subject, compatible with LiteLLM in paths, fields and answers.

A folder an area, each with what it reads (`requests`), what it answers (`answers`) and its routes.
"""

from modelward.admin.app import admin_app

__all__ = ["admin_app"]
