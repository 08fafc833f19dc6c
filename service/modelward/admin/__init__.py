"""The management API for every subject, compatible with LiteLLM in paths, fields and answers.

A file for each kind of subject, with what it reads, what it answers and its routes; their fields are the subject's own.
"""

from modelward.admin.app import admin_app
