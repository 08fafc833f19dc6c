# METADATA
# title: The provider of a bare name
# description: The name alone decides, never the deployment behind it (C4).
package modelward.lib.provider

# METADATA
# description: The provider whose prefix is the longest that `name` starts with; undefined for a name with a `/` and where none fits.
of(name) := max([[length, provider] |
	not contains(name, "/")
	some length in data.catalog.providers.lengths
	provider := data.catalog.providers.prefixes[substring(name, 0, length)]
])[1]
