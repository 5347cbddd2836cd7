package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** An honest site gives out one set of shares a round; what it sends again is the same, byte for byte. */
final class OneAnswerPerRound extends Invariant {
    private record Asked(SiteId site, int block, int round) {}

    private final Set<SiteId> liars;
    private final Map<Asked, ByteBuffer> answers = new HashMap<>();

    OneAnswerPerRound(Set<SiteId> liars) {
        this.liars = liars;
    }

    @Override
    void sent(SiteId site, int block, SignedRecord record) throws RejectedRecordException {
        if (record.kind() != Kind.UNMASK || liars.contains(site)) {
            return;
        }
        int round = record.payload(Unmask.class).getRound();
        ByteBuffer answer = ByteBuffer.wrap(record.value());
        ByteBuffer first = answers.putIfAbsent(new Asked(site, block, round), answer);
        require(first == null || first.equals(answer), "%s answers round %d in two ways", site, round);
    }
}
