package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.LedgerEntry;
import dev.sotto.privacy.ReleaseId;
import dev.sotto.secagg.RoundId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Keeps a task's privacy ledger: answers a reservation to the task and a commit to the round, and publishes every new entry
 * and every refusal. What it publishes it reads back, and a round is charged only once its entry stands in the topic behind
 * no other than the entries known here.
 *
 * <pre>
 * what comes                         | done                                      | answered
 * RESERVE that fits                  | published                                 | when it is read back
 * the same RESERVE again             |                                           | at once, if it was read back
 * RESERVE that does not fit          | REFUSE is published                       | refused
 * COMMIT of a reservation            | published                                 | at once
 * the next own entry, read back      |                                           | the reservation that waits for it
 * an entry read back before          |                                           |
 * any other entry                    | stopped; taken over if it follows         | the reservation: refused
 * RESERVE once stopped               |                                           | refused
 * COMMIT once stopped                |                                           | if the ledger holds it
 * </pre>
 *
 * An entry of the topic that is not known here means that this state is older than the topic (it was restored from an old
 * savepoint, or lost) or that somebody else coordinates the task too: budget was spent that is not counted here. Thread-safe.
 */
public final class LedgerDesk {
    /** A transaction of the egress is over by then, one way or the other. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final CoordinatedTask task;

    /** The desk of one task. */
    public LedgerDesk(CoordinatedTask task) {
        this.task = task;
    }

    /** Reserves or commits. */
    public Decision<LedgerBook> decide(LedgerBook book, LedgerCommand command) {
        if (command instanceof LedgerCommand.ReadBackDue due) {
            return book.awaited() != null && book.awaited().round().equals(due.round())
                    ? Decision.to(book, new Effect.Report(missing(due.round())), later(due.round()))
                    : Decision.stay(book);
        }
        return asked(book, (LedgerCommand.Ask) command);
    }

    private Decision<LedgerBook> asked(LedgerBook book, LedgerCommand.Ask ask) {
        LedgerChain chain = book.open(task);
        ReleaseId release = new ReleaseId(task.id().value(), ask.round().number());
        if (book.stopped() != null) {
            return Decision.to(book, stopped(book.stopped(), chain, release, ask));
        }
        Digest input = Digest.of(ask.inputHash());
        LedgerDecision decision = ask instanceof LedgerCommand.Reserve reserve
                ? chain.reserve(release, input, reserve.rho())
                : chain.commit(release, input);
        if (decision instanceof LedgerDecision.Appended appended) {
            LedgerEntry entry = appended.entry();
            Effect published = publish(ask, chain, step(entry), entry.rho(), entry.previousHash());
            return ask instanceof LedgerCommand.Reserve reserve
                    ? Decision.to(
                            new LedgerBook(chain.serialize(), book.readBack(), reserve, null),
                            published,
                            later(ask.round()))
                    : Decision.to(
                            new LedgerBook(chain.serialize(), book.readBack(), book.awaited(), null),
                            published,
                            committed(ask.round(), chain, entry));
        }
        if (decision instanceof LedgerDecision.Repeated repeated) {
            if (ask instanceof LedgerCommand.Commit) {
                return Decision.to(book, committed(ask.round(), chain, repeated.entry()));
            }
            return book.awaited() == null ? Decision.to(book, reserved(ask.round(), chain)) : Decision.stay(book);
        }
        double rho = ask instanceof LedgerCommand.Reserve reserve ? reserve.rho() : 0;
        return Decision.to(
                book,
                publish(ask, chain, LedgerStep.REFUSE, rho, chain.head()),
                refused(ask.round(), ((LedgerDecision.Refused) decision).reason(), chain));
    }

    /**
     * Takes an entry from {@code fl.ledger}, which coordination has signed.
     *
     * @throws RejectedRecordException if it is no entry of this task's
     */
    public Decision<LedgerBook> readBack(LedgerBook book, LedgerRecord record) throws RejectedRecordException {
        RoundId round = round(record);
        if (record.getStep() == LedgerStep.REFUSE) {
            return Decision.stay(book);
        }
        LedgerChain chain = book.open(task);
        Digest hash = digest(record.getHash());
        List<LedgerEntry> entries = chain.entries();
        for (int i = 0; i < book.readBack(); i++) {
            if (entries.get(i).hash().equals(hash)) {
                return Decision.stay(book);
            }
        }
        boolean own = book.readBack() < entries.size()
                && entries.get(book.readBack()).hash().equals(hash);
        return own ? next(book, round, record.getStep(), chain) : stop(book, record, entries);
    }

    private Decision<LedgerBook> next(LedgerBook book, RoundId round, LedgerStep step, LedgerChain chain) {
        boolean answers = step == LedgerStep.RESERVE
                && book.awaited() != null
                && book.awaited().round().equals(round);
        LedgerBook read =
                new LedgerBook(book.chain(), book.readBack() + 1, answers ? null : book.awaited(), book.stopped());
        return answers ? Decision.to(read, reserved(round, chain)) : Decision.to(read);
    }

