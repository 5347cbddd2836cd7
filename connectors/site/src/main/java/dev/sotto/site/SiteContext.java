package dev.sotto.site;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.SiteId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;

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
 * @param willing whether its operator wants it to take part in rounds now
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
        BooleanSupplier willing,
        Progress progress,
        Clock clock,
        SecureRandom random) {
    EnvelopeVerifier verifier() {
        return new EnvelopeVerifier(trust);
    }

    boolean past(long deadline) {
        return clock.millis() > deadline;
    }

    /** Writes a record to {@code fl.sites}. */
    void post(byte[] message) throws UnavailableException {
        outbox.send(List.of(new Outbox.Message(Topics.SITES.name(), RecordKeys.site(self), message)));
    }

    /** Reports an event, unless its record is only read again. */
    void tell(Step step, SiteEvent event) {
        if (step.live()) {
            progress.on(event);
        }
    }

    /** Reports a refusal, as {@link #tell}. */
    void tell(Step step, RefusedStepException refusal) {
        tell(step, new SiteEvent.Refused(refusal.refusal(), refusal.detail()));
    }
}
