package dev.sotto.coordination.protocol;

import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.secagg.TaskId;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecordBase;

/** Something a decision wants done. */
public sealed interface Effect {
    /** Tell another function. */
    record Tell(Recipient to, Command command) implements Effect {}

    /** Tell oneself after a while. */
    record Later(Duration delay, Command command) implements Effect {}

    /** Sign a record and publish it outside the transcript. */
    record Publish(
            TopicSpec topic,
            byte[] key,
            TaskId task,
            Kind kind,
            TranscriptPosition position,
            SpecificRecordBase payload)
            implements Effect {}

    /** Put a refused record into its topic's dead letters. */
    record Refuse(TopicSpec topic, String key, byte[] value, Rejection reason, String detail) implements Effect {}

    /** Tell the operator: a sentence without secrets, for the log. */
    record Report(String what) implements Effect {}

    /** Ask for a transcript record. */
    static Effect append(TaskId task, Kind kind, SpecificRecordBase payload) {
        return new Tell(Recipient.transcript(task), TranscriptCommand.Append.of(kind, payload));
    }
}
