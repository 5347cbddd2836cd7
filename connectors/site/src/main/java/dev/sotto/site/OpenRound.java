package dev.sotto.site;

import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A round that was opened and that this site has checked.
 *
 * @param id the round
 * @param modelVersion the model to train from
 * @param modelSha256 its hash, 32 bytes
 * @param modelLocation its location
 * @param announced the sites that mask against each other, this one included
 * @param deadline milliseconds since the epoch at which the window closes
 */
record OpenRound(
        RoundId id,
        int modelVersion,
        byte[] modelSha256,
        String modelLocation,
        SortedSet<SiteId> announced,
        long deadline) {
    OpenRound {
        modelSha256 = modelSha256.clone();
        announced = Collections.unmodifiableSortedSet(new TreeSet<>(announced));
    }

    int number() {
        return id.number();
    }
}
