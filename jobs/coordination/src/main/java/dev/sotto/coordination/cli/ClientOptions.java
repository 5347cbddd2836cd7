package dev.sotto.coordination.cli;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a command reaches Kafka. */
public final class ClientOptions {
    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers.")
    String bootstrap = "";

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description =
                    "A further property of the Kafka client, for example of its security. May be given several times.")
    Map<String, String> properties = new HashMap<>();

    /** The properties of the client. */
    public Map<String, Object> toProperties() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrap);
        return all;
    }
}
