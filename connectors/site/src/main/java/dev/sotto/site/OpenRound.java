package dev.sotto.site;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * A round that was opened and that this site has checked.
 *
 * @param id the round
 * @param opened the transcript position of its ROUND_OPEN, which every upload for it carries
 * @param modelVersion the model to train from
 * @param modelSha256 its hash, 32 bytes
 * @param modelLocation its location
 * @param groups the announced sites, by the groups within which they mask against each other
 * @param clipNorm the largest L2 norm of an update in it
 * @param deadline milliseconds since the epoch at which the window closes
 */
record OpenRound(
        RoundId id,
        TranscriptPosition opened,
        int modelVersion,
        byte[] modelSha256,
        String modelLocation,
        RoundGroups groups,
        double clipNorm,
        long deadline) {
    OpenRound {
        modelSha256 = modelSha256.clone();
    }

    int number() {
        return id.number();
    }

    SortedSet<SiteId> announced() {
        return groups.announced();
    }
}
