"""A config compiled: the catalogue for the rules, the deployments for the service."""

from modelward.compiler.catalog import compile_catalog, deployments
