package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import org.jspecify.annotations.Nullable;

/**
 * The line of models: version 0, then with every result the next, each round from the newest. Where it is broken it goes
 * on from what is claimed, so that one break is one finding. Not thread-safe.
 */
final class ModelLine {
    private static final int HASH = 32;

    private final Findings findings;
    private int version;
    private boolean lost;
    private byte @Nullable [] hash;

    ModelLine(Findings findings) {
        this.findings = findings;
    }

    /** A round trains from a model. */
    void opened(RoundOpen open) {
        byte[] claimed = AvroCodec.bytes(open.getModelSha256());
        findings.same(Rule.MODEL, "length of the model's hash", HASH, claimed.length);
        if (!lost) {
            findings.same(Rule.MODEL, "model version", version, open.getModelVersion());
        }
        if (hash != null) {
            findings.same(Rule.MODEL, "model", hash, claimed);
        }
        lost = false;
        version = open.getModelVersion();
        hash = claimed;
    }

    /** A round has made a model. */
    void made(RoundResult result) {
        findings.same(Rule.MODEL, "new model version", version + 1, result.getModelVersion());
        hash = AvroCodec.bytes(result.getModelSha256());
        findings.same(Rule.MODEL, "length of the model's hash", HASH, hash.length);
        version = result.getModelVersion();
    }

    /** Records are missing: whatever the next round trains from is taken as it is. */
    void lost() {
        lost = true;
        hash = null;
    }
}
