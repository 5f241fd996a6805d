"""Actions of a very small shop, as anyone would write them with rasa_sdk."""
