package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.secagg.RoundId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is published never costs more than the task may spend, whatever the ledger says: every round's model is one release
 * at the price that its noise gives it. And each was charged before it was published, and is published once.
 */
final class BudgetNeverExceeded extends Invariant {
    private final TaskDefinition task;
    private final double rho;
    private final PrivacyBudget budget;
    private final Map<Integer, ByteBuffer> released = new HashMap<>();
    private final Set<String> charged = new HashSet<>();

    BudgetNeverExceeded(TaskDefinition task) {
        this.task = task;
        double sigma = task.sigma();
        double delta2 = task.delta2();
        this.rho = task.recordNoise().isPresent() ? task.rho() : delta2 * delta2 / (2 * sigma * sigma);
        this.budget = task.budget();
    }

    @Override
    void visible(Broker.Entry entry, SignedRecord record) throws RejectedRecordException {
        if (record.kind() == Kind.LEDGER) {
            LedgerRecord ledger = record.payload(LedgerRecord.class);
            if (ledger.getStep() == LedgerStep.RESERVE) {
                charged.add(ledger.getRelease());
            }
        } else if (record.kind() == Kind.MODEL) {
            release(record.payload(ModelAnnounced.class));
        }
    }

    private void release(ModelAnnounced model) {
        int round = model.getRound();
        if (round == 0) {
            return;
        }
        ByteBuffer before = released.putIfAbsent(round, model.getSha256());
        require(before == null || before.equals(model.getSha256()), "round %d is released in two ways", round);
        double epsilon = budget.epsilonOf(rho * released.size());
        require(
                epsilon <= task.privacy().budgetEpsilon(),
                "%d releases amount to epsilon %s, above %s",
                released.size(),
                epsilon,
                task.privacy().budgetEpsilon());
        require(
                charged.contains(new RoundId(task.id(), round).toString()),
                "round %d is released and was never charged",
                round);
    }
}
