"""The management API for every subject, compatible with LiteLLM in paths, fields and answers.

A kind of record has its requests, its answers and its routes in one file; their fields are those of the subject.
"""

from modelward.admin.app import admin_app
