"""The way of a request: route, footprint, identity, decision, refusal or forward."""
