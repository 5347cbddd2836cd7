package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.secagg.TaskId;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;

/**
 * A federated task: what is trained, how a round runs and what it promises. Sites and coordination each hold the file;
 * its {@link #sha256()} travels in every block offer, so that nobody trains under other terms than it was shown.
 *
 * @param task the task's id
 * @param base the base model
 * @param labels the classes, in the order of the head's outputs
 * @param maxTokens tokens a text is cut to
 */
public record TaskDefinition(
        String task,
        BaseSpec base,
        List<String> labels,
        int maxTokens,
        AdapterSpec adapter,
        TrainingSettings training,
        RoundSettings rounds,
        ProtocolSettings protocol,
        EncodingSettings encoding,
        ServerSettings server,
        RobustSettings robust,
        PrivacySettings privacy) {
    public TaskDefinition {
        labels = List.copyOf(labels);
        Check.require(labels.size() >= 2, "labels", labels, "at least two labels");
        Check.require(new HashSet<>(labels).size() == labels.size(), "labels", labels, "different from each other");
        Check.require(maxTokens >= 8 && maxTokens <= 512, "maxTokens", maxTokens, "between 8 and 512");
        new TaskId(task);
        ParameterLayout.of(adapter, base.shape(), labels.size());
    }

    /** Reads a task file; what it leaves out is as {@code TaskDefinition.defaults.yaml} says. */
    public static TaskDefinition read(Path file) {
        return StrictYaml.read(file, TaskDefinition.class);
    }

    /** The typed id. */
    @JsonIgnore
    public TaskId id() {
        return new TaskId(task);
    }

    /** The layout of the trained parameters. */
    @JsonIgnore
    public ParameterLayout layout() {
        return ParameterLayout.of(adapter, base.shape(), labels.size());
    }

    /** How the trained parameters lie in chunks. */
    @JsonIgnore
    public ChunkLayout chunks() {
        return new ChunkLayout(layout().size(), encoding.chunkEntries());
    }

    /** How a site's metrics are encoded. */
    @JsonIgnore
    public MetricsCodec metrics() {
        double points = encoding.metricsShare() * encoding.delta2(layout().size()) / Math.sqrt(RoundMetrics.ENTRIES);
        return new MetricsCodec(training.examplesPerRound(), labels.size(), (int) Math.min(1 << 20, points));
    }

    /** The L2 sensitivity of a sum to one site, in lattice units: of its update and its metrics together. */
    @JsonIgnore
    public double delta2() {
        return Math.hypot(encoding.delta2(layout().size()), metrics().norm());
    }

    /** The noise's standard deviation in lattice units. */
    @JsonIgnore
    public long sigma() {
        return privacy.sigma(delta2());
    }

    /**
     * The groups that a round with so many announced sites is summed in: as many as the task wants, but only as many as
     * keep {@code minSurvivors} sites each after the dropouts that the task expects.
     */
    public int groups(int announced) {
        int room = (int) (announced * (1 - protocol.dropout()) / rounds.minSurvivors());
        return Math.max(1, Math.min(robust.groups(), room));
    }

    /**
     * The fewest sites that a round may announce or sum. On the complete graph as many as give a secret back; on a sparse one
     * no more may be missing than the task expects, or what is left of the graph need not hang together.
     *
     * @param cohort sites that were offered the block
     * @param threshold shares that give a secret back
     */
    public int leastSites(int cohort, int threshold, boolean completeGraph) {
        int least = Math.max(rounds.minSurvivors(), threshold);
        // A product that ought to be whole can be a little less in binary.
        int expectedDropouts = (int) Math.floor(protocol.dropout() * cohort + 1e-9);
        return completeGraph ? least : Math.max(least, cohort - expectedDropouts);
    }

    /** SHA-256 of the definition in canonical JSON: independent of comments and layout of the file. */
    @JsonIgnore
    public byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(new ObjectMapper().writeValueAsBytes(this));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot hash task " + task, e);
        }
    }
}
