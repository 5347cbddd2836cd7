package dev.sotto.site;

import dev.sotto.contracts.SignedRecord;

/**
 * A transcript record to act on.
 *
 * @param record the record
 * @param live false if it was acted on before a restart: it then only leads to the state and nothing is sent
 */
record Step(SignedRecord record, boolean live) {}
