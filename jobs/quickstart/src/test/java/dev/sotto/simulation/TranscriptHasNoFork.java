package dev.sotto.simulation;

import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * No honest site follows two histories: whatever it has acted on or signed under lies in one chain. And coordination writes
 * one chain without a gap, however often it dies.
 */
final class TranscriptHasNoFork extends Invariant {
    private final Set<SiteId> liars;
    private final Map<SiteId, Map<Long, ByteBuffer>> followed = new HashMap<>();
    private TranscriptPosition written = TranscriptPosition.START;

    TranscriptHasNoFork(Set<SiteId> liars) {
        this.liars = liars;
    }

    @Override
    void reached(SiteId site, TranscriptPosition position) {
        follow(site, position);
    }

    @Override
    void sent(SiteId site, int block, SignedRecord record) {
        if (!liars.contains(site)) {
            follow(site, record.position());
        }
    }

    private void follow(SiteId site, TranscriptPosition position) {
        ByteBuffer head = ByteBuffer.wrap(position.head());
        ByteBuffer known =
                followed.computeIfAbsent(site, unused -> new HashMap<>()).putIfAbsent(position.sequence(), head);
        require(
                known == null || known.equals(head),
                "%s follows two histories that part before record %d",
                site,
                position.sequence() + 1);
    }

    @Override
    void visible(Broker.Entry entry, SignedRecord record) {
        if (entry.topic().equals(Topics.ROUNDS.name())) {
            require(
                    record.position().equals(written.next()),
                    "coordination writes %s after %s",
                    record.position(),
                    written);
            written = record.reached();
        }
    }
}
