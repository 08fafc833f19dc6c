# METADATA
# title: The order of refusals
# description: >-
#   Which refusal names the error when several apply (A4, A6). Each rule says its place in its METADATA, `order`, and
#   the catalogue has them all.
package modelward.lib.order

# METADATA
# description: The place of a rule in the order. One that has none comes after all others, and still refuses.
rank(rule) := place if {
	place := data.catalog.order[rule]
} else := 1000000
