package dev.sotto.site;

import dev.sotto.contracts.SignedRecord;
import dev.sotto.secagg.Bundle;

/**
 * A member's bundle as it signed it.
 *
 * @param record the signed record, which a seal covers
 * @param bundle what it holds
 */
record SignedBundle(SignedRecord record, Bundle bundle) {}
