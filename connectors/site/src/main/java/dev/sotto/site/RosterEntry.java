package dev.sotto.site;

import dev.sotto.secagg.Bundle;
import org.jspecify.annotations.Nullable;

/**
 * A member's bundle as this site has seen it.
 *
 * @param hash of the signed record: the leaf that the seal covers, 32 bytes
 * @param bundle what it holds; null if the member is not a neighbour, whose bundle concerns others
 */
record RosterEntry(byte[] hash, @Nullable Bundle bundle) {}
