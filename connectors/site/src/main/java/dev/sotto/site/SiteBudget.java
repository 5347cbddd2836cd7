package dev.sotto.site;

import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.Admission;
import dev.sotto.privacy.PrivacyBudget;

/**
 * A site's own watch over the task's budget, where sites add the noise: what they promise must hold whatever a ledger elsewhere says. A site
 * counts its uploads, which are at most as many as the rounds that the ledger has charged. Not thread-safe.
 */
final class SiteBudget {
    private final SiteJournal journal;
    private final boolean watched;
    private final double rho;
    private final PrivacyBudget budget;

    SiteBudget(TaskDefinition task, SiteJournal journal) {
        this.journal = journal;
        this.watched = !task.privacy().central();
        this.rho = task.rho();
        this.budget = task.budget();
    }

    /**
     * Counts the upload of a round, before it is made.
     *
     * @throws RefusedStepException if the budget does not bear it
     */
    void charge(int round) throws RefusedStepException {
        if (!watched) {
            return;
        }
        if (budget.admit(journal.countedBefore(round) * rho, rho) instanceof Admission.Refused refused) {
            throw new RefusedStepException(Refusal.BUDGET_SPENT, "round %d: %s".formatted(round, refused.reason()));
        }
        journal.count(round);
    }
}
