# METADATA
# title: The explanation of a decision
# description: The decision with the part that each rule has in it, the names that lists must cover, and whom a token names.
package modelward.explain

import data.modelward.access

# METADATA
# title: One decision, rule by rule
# description: The decision, and for each rule that has a part in it why it denies, what covers each model, and the list it holds them against.
# entrypoint: true
explanation := {
	"decision": access.decision,
	"layers": access.layers,
	"names": access.names,
	"named": access.named,
}