    private Decision<LedgerBook> stop(LedgerBook book, LedgerRecord record, List<LedgerEntry> entries)
            throws RejectedRecordException {
        List<LedgerEntry> known = entries.subList(0, book.readBack());
        LedgerChain chain = takenOver(known, record);
        int read = chain.entries().size();
        if (book.stopped() != null) {
            return Decision.to(new LedgerBook(chain.serialize(), read, null, book.stopped()));
        }
        String reason =
                "the ledger in %s goes on with %s %s, hash %s, behind the %d entries read back here, where this state has %s: it was restored from an older savepoint, or lost, or another coordination runs this task; nothing more is released. Restore the newest checkpoint, or start a task of another name with what is left of the budget"
                        .formatted(
                                Topics.LEDGER.name(),
                                record.getStep(),
                                record.getRelease(),
                                digest(record.getHash()),
                                known.size(),
                                known.size() == entries.size() ? "none" : describe(entries.get(known.size())));
        Decision<LedgerBook> stopped = Decision.to(
                new LedgerBook(chain.serialize(), read, null, reason),
                new Effect.Report("task %s stops: %s".formatted(task.id(), reason)));
        LedgerCommand.Reserve awaited = book.awaited();
        return awaited == null
                ? stopped
                : Decision.to(stopped.next(), stopped.effects().get(0), refused(awaited.round(), reason, chain));
    }

    /** The entries known, with the topic's next one if it follows them. */
    private LedgerChain takenOver(List<LedgerEntry> known, LedgerRecord record) throws RejectedRecordException {
        LedgerChain chain = replayed(known);
        if (!chain.head().equals(digest(record.getPrevious()))) {
            return chain;
        }
        ReleaseId release = new ReleaseId(task.id().value(), round(record).number());
        Digest input = digest(record.getInputHash());
        try {
            if (record.getStep() == LedgerStep.RESERVE) {
                chain.reserve(release, input, record.getRho());
            } else {
                chain.commit(release, input);
            }
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "rho of an entry is not one", e);
        }
        return chain.head().equals(digest(record.getHash())) ? chain : replayed(known);
    }

    private LedgerChain replayed(List<LedgerEntry> entries) {
        return LedgerChain.replay(task.id().value(), task.budget(), entries);
    }

    private RoundId round(LedgerRecord record) throws RejectedRecordException {
        try {
            RoundId round = RoundId.parse(record.getRelease());
            if (round.task().equals(task.id())) {
                return round;
            }
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "the release of an entry is not task/round", e);
        }
        throw new RejectedRecordException(Rejection.WRONG_TASK, "the entry is of another task than its record");
    }

    private static Digest digest(ByteBuffer field) throws RejectedRecordException {
        if (field.remaining() != Digest.LENGTH) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "a hash of an entry has %d bytes, expected %d".formatted(field.remaining(), Digest.LENGTH));
        }
        return Digest.of(AvroCodec.bytes(field));
    }

    private Effect stopped(String reason, LedgerChain chain, ReleaseId release, LedgerCommand.Ask ask) {
        if (ask instanceof LedgerCommand.Reserve) {
            return refused(ask.round(), reason, chain);
        }
        return chain.isCommitted(release)
                        && chain.commit(release, Digest.of(ask.inputHash())) instanceof LedgerDecision.Repeated repeated
                ? committed(ask.round(), chain, repeated.entry())
                : new Effect.Report("release %s is not committed: %s".formatted(release, reason));
    }

    private static Effect later(RoundId round) {
        return new Effect.Later(PATIENCE, new LedgerCommand.ReadBackDue(round));
    }

    private static String missing(RoundId round) {
        return "round %s waits: its RESERVE was not read back from %s within %d minutes; see that the topic can be read and that the transactions of coordination are committed"
                .formatted(round, Topics.LEDGER.name(), PATIENCE.toMinutes());
    }

    private static LedgerStep step(LedgerEntry entry) {
        return entry.kind() == LedgerEntry.Kind.RESERVE ? LedgerStep.RESERVE : LedgerStep.COMMIT;
    }

    private static String describe(LedgerEntry entry) {
        return "%s %s, hash %s".formatted(entry.kind(), entry.releaseId(), entry.hash());
    }

    private Effect reserved(RoundId round, LedgerChain chain) {
        return new Effect.Tell(
                Recipient.block(task.id()),
                new BlockCommand.BudgetReserved(round, chain.spentRho(), chain.spentEpsilon()));
    }

    private Effect refused(RoundId round, String reason, LedgerChain chain) {
        return new Effect.Tell(
                Recipient.block(task.id()), new BlockCommand.BudgetRefused(round, reason, chain.spentEpsilon()));
    }

    private static Effect committed(RoundId round, LedgerChain chain, LedgerEntry entry) {
        return new Effect.Tell(
                Recipient.round(round),
                new RoundCommand.ReleaseCommitted(
                        chain.spentRho(), chain.spentEpsilon(), entry.hash().bytes()));
    }

    private Effect publish(LedgerCommand.Ask ask, LedgerChain chain, LedgerStep step, double rho, Digest previous) {
        String release = ask.round().toString();
        LedgerRecord record = LedgerRecord.newBuilder()
                .setRelease(release)
                .setInputHash(ByteBuffer.wrap(ask.inputHash()))
                .setRho(rho)
                .setRhoSpent(chain.spentRho())
                .setStep(step)
                .setPrevious(ByteBuffer.wrap(previous.bytes()))
                .setHash(ByteBuffer.wrap(chain.head().bytes()))
                .build();
        byte[] key = RecordKeys.ledger(task.id(), release, step.name()).getBytes(StandardCharsets.UTF_8);
        return new Effect.Publish(Topics.LEDGER, key, task.id(), Kind.LEDGER, ask.position(), record);
    }
}
