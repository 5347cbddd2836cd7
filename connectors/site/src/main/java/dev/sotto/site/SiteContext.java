package dev.sotto.site;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.SiteId;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Who a site is, whom it believes, and the outside it acts on.
 *
 * @param self the site
 * @param task the task as its own file has it
 * @param trust its own trust file
 * @param signer signs under the site's identity
 * @param journal what it remembers
 * @param outbox where its records go
 * @param models where models come from
 * @param update what it computes
 * @param progress who is told
 * @param clock for deadlines
 * @param random for secrets and rounding
 */
record SiteContext(
        SiteId self,
        TaskDefinition task,
        Trust trust,
        EnvelopeSigner signer,
        SiteJournal journal,
        Outbox outbox,
        ModelStore models,
        LocalUpdate update,
        Progress progress,
        Clock clock,
        SecureRandom random) {
    EnvelopeVerifier verifier() {
        return new EnvelopeVerifier(trust);
    }

    boolean past(long deadline) {
        return clock.millis() > deadline;
    }
}
