package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.LedgerEntry;
import dev.sotto.privacy.ReleaseId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Answers what is asked of a task's privacy ledger: a reservation to the task, a commit to the round. Every new entry and
 * every refusal is published; a repeat is answered and not published again.
 */
public final class LedgerDesk {
    private final CoordinatedTask task;
    private final LedgerChain chain;

    /** Works on a chain, which {@link #decide} changes. */
    public LedgerDesk(CoordinatedTask task, LedgerChain chain) {
        this.task = task;
        this.chain = chain;
    }

    /** Reserves or commits; the chain holds the entry afterwards, if there is one. */
    public List<Effect> decide(LedgerCommand command) {
        ReleaseId release = new ReleaseId(task.id().value(), command.round().number());
        Digest input = Digest.of(command.inputHash());
        LedgerDecision decision;
        LedgerStep step;
        if (command instanceof LedgerCommand.Reserve reserve) {
            decision = chain.reserve(release, input, reserve.rho());
            step = LedgerStep.RESERVE;
        } else {
            decision = chain.commit(release, input);
            step = LedgerStep.COMMIT;
        }
        if (decision instanceof LedgerDecision.Appended appended) {
            LedgerEntry entry = appended.entry();
            return List.of(
                    publish(command, step, entry.rho(), entry.previousHash(), entry.hash()),
                    answer(command, step, entry));
        }
        if (decision instanceof LedgerDecision.Repeated repeated) {
            return List.of(answer(command, step, repeated.entry()));
        }
        String reason = ((LedgerDecision.Refused) decision).reason();
        double asked = command instanceof LedgerCommand.Reserve reserve ? reserve.rho() : 0;
        return List.of(
                publish(command, LedgerStep.REFUSE, asked, chain.head(), chain.head()),
                new Effect.Tell(Recipient.block(task.id()), new BlockCommand.BudgetRefused(command.round(), reason)));
    }

    private Effect answer(LedgerCommand command, LedgerStep step, LedgerEntry entry) {
        double rho = chain.spentRho();
        double epsilon = chain.spentEpsilon();
        return step == LedgerStep.RESERVE
                ? new Effect.Tell(
                        Recipient.block(task.id()), new BlockCommand.BudgetReserved(command.round(), rho, epsilon))
                : new Effect.Tell(
                        Recipient.round(command.round()),
                        new RoundCommand.ReleaseCommitted(
                                rho, epsilon, entry.hash().bytes()));
    }

    private Effect publish(LedgerCommand command, LedgerStep step, double rho, Digest previous, Digest hash) {
        String release = command.round().toString();
        LedgerRecord record = LedgerRecord.newBuilder()
                .setRelease(release)
                .setInputHash(ByteBuffer.wrap(command.inputHash()))
                .setRho(rho)
                .setRhoSpent(chain.spentRho())
                .setStep(step)
                .setPrevious(ByteBuffer.wrap(previous.bytes()))
                .setHash(ByteBuffer.wrap(hash.bytes()))
                .build();
        byte[] key = RecordKeys.ledger(task.id(), release, step.name()).getBytes(StandardCharsets.UTF_8);
        return new Effect.Publish(Topics.LEDGER, key, task.id(), Kind.LEDGER, command.position(), record);
    }
}
