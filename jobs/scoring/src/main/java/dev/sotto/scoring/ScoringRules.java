package dev.sotto.scoring;

import dev.sotto.federation.Trust;
import org.jspecify.annotations.Nullable;

/**
 * What the operators are told, apart from where records come from and go to.
 *
 * @param task the task whose models serve
 * @param trust who may announce a model
 * @param store where models lie
 * @param variant the arithmetic models serve in
 * @param anonymization how text is anonymized
 * @param text what a message must keep to
 * @param batches how messages are gathered
 * @param alerts when a message is an alert
 * @param surges when a surge begins and ends
 * @param release what is released with noise, if anything is
 */
public record ScoringRules(
        ServedTask task,
        Trust trust,
        ModelStoreSource store,
        VariantRule variant,
        AnonymizationRule anonymization,
        TextRule text,
        BatchRule batches,
        AlertRule alerts,
        SurgeRule surges,
        @Nullable ReleaseRule release) {
    public ScoringRules {
        if (!task.labels().contains(alerts.label())) {
            throw new IllegalArgumentException(
                    "%s is '%s' but must be one of the labels of the head that judges messages, %s"
                            .formatted(ScoringOptions.LABEL.key(), alerts.label(), task.labels()));
        }
        // Refuses a bad policy where the job is submitted, not on a task manager.
        anonymization.readPolicy();
    }
}
