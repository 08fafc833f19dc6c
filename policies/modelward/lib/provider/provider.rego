# METADATA
# title: The providers of a bare name
# description: The name alone decides, never the deployment behind it (C4).
# custom:
#   differs: [C4]
package modelward.lib.provider

# METADATA
# description: >-
#   The providers that publish a bare name, the one that LiteLLM calls first, then those that the config adds for just
#   this name. Empty for all other names; undefined for a name with a `/`.
of(name) := array.concat(_published(name), _added(name)) if {
	is_string(name)
	not contains(name, "/")
}

_published(name) := owners if {
	owners := data.catalog.providers[name]
} else := owners if {
	owners := data.catalog.providers[_without_suffix(name)]
} else := owners if {
	owners := data.catalog.providers[_tuned_from(name)]
} else := owners if {
	owners := data.catalog.providers[_without_suffix(_tuned_from(name))]
} else := []

_added(name) := owners if {
	owners := data.catalog.provider_names[name]
} else := []

# `ft:gpt-4o:acme::1` is fine-tuned from `gpt-4o`.
_tuned_from(name) := split(trim_prefix(name, "ft:"), ":")[0] if startswith(name, "ft:")

_without_suffix(name) := regex.find_all_string_submatch_n(_with_suffix, name, 1)[0][1]

# One date as providers write it (2025-06-30, 20250630, 0630, 06-2025), or one of two words.
_with_suffix := concat("", [
	`^(.+?)-(?:latest|preview|20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])`,
	`|(?:20[0-9]{2})?(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|1[0-2])-20[0-9]{2})$`,
])
