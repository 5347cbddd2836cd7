package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.privacy.Digest;
import dev.sotto.secagg.TaskId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The ledger's name for what a round releases: SHA-256 over a domain, the task and the round's opening record with
 * deadline, rho and epsilon at zero. Coordination computes it before it charges; whoever reads the transcript can compute
 * it again. Stateless.
 */
public final class ReleaseInput {
    private static final String DOMAIN = "sotto/round-terms/v1";

    private ReleaseInput() {}

    /** The hash of a round's terms. */
    public static Digest of(TaskId task, RoundOpen open) {
        RoundOpen terms = RoundOpen.newBuilder(open)
                .setDeadline(0)
                .setRhoSpent(0)
                .setEpsilonSpent(0)
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(DOMAIN.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        bytes.writeBytes(task.value().getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        bytes.writeBytes(AvroCodec.encode(terms));
        return Digest.sha256(bytes.toByteArray());
    }
}
