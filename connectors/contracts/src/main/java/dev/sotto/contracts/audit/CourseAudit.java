package dev.sotto.contracts.audit;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.secagg.RoundId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes a task through the {@link Stage}s of its transcript and has every record checked. A record out of turn is a
 * finding; where it still shows what is meant, the audit goes on with it. Not thread-safe.
 */
final class CourseAudit {
    /** Who withholds a reveal has the graph drawn again; so many draws cost at most three bits of its privacy. */
    private static final int MOST_DRAWS = 8;

    private final AuditContext context;
    private final Findings findings;
    private final OfferAudit offers;
    private final OpeningAudit openings;
    private final SurvivorAudit survivorLists;
    private final ModelLine models;
    private final ClipLine clip;
    private final SpendingAudit spending;
    private final List<BlockAudit> blocks = new ArrayList<>();
    private Stage stage = Stage.BETWEEN;
    private @Nullable BlockAudit block;
    private @Nullable RoundAudit round;
    private int newestBlock;
    private int newestRound;
    private int draws;
    private int completed;
    private boolean incomplete;
    private long uninterpreted;

    CourseAudit(AuditContext context) {
        this.context = context;
        this.findings = context.findings();
        this.offers = new OfferAudit(context);
        this.openings = new OpeningAudit(context);
        this.survivorLists = new SurvivorAudit(context);
        this.models = new ModelLine(findings);
        this.clip = new ClipLine(context.task().definition().encoding(), findings);
        this.spending = new SpendingAudit(context.task(), findings);
    }

    /** Takes the next record of the chain. */
    void take(ChainAudit.Link link) {
        SignedRecord record = link.record();
        if (link.broken()) {
            touch(record.position().sequence());
            lost();
            incomplete = true;
            models.lost();
            clip.lost();
            spending.lost();
        }
        Kind kind = record.kind();
        if (!stage.next().contains(kind) && !outOfTurn(kind, record.position().sequence())) {
            uninterpreted++;
            return;
        }
        if (kind != Kind.BLOCK_OFFER) {
            touch(record.position().sequence());
        }
        try {
            interpret(record);
        } catch (RejectedRecordException | IllegalArgumentException e) {
            // Ids out of range are refused where they are made; a hostile record must not end the audit.
            findings.add(Rule.MALFORMED, "a " + kind, String.valueOf(e.getMessage()));
        }
    }

    private void touch(long sequence) {
        if (block != null) {
            block.touch(sequence);
        }
        if (round != null) {
            round.touch(sequence);
        }
    }

    /** Notes a record out of turn; returns whether it can be interpreted all the same. */
    private boolean outOfTurn(Kind kind, long sequence) {
        if (stage == Stage.LOST) {
            return false;
        }
        touch(sequence);
        findings.add(
                Rule.ORDER,
                stage == Stage.ENDED ? "nothing after the task's end" : "one of %s".formatted(stage.next()),
                "%s in stage %s".formatted(kind, stage));
        return switch (kind) {
            case BLOCK_OFFER, TASK_END -> true;
            case ROUND_OPEN -> stage == Stage.OPEN || stage == Stage.UNMASKING || lost();
            case ROUND_RESULT -> stage == Stage.OPEN || repeated();
            case SURVIVORS, ROUND_ABORTED -> repeated();
            default -> false;
        };
    }

    /** A second end of a round is left out; one of a round that was never opened is the end of what makes sense. */
    private boolean repeated() {
        return block == null || stage == Stage.REVEALING || stage == Stage.DEALING ? lost() : false;
    }

    private boolean lost() {
        stage = Stage.LOST;
        block = null;
        round = null;
        return false;
    }

