package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** An honest site signs one vector a round: two under the same masks would tell their difference. */
final class OneUploadPerRound extends Invariant {
    private record Asked(SiteId site, int block, int round) {}

    private final Set<SiteId> liars;
    private final Map<Asked, ByteBuffer> uploads = new HashMap<>();

    OneUploadPerRound(Set<SiteId> liars) {
        this.liars = liars;
    }

    @Override
    void sent(SiteId site, int block, SignedRecord record) throws RejectedRecordException {
        if (record.kind() != Kind.MANIFEST || liars.contains(site)) {
            return;
        }
        int round = record.payload(Manifest.class).getRound();
        ByteBuffer manifest = ByteBuffer.wrap(record.value());
        ByteBuffer first = uploads.putIfAbsent(new Asked(site, block, round), manifest);
        require(first == null || first.equals(manifest), "%s signs two uploads for round %d", site, round);
    }
}
