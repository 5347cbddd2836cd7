package dev.sotto.scoring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.RejectedRecordException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Writes refused models as CloudEvents. The id is made of type, task and the announcement's coordinates.
 *
 * @param task the task that speaks
 */
record ModelAlerts(String task) implements Serializable {
    static final String TYPE = "dev.sotto.alert.model.v1";

    /**
     * A refusal.
     *
     * @param record the announcement
     * @param inPlace the model that stays, if there is one
     */
    Alert of(RawRecord record, RejectedRecordException refusal, @Nullable ModelUpdate inPlace) {
        ObjectNode data = CloudEvent.data()
                .put("severity", Severity.CRITICAL.id())
                .put("reason", refusal.rejection().name())
                .put("detail", refusal.getMessage())
                .put("modelVersion", inPlace == null ? null : inPlace.version());
        data.putObject("announcement")
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset());
        String id = AlertId.of(
                TYPE, task, record.topic(), Integer.toString(record.partition()), Long.toString(record.offset()));
        return CloudEvent.of(id, TYPE, task, task, record.timestamp(), data);
    }
}