    private void interpret(SignedRecord record) throws RejectedRecordException {
        long sequence = record.position().sequence();
        switch (record.kind()) {
            case BLOCK_OFFER -> offer(record);
            case TASK_END -> end(record.payload(TaskEnd.class));
            case BEACON -> {
                known(block).beacon(record.payload(Beacon.class), sequence);
                stage = Stage.DEALING;
            }
            case ROSTER -> known(block).roster(record.payload(Roster.class), sequence);
            case SEAL -> {
                known(block).seal(record.payload(Seal.class));
                draws = 0;
                stage = Stage.SEALED;
            }
            case BLOCK_ABORTED -> {
                findings.same(
                        Rule.BLOCK_NUMBER,
                        "block",
                        known(block).number(),
                        record.payload(BlockAborted.class).getBlock());
                known(block).aborted();
                block = null;
                stage = Stage.BETWEEN;
            }
            case ROUND_OPEN -> open(record);
            case SURVIVORS -> {
                known(round).survivors(record.payload(Survivors.class), survivorLists, known(block));
                stage = Stage.UNMASKING;
            }
            case ROUND_RESULT -> {
                RoundResult result = record.payload(RoundResult.class);
                known(round).result(result);
                models.made(result);
                clip.made(result);
                spending.released(known(round).open(), result, id(known(round).open()));
                completed++;
                roundOver();
            }
            case ROUND_ABORTED -> {
                known(round).aborted(record.payload(RoundAborted.class).getRound());
                roundOver();
            }
            default -> throw new IllegalStateException(record.kind() + " is no transcript record");
        }
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a stage without the block or round that it is about");
        }
        return value;
    }

    private RoundId id(RoundOpen open) {
        return new RoundId(context.task().id(), open.getRound());
    }

    private void offer(SignedRecord record) throws RejectedRecordException {
        block = null;
        round = null;
        stage = Stage.LOST;
        BlockOffer offer = record.payload(BlockOffer.class);
        findings.unless(
                offer.getBlock() > newestBlock,
                Rule.BLOCK_NUMBER,
                "a block after block " + newestBlock,
                "block " + offer.getBlock());
        findings.unless(
                offer.getFirstRound() > newestRound,
                Rule.ROUND_NUMBER,
                "a first round after round " + newestRound,
                "round " + offer.getFirstRound());
        if (offer.getDegree() != 0) {
            draws++;
            findings.unless(
                    draws <= MOST_DRAWS,
                    Rule.DRAWS,
                    "at most %d offers of a sparse graph without a seal".formatted(MOST_DRAWS),
                    "number %d in a row".formatted(draws));
        }
        offers.check(offer, record.position().sequence());
        BlockAudit next = new BlockAudit(context, offer, record.reached());
        blocks.add(next);
        block = next;
        newestBlock = Math.max(newestBlock, offer.getBlock());
        stage = offer.getDegree() == 0 ? Stage.DEALING : Stage.REVEALING;
    }

    private void open(SignedRecord record) throws RejectedRecordException {
        RoundOpen open = record.payload(RoundOpen.class);
        BlockAudit in = known(block);
        findings.unless(
                completed < context.task().definition().rounds().count(),
                Rule.ROUND_NUMBER,
                "no round after %d with a result".formatted(completed),
                "round " + open.getRound());
        RoundAudit next = new RoundAudit(
                findings,
                open,
                record.reached(),
                openings.check(in, open, newestRound).orElse(null));
        in.add(next);
        round = next;
        models.opened(open);
        clip.opened(open);
        spending.opened(open, id(open), record.position().sequence());
        newestRound = Math.max(newestRound, open.getRound());
        stage = Stage.OPEN;
    }

    private void roundOver() {
        boolean last = known(round).open().getRound() >= known(block).lastRound();
        round = null;
        if (last) {
            block = null;
        }
        stage = last ? Stage.BETWEEN : Stage.SEALED;
    }

    private void end(TaskEnd end) {
        stage = Stage.ENDED;
        block = null;
        round = null;
        if (!incomplete) {
            findings.same(Rule.TASK_END, "rounds with a result", completed, end.getRounds());
        }
        spending.ended(end);
    }

    boolean ended() {
        return stage == Stage.ENDED;
    }

    int completed() {
        return completed;
    }

    /** Records of the chain that stand where nothing can be made of them. */
    long uninterpreted() {
        return uninterpreted;
    }

    SpendingAudit spending() {
        return spending;
    }

    List<BlockReport> report(BiFunction<Long, Long, Standing> standing) {
        return blocks.stream().map(one -> one.report(standing)).toList();
    }
}
