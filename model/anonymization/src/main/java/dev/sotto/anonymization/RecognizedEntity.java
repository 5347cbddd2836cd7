package dev.sotto.anonymization;

/** A finding together with the recognizer that it came from. */
record RecognizedEntity(Finding finding, String recognizer) {}
