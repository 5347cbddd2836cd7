package dev.sotto.scoring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.time.Instant;

/**
 * Writes surges as CloudEvents. The id is made of type, key, beginning and whether it begins or ends, so that the two
 * events of a surge differ and a replay of either is recognized.
 *
 * @param task the task that speaks
 * @param label the class that is counted
 * @param rule the rule that was tested
 */
record SurgeAlerts(String task, String label, SurgeRule rule) implements Serializable {
    static final String TYPE = "dev.sotto.alert.surge.v1";

    /** How far below alpha a tail is critical. */
    private static final double CRITICAL = 1e-3;

    Alert of(SurgeKey key, SurgeSignal signal) {
        boolean critical = signal.firing() && signal.tail() < rule.alpha() * CRITICAL;
        String state = signal.firing() ? "firing" : "resolved";
        ObjectNode data = CloudEvent.data()
                .put("state", state)
                .put("severity", (critical ? Severity.CRITICAL : Severity.WARNING).id())
                .put("reason", signal.reason())
                .put("channel", key.channel().id())
                .put("subject", key.subject())
                .put("label", label)
                .put("startsAt", time(signal.startsAt()));
        if (!signal.firing()) {
            data.put("endsAt", time(signal.at()));
        }
        data.putObject("window")
                .put("start", time(signal.at() - rule.window().toMillis()))
                .put("end", time(signal.at()))
                .put("messages", signal.messages())
                .put("count", signal.negatives());
        data.put("baseline", signal.baseline())
                .put("tail", signal.tail())
                .put("alpha", rule.alpha())
                .put("modelVersion", signal.modelVersion());
        String id = AlertId.of(TYPE, key.channel().id(), key.subject(), Long.toString(signal.startsAt()), state);
        return CloudEvent.of(id, TYPE, task, key.subject(), signal.at(), data);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
