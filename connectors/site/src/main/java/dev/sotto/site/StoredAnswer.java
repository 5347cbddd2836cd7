package dev.sotto.site;

import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * An answer to an unmask request as it was stored before it was sent.
 *
 * @param survivors the survivors it answers for
 * @param message the signed record
 */
record StoredAnswer(SortedSet<SiteId> survivors, byte[] message) {}
