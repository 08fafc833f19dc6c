# METADATA
# title: All places name the same model
# description: Two places that name different models leave open which one is meant.
# custom:
#   spec: [M2, A6]
#   differs: [M2]
package modelward.rules.names_agree

# METADATA
# description: Refuses a request whose places name different models.
deny contains message if {
	not _agree
	message := "the request names different models in different places; name one"
}

_agree if input.request.differ == false
