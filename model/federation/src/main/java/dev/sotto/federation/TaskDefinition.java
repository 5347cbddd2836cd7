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
        EncodingSettings encoding,
        PrivacySettings privacy) {
    public TaskDefinition {
        labels = List.copyOf(labels);
        Check.require(labels.size() >= 2, "labels", labels, "at least two labels");
        Check.require(new HashSet<>(labels).size() == labels.size(), "labels", labels, "different from each other");
        Check.require(maxTokens >= 8 && maxTokens <= 512, "maxTokens", maxTokens, "between 8 and 512");
        new TaskId(task);
        ParameterLayout.of(adapter, base.shape(), labels.size());
    }

    /** Reads a task file. */
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

    /** The L2 sensitivity of a sum to one site, in lattice units. */
    @JsonIgnore
    public double delta2() {
        return encoding.delta2(layout().size());
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
