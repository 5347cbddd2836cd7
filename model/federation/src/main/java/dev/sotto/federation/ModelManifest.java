package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a published model is: written beside the weights as JSON, without a clock, so that a replay writes the same bytes.
 *
 * @param task the task's id
 * @param version the model version; 0 is the starting point
 * @param round the round that made it; 0 for the starting point
 * @param base the base model
 * @param columns what the texts it reads were called
 * @param adapter the adapter's shape
 * @param heads what it judges
 * @param statistics columns of numbers that it has the counts and means of
 * @param maxTokens tokens a text is cut to
 * @param sha256 lower-case hex of the safetensors file
 * @param parent lower-case hex of the parent's safetensors file; empty for version 0
 * @param survivors sites in the sum; 0 for version 0
 * @param rho zCDP spent by the task up to and with this release
 * @param epsilon the same as epsilon at {@code delta}; 0 for version 0
 * @param delta the delta of the statement
 * @param privacyUnit about whom epsilon speaks; null in manifests of releases that did not say it
 */
@JsonPropertyOrder({
    "task",
    "version",
    "round",
    "base",
    "columns",
    "adapter",
    "heads",
    "statistics",
    "maxTokens",
    "sha256",
    "parent",
    "survivors",
    "rho",
    "epsilon",
    "delta",
    "privacyUnit"
})
public record ModelManifest(
        String task,
        int version,
        int round,
        BaseSpec base,
        ColumnNames columns,
        AdapterSpec adapter,
        List<HeadSpec> heads,
        List<StatisticSpec> statistics,
        int maxTokens,
        String sha256,
        String parent,
        int survivors,
        double rho,
        double epsilon,
        double delta,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PrivacyUnit privacyUnit) {
    public ModelManifest {
        heads = List.copyOf(heads);
        statistics = List.copyOf(statistics);
    }

    /** What was trained on the base model. */
    public ModelDesign toDesign() {
        return new ModelDesign(adapter, heads, statistics, maxTokens);
    }

    /** Whether both say the same, where both say something: only the older release leaves the unit out. */
    boolean agrees(ModelManifest other) {
        return equals(privacyUnit == null || other.privacyUnit == null ? other.of(privacyUnit) : other);
    }

    private ModelManifest of(@Nullable PrivacyUnit unit) {
        return new ModelManifest(
                task,
                version,
                round,
                base,
                columns,
                adapter,
                heads,
                statistics,
                maxTokens,
                sha256,
                parent,
                survivors,
                rho,
                epsilon,
                delta,
                unit);
    }

    /** The layout of the weights. */
    public ParameterLayout toLayout() {
        return ParameterLayout.of(toDesign(), base.shape());
    }
}
