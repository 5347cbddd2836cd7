package dev.sotto.coordination.protocol;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.EnumSet;
import java.util.Set;

/**
 * Believes or refuses what a site writes, and hands on what it believes. A record counts against a site only if its own
 * signature proves that the site wrote it, and only for what no honest site does; coming late does not count. Thread-safe.
 */
public final class SiteDesk {
    private static final Set<Rejection> STRIKES = EnumSet.of(
            Rejection.WRONG_KIND,
            Rejection.CONFLICT,
            Rejection.BAD_SHARE,
            Rejection.INVALID_FIELD,
            Rejection.MALFORMED);

    private final EnvelopeVerifier verifier;
    private final Set<TaskId> tasks;

    /** Believes what the verifier believes, for these tasks. */
    public SiteDesk(EnvelopeVerifier verifier, Set<TaskId> tasks) {
        this.verifier = verifier;
        this.tasks = Set.copyOf(tasks);
    }

    /**
     * Takes a record of {@code fl.sites}.
     *
     * @param key the record's key
     */
    public Decision<SiteStanding> receive(String key, byte[] value, SiteStanding standing) {
        SignedRecord record;
        try {
            record = verifier.open(value);
            if (!record.signer().equals(key)) {
                throw new RejectedRecordException(
                        Rejection.UNKNOWN_SIGNER,
                        "the signer is %s but the record's key is another".formatted(record.signer()));
            }
            if (!tasks.contains(record.task())) {
                throw new RejectedRecordException(
                        Rejection.WRONG_TASK, "task %s is not coordinated here".formatted(record.task()));
            }
        } catch (RejectedRecordException e) {
            return refuse(key, value, e.rejection(), String.valueOf(e.getMessage()), standing.refuse(false));
        }
        try {
            return Decision.to(standing, route(record));
        } catch (RejectedRecordException e) {
            return refused(key, value, e.rejection(), String.valueOf(e.getMessage()), standing);
        }
    }

    /** Takes what another function says about the site. */
    public Decision<SiteStanding> told(String key, SiteCommand command, SiteStanding standing) {
        if (command instanceof SiteCommand.Refused refused) {
            return refused(key, refused.value(), refused.reason(), refused.detail(), standing);
        }
        return Decision.stay(standing.strike());
    }

    private static Effect route(SignedRecord record) throws RejectedRecordException {
        SiteRecord fromSite = new SiteRecord(new SiteId(record.signer()), record.value(), record.hash());
        Kind kind = record.kind();
        if (kind == Kind.ENROL) {
            return new Effect.Tell(Recipient.block(record.task()), new BlockCommand.EnrolmentReceived(fromSite));
        }
        if (kind == Kind.BUNDLE) {
            return new Effect.Tell(Recipient.block(record.task()), new BlockCommand.BundleReceived(fromSite));
        }
        if (kind == Kind.UNMASK) {
            int number = record.payload(Unmask.class).getRound();
            try {
                RoundId round = new RoundId(record.task(), number);
                return new Effect.Tell(Recipient.round(round), new RoundCommand.AnswerReceived(fromSite));
            } catch (IllegalArgumentException e) {
                throw new RejectedRecordException(Rejection.INVALID_FIELD, "round " + number + " is none", e);
            }
        }
        throw new RejectedRecordException(Rejection.WRONG_KIND, kind + " does not belong into " + Topics.SITES.name());
    }

    private static Decision<SiteStanding> refused(
            String key, byte[] value, Rejection reason, String detail, SiteStanding standing) {
        return refuse(key, value, reason, detail, standing.refuse(STRIKES.contains(reason)));
    }

    private static Decision<SiteStanding> refuse(
            String key, byte[] value, Rejection reason, String detail, SiteStanding next) {
        return Decision.to(next, new Effect.Refuse(Topics.SITES, key, value, reason, detail));
    }
}
