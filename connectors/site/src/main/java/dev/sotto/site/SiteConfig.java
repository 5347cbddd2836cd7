package dev.sotto.site;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.StrictYaml;
import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A site's configuration file. Relative paths count from the directory of the file.
 *
 * @param site the site's id, as the trust files of all parties name it
 * @param task the task file
 * @param trust the trust file
 * @param identity the file with the private identity key, base64 of its PKCS#8 form
 * @param state the directory of the site's durable state, which belongs to this site and task alone
 * @param bootstrap Kafka's bootstrap servers
 * @param data the labelled texts, in one file or more
 * @param kafka further properties of the Kafka clients, for example of TLS and SASL
 * @param threads processor threads for training, 1 or more
 */
@JsonDeserialize(builder = SiteConfig.Builder.class)
public record SiteConfig(
        SiteId site,
        Path task,
        Path trust,
        Path identity,
        Path state,
        String bootstrap,
        List<DataConfig> data,
        Map<String, String> kafka,
        int threads) {
    /** @throws ConfigurationException if a value is out of range */
    public SiteConfig {
        kafka = Map.copyOf(kafka);
        data = List.copyOf(data);
        if (data.isEmpty()) {
            throw new ConfigurationException("data names no file; name one or more");
        }
        KafkaProperties.requireAllowed(kafka);
        if (threads < 1 || threads > 1024) {
            throw new ConfigurationException("threads is %d but must be from 1 to 1024".formatted(threads));
        }
    }

    /**
     * Reads a configuration file.
     *
     * @throws ConfigurationException if it cannot be read, has an unknown key or lacks one; the message names it
     */
    public static SiteConfig read(Path file) {
        SiteConfig config = StrictYaml.read(file, SiteConfig.class);
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? config : config.in(directory);
    }

    private SiteConfig in(Path directory) {
        return new SiteConfig(
                site,
                directory.resolve(task),
                directory.resolve(trust),
                directory.resolve(identity),
                directory.resolve(state),
                bootstrap,
                data.stream().map(files -> files.in(directory)).toList(),
                kafka,
                threads);
    }

    static <T> T required(String key, @Nullable T value) {
        if (value == null || value.toString().isBlank()) {
            throw new ConfigurationException("key '%s' is missing".formatted(key));
        }
        return value;
    }

    /** The keys as YAML gives them; those that are not required have their default here. */
    @JsonPOJOBuilder(withPrefix = "")
    static final class Builder {
        @JsonProperty
        private @Nullable String site;

        @JsonProperty
        private @Nullable String task;

        @JsonProperty
        private @Nullable String trust;

        @JsonProperty
        private @Nullable String identity;

        @JsonProperty
        private @Nullable String state;

        @JsonProperty
        private @Nullable String bootstrap;

        @JsonProperty
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        private @Nullable List<DataConfig> data;

        @JsonProperty
        private Map<String, String> kafka = Map.of();

        @JsonProperty
        private int threads = 1;

        SiteConfig build() {
            return new SiteConfig(
                    new SiteId(required("site", site)),
                    Path.of(required("task", task)),
                    Path.of(required("trust", trust)),
                    Path.of(required("identity", identity)),
                    Path.of(required("state", state)),
                    required("bootstrap", bootstrap),
                    required("data", data),
                    kafka,
                    threads);
        }
    }
}
