# METADATA
# title: The provider of a bare name
# description: The name alone decides, never the deployment behind it (C4).
package modelward.lib.provider

# METADATA
# description: The provider whose prefix is the longest that `name` starts with; undefined for a name with a `/` and where none fits.
of(name) := [row.provider |
	some row in data.catalog.providers[substring(name, 0, 2)]
	startswith(name, row.prefix)
	not contains(name, "/")
][0]
