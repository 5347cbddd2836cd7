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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Believes or refuses what a site writes, and hands on what it believes. A record counts against a site only if its own
 * signature proves that the site wrote it, and only for what no honest site does; coming late does not count. With every
 * {@code protocol.strikes}-th strike the task is told to keep the site out for a while. Thread-safe.
 */
public final class SiteDesk {
    private static final Set<Rejection> STRIKES = EnumSet.of(
            Rejection.WRONG_KIND,
            Rejection.CONFLICT,
            Rejection.BAD_SHARE,
            Rejection.INVALID_FIELD,
            Rejection.MALFORMED);

    private final EnvelopeVerifier verifier;
    private final Map<String, CoordinatedTask> tasks;

    /** Believes what the verifier believes, for these tasks, by id. */
    public SiteDesk(EnvelopeVerifier verifier, Map<String, CoordinatedTask> tasks) {
        this.verifier = verifier;
        this.tasks = Map.copyOf(tasks);
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
            if (!tasks.containsKey(record.task().value())) {
                throw new RejectedRecordException(
                        Rejection.WRONG_TASK, "task %s is not coordinated here".formatted(record.task()));
            }
        } catch (RejectedRecordException e) {
            return Decision.to(
                    standing.refuse(), deadLetter(key, value, e.rejection(), String.valueOf(e.getMessage())));
        }
        try {
            return new Decision<>(standing, route(record));
        } catch (RejectedRecordException e) {
            return refused(
                    key,
                    new SiteCommand.Refused(record.task(), e.rejection(), String.valueOf(e.getMessage()), value),
                    standing);
        }
    }

    /** Takes what another function says about the site. */
    public Decision<SiteStanding> told(String key, SiteCommand command, SiteStanding standing) {
        if (command instanceof SiteCommand.Refused refused) {
            return refused(key, refused, standing);
        }
        SiteCommand.Struck struck = (SiteCommand.Struck) command;
        return strike(key, struck.task(), struck.reason(), standing);
    }

    private static List<Effect> route(SignedRecord record) throws RejectedRecordException {
        SiteRecord fromSite = new SiteRecord(new SiteId(record.signer()), record.value(), record.hash());
        Recipient block = Recipient.block(record.task());
        Kind kind = record.kind();
        if (kind == Kind.ENROL) {
            return List.of(new Effect.Tell(block, new BlockCommand.EnrolmentReceived(fromSite)));
        }
        if (kind == Kind.REVEAL) {
            return List.of(new Effect.Tell(block, new BlockCommand.RevealReceived(fromSite)));
        }
        if (kind == Kind.BUNDLE) {
            return List.of(new Effect.Tell(block, new BlockCommand.BundleReceived(fromSite)));
        }
        if (kind == Kind.INTENT) {
            return List.of(new Effect.Tell(block, new BlockCommand.IntentReceived(fromSite)));
        }
        if (kind == Kind.UNMASK) {
            return answer(record, fromSite);
        }
        throw new RejectedRecordException(Rejection.WRONG_KIND, kind + " does not belong into " + Topics.SITES.name());
    }

    /** The shares go to the round; what they say of the next one goes to the task, in order with the site's intents. */
    private static List<Effect> answer(SignedRecord record, SiteRecord fromSite) throws RejectedRecordException {
        Unmask answer = record.payload(Unmask.class);
        try {
            RoundId round = new RoundId(record.task(), answer.getRound());
            Intention intention = new Intention(record.position().sequence(), answer.getIntent());
            return List.of(
                    new Effect.Tell(Recipient.round(round), new RoundCommand.AnswerReceived(fromSite)),
                    new Effect.Tell(
                            Recipient.block(record.task()),
                            new BlockCommand.SiteAnswered(fromSite.site(), round, intention)));
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "round " + answer.getRound() + " is none", e);
        }
    }

    private Decision<SiteStanding> refused(String key, SiteCommand.Refused refused, SiteStanding standing) {
        Effect letter = deadLetter(key, refused.value(), refused.reason(), refused.detail());
        return STRIKES.contains(refused.reason())
                ? strike(key, refused.task(), refused.reason() + ", " + refused.detail(), standing.refuse())
                        .after(letter)
                : Decision.to(standing.refuse(), letter);
    }

    private Decision<SiteStanding> strike(String key, TaskId id, String reason, SiteStanding standing) {
        SiteStanding next = standing.strike(id);
        List<Effect> effects = new ArrayList<>();
        effects.add(
                new Effect.Report("strike %d against %s in task %s: %s".formatted(next.strikes(id), key, id, reason)));
        CoordinatedTask task = tasks.get(id.value());
        if (task != null && next.strikes(id) % task.protocol().strikes() == 0) {
            effects.add(new Effect.Tell(Recipient.block(id), new BlockCommand.SiteConvicted(new SiteId(key))));
        }
        return new Decision<>(next, effects);
    }

    private static Effect deadLetter(String key, byte[] value, Rejection reason, String detail) {
        return new Effect.Refuse(Topics.SITES, key, value, reason, detail);
    }
}
