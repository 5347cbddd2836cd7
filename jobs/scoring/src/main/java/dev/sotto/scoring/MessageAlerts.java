package dev.sotto.scoring;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.util.Collector;

/**
 * Raises an alert for a message whose probability of the alert's class reaches the threshold.
 *
 * <p>The id is made of type, channel, subject and the raw record's coordinates. The model version is left out: a record
 * read again after a failure may meet a newer model, and is still the same alert.
 */
final class MessageAlerts extends RichFlatMapFunction<ScoredMessage, Alert> {
    static final String TYPE = "dev.sotto.alert.message.v1";
    private static final long serialVersionUID = 1L;
    private static final int EXCERPT = 280;

    private final String task;
    private final AlertRule rule;
    private transient Counter alerts = new SimpleCounter();

    MessageAlerts(String task, AlertRule rule) {
        this.task = task;
        this.rule = rule;
    }

    @Override
    public void open(OpenContext context) {
        alerts = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("messageAlerts");
    }

    @Override
    public void flatMap(ScoredMessage scored, Collector<Alert> out) {
        float probability = scored.probability(rule.label());
        if (rule.raises(probability)) {
            alerts.inc();
            out.collect(alert(scored, probability));
        }
    }

    private Alert alert(ScoredMessage scored, float probability) {
        AnonymizedMessage message = scored.message();
        Coordinates at = message.coordinates();
        ObjectNode data = CloudEvent.data()
                .put("severity", rule.severity(probability).id())
                .put("channel", message.channel().id())
                .put("subject", message.subject())
                .put("label", rule.label())
                .put("probability", probability)
                .put("threshold", rule.threshold())
                .put("modelVersion", scored.modelVersion());
        ScoredJson.probabilities(data.putObject("probabilities"), scored);
        data.putObject("message")
                .put("id", message.id())
                .put("topic", at.topic())
                .put("partition", at.partition())
                .put("offset", at.offset());
        data.put("excerpt", excerpt(message.text()));
        ScoredJson.entities(data.putArray("entities"), message.entities());
        ArrayNode words = data.putArray("explanation");
        for (WordScore word : scored.explanation()) {
            words.addObject()
                    .put("word", word.word())
                    .put("start", word.start())
                    .put("end", word.end())
                    .put("score", word.score());
        }
        String id = AlertId.of(
                TYPE,
                message.channel().id(),
                message.subject(),
                at.topic(),
                Integer.toString(at.partition()),
                Long.toString(at.offset()));
        return CloudEvent.of(id, TYPE, task, message.subject(), message.time(), data);
    }

    /** The beginning of the text, so that offsets into the text hold in it too; never half of a surrogate pair. */
    private static String excerpt(String text) {
        if (text.length() <= EXCERPT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(EXCERPT - 1)) ? EXCERPT - 1 : EXCERPT;
        return text.substring(0, end);
    }
}
