package dev.sotto.coordination.function;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.coordination.protocol.CoordinatedTask;
import dev.sotto.coordination.protocol.SiteDesk;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.IdentityPublicKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;

/** All functions of coordination, for a request-reply server. Immutable and thread-safe. */
public final class CoordinationFunctions {
    private final SiteFunction site;
    private final BlockFunction block;
    private final RoundFunction round;
    private final TranscriptFunction transcript;
    private final LedgerFunction ledger;

    private CoordinationFunctions(Map<String, CoordinatedTask> tasks, Trust trust, EnvelopeSigner signer, Clock clock) {
        EnvelopeVerifier verifier = new EnvelopeVerifier(trust);
        EffectRunner effects = new EffectRunner(signer);
        this.site = new SiteFunction(new SiteDesk(verifier, tasks), effects);
        this.block = new BlockFunction(tasks, verifier, effects, clock);
        this.round = new RoundFunction(tasks, verifier, effects, clock);
        this.transcript = new TranscriptFunction(signer, verifier);
        this.ledger = new LedgerFunction(tasks, verifier, effects);
    }

    /**
     * The functions for these tasks.
     *
     * @throws ConfigurationException if a task cannot run with this trust file, two have one id, or the trust file gives
     *     coordination another key than the one it signs with
     */
    public static CoordinationFunctions of(
            List<TaskDefinition> tasks, Trust trust, IdentityKeyPair identity, Clock clock) {
        IdentityPublicKey trusted = trust.server(Trust.COORDINATION)
                .orElseThrow(() -> new ConfigurationException("the trust file has no key for servers.coordination"));
        if (!Arrays.equals(trusted.bytes(), identity.publicKey().bytes())) {
            throw new ConfigurationException(
                    "the trust file gives servers.coordination the key %s but the identity's is %s; nobody would believe it"
                            .formatted(trusted.toBase64(), identity.publicKey().toBase64()));
        }
        Map<String, CoordinatedTask> byId = new TreeMap<>();
        for (TaskDefinition definition : tasks) {
            if (byId.put(definition.task(), CoordinatedTask.of(definition, trust)) != null) {
                throw new ConfigurationException("two task files define task " + definition.task());
            }
        }
        EnvelopeSigner signer = new EnvelopeSigner(Trust.COORDINATION, identity);
        return new CoordinationFunctions(Collections.unmodifiableMap(byId), trust, signer, clock);
    }

    /** As the SDK wants them. */
    public StatefulFunctions statefulFunctions() {
        return new StatefulFunctions()
                .withStatefulFunction(site.spec())
                .withStatefulFunction(block.spec())
                .withStatefulFunction(round.spec())
                .withStatefulFunction(transcript.spec())
                .withStatefulFunction(ledger.spec());
    }

    SiteFunction site() {
        return site;
    }

    BlockFunction block() {
        return block;
    }

    RoundFunction round() {
        return round;
    }

    TranscriptFunction transcript() {
        return transcript;
    }

    LedgerFunction ledger() {
        return ledger;
    }
}
