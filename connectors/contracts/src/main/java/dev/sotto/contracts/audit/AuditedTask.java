package dev.sotto.contracts.audit;

import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.secagg.TaskId;

/** The task file that an auditor holds, with all numbers that follow from it. Immutable. */
final class AuditedTask {
    private final TaskDefinition definition;
    private final byte[] hash;
    private final long sigma;
    private final double rho;
    private final PrivacyBudget budget;

    AuditedTask(TaskDefinition definition) {
        this.definition = definition;
        this.hash = definition.sha256();
        this.sigma = definition.sigma();
        this.rho = definition.rho();
        this.budget = definition.budget();
    }

    TaskDefinition definition() {
        return definition;
    }

    TaskId id() {
        return definition.id();
    }

    byte[] hash() {
        return hash.clone();
    }

    /** The noise's standard deviation in lattice units. */
    long sigma() {
        return sigma;
    }

    /** What one round costs. */
    double rho() {
        return rho;
    }

    double delta() {
        return definition.privacy().delta();
    }

    /** What all rounds together may cost. */
    PrivacyBudget budget() {
        return budget;
    }
}
